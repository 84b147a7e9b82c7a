#include "adapters/redis/uri.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace parley::redis {
namespace {

namespace urls = boost::urls;

constexpr std::uint16_t server_port = 6379;
constexpr std::uint16_t sentinel_port = 26379;

struct scheme {
    std::string_view name;
    bool tls;
    bool sentinel;
};
constexpr std::array<scheme, 4> schemes{{{"redis", false, false},
                                         {"rediss", true, false},
                                         {"redis+sentinel", false, true},
                                         {"rediss+sentinel", true, true}}};

std::unexpected<error> refuse(std::string what) {
    return fail(error_kind::invalid, "cache_uri_invalid", "The URI of the cache " + std::move(what) + ".",
                "cache.uri");
}

/// The text before `mark`, which is taken away with it; all of it when there is no such mark.
std::string_view cut(std::string_view& rest, char mark) {
    auto const at = rest.find(mark);
    auto const head = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
    return head;
}

std::optional<unsigned> number(std::string_view text) {
    unsigned value = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

result<endpoint> read_endpoint(std::string_view text, std::uint16_t standard_port) {
    auto const whole = "x://" + std::string{text};
    auto const parsed = urls::parse_uri(whole);
    if (!parsed || parsed->has_userinfo() || parsed->encoded_host().empty() ||
        std::string_view{parsed->encoded_authority()} != text)
        return refuse("names no host and port such as localhost:6379");
    endpoint out;
    out.host = parsed->host_address();
    std::string const port = parsed->port();
    auto const wanted = port.empty() ? std::optional<unsigned>{standard_port} : number(port);
    if (!wanted || *wanted == 0 || *wanted > 65'535) return refuse("has an impossible port");
    out.port = static_cast<std::uint16_t>(*wanted);
    return out;
}

/// user:password, percent-encoded.
result<void> read_credentials(address& to, std::string_view text) {
    auto const whole = "x://" + std::string{text} + "@h";
    auto const parsed = urls::parse_uri(whole);
    if (!parsed) return refuse("has a user or password that is not percent-encoded");
    to.user = parsed->user();
    to.password = parsed->password();
    if (to.password.empty()) return refuse("names a user without a password");
    return {};
}

result<void> read_path(address& to, std::string_view path, bool sentinel) {
    if (sentinel) {
        to.master = cut(path, '/');
        if (to.master.empty()) return refuse("does not name the master that the sentinels watch");
    }
    if (path.empty()) return {};
    auto const database = number(path);
    if (!database) return refuse("has no number of a database at its end");
    to.database = *database;
    return {};
}

result<void> read_query(address& to, std::string_view query, bool sentinel) {
    if (query.empty()) return {};
    auto const whole = "x://h?" + std::string{query};
    auto const parsed = urls::parse_uri(whole);
    if (!parsed) return refuse("has parameters that can not be read");
    for (auto const one : parsed->params()) {
        if (sentinel && one.key == "sentinel_user") {
            to.sentinel_user = one.value;
        } else if (sentinel && one.key == "sentinel_password") {
            to.sentinel_password = one.value;
        } else {
            return refuse("has a parameter that is not known");
        }
    }
    return {};
}

}  // namespace

result<address> parse_uri(std::string_view text) {
    auto const colon = text.find("://");
    auto const name = text.substr(0, colon == std::string_view::npos ? 0 : colon);
    auto const known = std::ranges::find(schemes, name, &scheme::name);
    if (known == schemes.end())
        return refuse("must begin with redis://, rediss://, redis+sentinel:// or rediss+sentinel://");

    address out;
    out.tls = known->tls;
    auto rest = text.substr(colon + 3);
    auto before_query = cut(rest, '?');
    auto authority = cut(before_query, '/');
    if (auto const at = authority.rfind('@'); at != std::string_view::npos) {
        if (auto ok = read_credentials(out, authority.substr(0, at)); !ok) return std::unexpected(ok.error());
        authority.remove_prefix(at + 1);
    }
    if (authority.ends_with(',')) return refuse("names no host and port behind a comma");
    do {
        auto node = read_endpoint(cut(authority, ','), known->sentinel ? sentinel_port : server_port);
        if (!node) return std::unexpected(node.error());
        out.nodes.push_back(std::move(*node));
    } while (!authority.empty() && known->sentinel);
    if (!authority.empty()) return refuse("names more than one server; several are for redis+sentinel://");
    if (auto ok = read_path(out, before_query, known->sentinel); !ok) return std::unexpected(ok.error());
    if (auto ok = read_query(out, rest, known->sentinel); !ok) return std::unexpected(ok.error());
    return out;
}

}  // namespace parley::redis
