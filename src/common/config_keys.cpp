#include "common/config_keys.hpp"

#include "common/config_lists.hpp"
#include "common/config_rules.hpp"

#include <array>

namespace parley {
namespace {

using namespace config_rules;

constexpr std::array<std::string_view, 4> auth_modes{"none", "api_key", "jwt", "trusted_header"};
constexpr std::array<std::string_view, 2> limit_kinds{"memory", "redis"};
constexpr double most_of_all = 1e12;
constexpr std::array<std::string_view, 2> store_kinds{"sqlite", "mongodb"};
constexpr std::array<std::string_view, 3> cache_kinds{"memory", "redis", "none"};
constexpr std::array<std::string_view, 3> title_modes{"model", "words", "off"};
constexpr std::array<std::string_view, 3> masks{"email", "phone", "card"};
constexpr std::array<std::string_view, 5> log_levels{"trace", "debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 3> log_formats{"auto", "text", "json"};
constexpr std::array<std::string_view, 3> logged_requests{"none", "errors", "all"};

constexpr std::array server_and_store_keys{
    config_key<config>{"server.host", text(1, longest_name),
                       "IP address to listen on; `localhost` is `127.0.0.1`",
                       [](config& c) -> config_slot { return &c.server.host; }},
    config_key<config>{"server.port", whole(0, 65535), "TCP port; 0: any free one, told by the ready line",
                       [](config& c) -> config_slot { return &c.server.port; }},
    config_key<config>{"server.threads", whole(0, 1024), "event loops; 0: one per core",
                       [](config& c) -> config_slot { return &c.server.threads; }},
    config_key<config>{"server.max_connections", whole(1, 1e6), "connections served at once",
                       [](config& c) -> config_slot { return &c.server.max_connections; }},
    config_key<config>{"server.max_body_size", bytes(1024, 1024 * mebibyte), "largest request body",
                       [](config& c) -> config_slot { return &c.server.max_body_bytes; }},
    config_key<config>{"server.max_header_size", bytes(1024, mebibyte), "largest request header",
                       [](config& c) -> config_slot { return &c.server.max_header_bytes; }},
    config_key<config>{"server.max_header_count", whole(8, 10'000), "most header fields of a request",
                       [](config& c) -> config_slot { return &c.server.max_header_count; }},
    config_key<config>{"server.header_timeout", lasting(1, hour),
                       "from a request's first byte to the end of its header",
                       [](config& c) -> config_slot { return &c.server.header_timeout; }},
    config_key<config>{"server.body_timeout", lasting(1, hour), "for a whole request body",
                       [](config& c) -> config_slot { return &c.server.body_timeout; }},
    config_key<config>{"server.idle_timeout", lasting(1, 24 * hour), "between two requests of a connection",
                       [](config& c) -> config_slot { return &c.server.idle_timeout; }},
    config_key<config>{"server.write_timeout", lasting(1, hour),
                       "for one write that the client does not take",
                       [](config& c) -> config_slot { return &c.server.write_timeout; }},
    config_key<config>{"server.keep_alive_interval", lasting(1, hour),
                       "between two comments of a silent event stream",
                       [](config& c) -> config_slot { return &c.server.keep_alive_interval; }},
    config_key<config>{"server.shutdown_grace", lasting(0, hour),
                       "how long running replies may go on after SIGTERM",
                       [](config& c) -> config_slot { return &c.server.shutdown_grace; }},
    config_key<config>{
        "auth.mode", one_of(auth_modes),
        "who may ask; `none`: everybody who reaches the server, so only on a loopback address; "
        "`api_key`: who sends `Authorization: Bearer KEY`; `jwt`: who sends a signed token there; "
        "`trusted_header`: whom a proxy names. In the last two keys are good as well",
        [](config& c) -> config_slot { return &c.auth.mode; }},
    config_key<config>{
        "auth.bootstrap_key", secret(least_key, longest_name),
        "the administrator's API key, random, at least 32 characters; from the environment alone",
        [](config& c) -> config_slot { return &c.auth.bootstrap_key; }},
    config_key<config>{"auth.jwt_keys_file", file_path_or_none,
                       "`jwt`: a JSON Web Key Set with the keys that tokens are signed with; read again when "
                       "it has changed",
                       [](config& c) -> config_slot { return &c.auth.jwt_keys_file; }},
    config_key<config>{"auth.jwt_issuer", text(0, longest_external), "`jwt`: what `iss` must be",
                       [](config& c) -> config_slot { return &c.auth.jwt_issuer; }},
    config_key<config>{"auth.jwt_audience", texts(1, longest_external), "`jwt`: one of them must be in `aud`",
                       [](config& c) -> config_slot { return &c.auth.jwt_audience; }},
    config_key<config>{"auth.jwt_clock_skew", lasting(0, 5 * 60 * second), "`jwt`: how wrong clocks may be",
                       [](config& c) -> config_slot { return &c.auth.jwt_clock_skew; }},
    config_key<config>{"auth.user_header", text(1, longest_name),
                       "`trusted_header`: the header in which the proxy says who asks",
                       [](config& c) -> config_slot { return &c.auth.user_header; }},
    config_key<config>{"auth.trusted_proxies", texts(1, longest_name),
                       "`trusted_header`: the proxy's addresses, such as 10.0.0.7 or 10.0.0.0/8",
                       [](config& c) -> config_slot { return &c.auth.trusted_proxies; }},
    config_key<config>{"limits.kind", one_of(limit_kinds),
                       "where is counted what users do: `memory` in this process, `redis` (that of "
                       "`cache.uri`) for several together",
                       [](config& c) -> config_slot { return &c.limits.kind; }},
    config_key<config>{"limits.requests_per_minute", whole(0, most_of_all),
                       "of one user, as all below, unless the user has limits of its own; 0: no limit",
                       [](config& c) -> config_slot { return &c.limits.requests_per_minute; }},
    config_key<config>{"limits.concurrent_streams", whole(0, most_of_all), "event streams open at once",
                       [](config& c) -> config_slot { return &c.limits.concurrent_streams; }},
    config_key<config>{"limits.queued_generations", whole(0, most_of_all),
                       "replies that wait or are being written",
                       [](config& c) -> config_slot { return &c.limits.queued_generations; }},
    config_key<config>{"limits.tokens_per_day", whole(0, most_of_all),
                       "read and written by models within a day of UTC",
                       [](config& c) -> config_slot { return &c.limits.tokens_per_day; }},
    config_key<config>{"cors.origins", texts(1, longest_name),
                       "web pages of which other origins may ask, such as https://app.example",
                       [](config& c) -> config_slot { return &c.cors.origins; }},
    config_key<config>{"cors.max_age", lasting(0, 24 * hour),
                       "how long a browser may remember that it may ask",
                       [](config& c) -> config_slot { return &c.cors.max_age; }},
    config_key<config>{"store.kind", one_of(store_kinds), "where conversations are kept",
                       [](config& c) -> config_slot { return &c.store.kind; }},
    config_key<config>{"store.path", file_path, "the data folder; made when absent",
                       [](config& c) -> config_slot { return &c.store.path; }},
    config_key<config>{"store.commit_delay", lasting(0, second),
                       "how long a group commit waits for company; 0: it takes what is there",
                       [](config& c) -> config_slot { return &c.store.commit_delay; }},
    config_key<config>{"store.max_batch", whole(1, 100'000), "most writes in one commit",
                       [](config& c) -> config_slot { return &c.store.max_batch; }},
    config_key<config>{"store.uri", address,
                       "`mongodb`: its address, e.g. `mongodb://host/?replicaSet=rs0`; one with a password "
                       "only in the environment",
                       [](config& c) -> config_slot { return &c.store.uri; }},
    config_key<config>{"store.database", text(1, 63), "`mongodb`: the database",
                       [](config& c) -> config_slot { return &c.store.database; }},
    config_key<config>{"store.pool_size", whole(1, 1000), "`mongodb`: connections, each with a thread",
                       [](config& c) -> config_slot { return &c.store.pool_size; }},
    config_key<config>{
        "cache.kind", one_of(cache_kinds),
        "what is kept of users and interactions in front of the store: `memory` in this process, "
        "`redis` for several",
        [](config& c) -> config_slot { return &c.cache.kind; }},
    config_key<config>{"cache.uri", address,
                       "`redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS, or "
                       "`redis+sentinel://host:port,…/master`; a password only in the environment",
                       [](config& c) -> config_slot { return &c.cache.uri; }},
    config_key<config>{
        "cache.ttl", lasting(10, 5 * second),
        "how long an entry lives at most: so old can an answer be while processes can not reach "
        "their cache",
        [](config& c) -> config_slot { return &c.cache.ttl; }},
    config_key<config>{"cache.max_size", bytes(mebibyte, 1024 * 1024 * mebibyte),
                       "of a cache in this process",
                       [](config& c) -> config_slot { return &c.cache.max_bytes; }},
    config_key<config>{"cache.timeout", lasting(1, 10 * second),
                       "for one command to Redis; who is slower counts as down",
                       [](config& c) -> config_slot { return &c.cache.timeout; }},
    config_key<config>{"cache.prefix", text(1, longest_name),
                       "what the keys in Redis begin with; the same for all processes of one deployment",
                       [](config& c) -> config_slot { return &c.cache.prefix; }},
    config_key<config>{"cache.ca_file", file_path_or_none,
                       "PEM file with the authorities that sign Redis's certificate; empty: the system's",
                       [](config& c) -> config_slot { return &c.cache.ca_file; }},
    config_key<config>{"default_model", text(0, longest_name),
                       "name out of `models`; empty: the first of them",
                       [](config& c) -> config_slot { return &c.default_model; }},
    config_key<config>{
        "model_memory", bytes(0, 1024.0 * 1024.0 * mebibyte),
        "for all models with `load: on_demand` together, so that the one used least recently is "
        "unloaded for another; 0: no limit",
        [](config& c) -> config_slot { return &c.model_memory_bytes; }},
    config_key<config>{"currency", text(1, 16), "of prices and of costs: a word that is passed on",
                       [](config& c) -> config_slot { return &c.currency; }},
    config_key<config>{
        "titles.mode", one_of(title_modes),
        "how an interaction without a title gets one after its first exchange: by its model, out of "
        "the user's words, or not at all",
        [](config& c) -> config_slot { return &c.titles.mode; }},
    config_key<config>{"transforms.mask", any_of(masks),
                       "what is hidden from models in all that users write, beside what an interaction's "
                       "`settings.mask` hides",
                       [](config& c) -> config_slot { return &c.transforms.mask; }},
    config_key<config>{"transforms.content_template",
                       {config_type::block_text, 0, longest_template},
                       "what a model reads around all that users write: a text with `{{content}}` in it; "
                       "`{{date}}` and `{{user.name}}` are filled in, too",
                       [](config& c) -> config_slot { return &c.transforms.content_template; }},
    config_key<config>{"log.level", one_of(log_levels), "least level that is logged",
                       [](config& c) -> config_slot { return &c.log.level; }},
    config_key<config>{"log.format", one_of(log_formats), "`auto`: text on a terminal, JSON otherwise",
                       [](config& c) -> config_slot { return &c.log.format; }},
    config_key<config>{"log.requests", one_of(logged_requests),
                       "which requests get a line; `errors`: those answered with 500 and up",
                       [](config& c) -> config_slot { return &c.log.requests; }},
};

}  // namespace

std::span<config_key<config> const> config_keys() { return server_and_store_keys; }

std::string environment_name(std::string_view key) {
    std::string name = "PARLEY_";
    for (char const c : key)
        name.push_back(c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    return name;
}

std::vector<std::string> environment_names() {
    std::vector<std::string> names;
    for (auto const& key : config_keys()) names.push_back(environment_name(key.name));
    for_each_list([&](auto const& list) { names.push_back(environment_name(list.name)); });
    names.emplace_back(config_file_variable);
    names.emplace_back(chat_url_variable);
    names.emplace_back(api_key_variable);
    return names;
}

}  // namespace parley
