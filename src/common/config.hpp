// Everything an operator can set, after defaults, files, environment and checks. Values only; reading is in
// common/config_*.cpp. Secrets come from the environment alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace parley {

struct server_config {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free port, told by the ready line
    unsigned threads = 0;       // event loops; 0: one per core
    std::size_t max_connections = 4096;
    std::size_t max_body_bytes = 4 * 1024 * 1024;
    std::size_t max_header_bytes = 16 * 1024;
    std::size_t max_header_count = 100;
    std::chrono::milliseconds header_timeout{
        10'000};  // from the first byte of a request to the end of its header
    std::chrono::milliseconds body_timeout{30'000};         // for the whole body
    std::chrono::milliseconds idle_timeout{75'000};         // between requests of a connection
    std::chrono::milliseconds write_timeout{30'000};        // for one write the client does not take
    std::chrono::milliseconds keep_alive_interval{15'000};  // of event streams
    std::chrono::milliseconds shutdown_grace{10'000};
};

struct store_config {
    std::string kind = "sqlite";
    std::filesystem::path path;  // the data folder; made when absent
    std::chrono::milliseconds commit_delay{
        0};                       // how long a group commit waits for company; 0: it takes what is there
    std::size_t max_batch = 512;  // writes in one commit
    // Of kind mongodb:
    std::string uri;  // with a password only from the environment
    std::string database = "parley";
    std::size_t pool_size = 16;  // connections, each with a thread
};

struct cache_config {
    std::string kind = "memory";           // memory, redis, none
    std::string uri;                       // of kind redis; a password in it comes from the environment
    std::chrono::milliseconds ttl{5'000};  // how long an entry lives at most, and so how old an answer can be
    std::size_t max_bytes = 64 * 1024 * 1024;  // of kind memory
    std::chrono::milliseconds timeout{100};    // for one command of kind redis
    std::string prefix = "parley";             // of every key of kind redis
    std::filesystem::path ca_file;             // who signs certificates; empty: the system's authorities
};

/// A server of somebody else's that runs models.
struct upstream_config {
    std::string name;                // unique; a label of metrics
    std::string dialect = "openai";  // openai (chat completions) or anthropic (messages)
    std::string base_url;          // https://api.openai.com/v1; what a path such as /chat/completions follows
    std::string api_key_variable;  // the environment variable that holds the key; empty: none is sent
    std::string api_key;           // what stood there; never shown
    std::vector<std::string> headers;                 // "Name: value", sent with every request
    std::string max_tokens_parameter = "max_tokens";  // or max_completion_tokens
    std::string system_role = "system";               // or developer: under which the prompt is sent
    std::vector<std::string> leave_out;               // parameters that this server does not take, e.g. seed
    bool stream_usage = true;                         // ask for usage in the last chunk of a stream
    std::filesystem::path ca_file;      // who signs certificates; empty: the system's authorities
    std::string proxy = "environment";  // or none, or http://host:port
    std::chrono::milliseconds connect_timeout{5'000};  // name, connection, TLS
    std::chrono::milliseconds first_token_timeout{60'000};
    std::chrono::milliseconds token_timeout{30'000};  // between two pieces of the answer
    std::chrono::milliseconds idle_timeout{30'000};   // of a kept connection
    std::size_t max_connections = 512;
    std::chrono::milliseconds discover_every{0};  // offers the models that its /models names; 0: does not
};

struct model_config {
    std::string name;
    std::string kind = "llama";          // llama, upstream, route or scripted
    std::filesystem::path path;          // llama: the GGUF file
    std::string load = "at_start";       // llama: or on_demand
    std::string upstream;                // upstream: by whom it is run
    std::string remote_name;             // upstream: what it is called there; empty: as `name`
    std::vector<std::string> abilities;  // upstream: tools, structured_output, images
    std::vector<std::string> targets;    // route: models in the order in which they are tried
    std::vector<std::string> weights;    // route: how the first tries are shared out; whole numbers
    std::chrono::milliseconds hedge_after{
        0};                         // route: ask the next one, too, when no token has come; 0: never
    unsigned breaker_failures = 5;  // upstream: so many in a row, and it is left alone for a while
    std::chrono::milliseconds breaker_open{30'000};
    double price_input = 0;  // of a million tokens, in `currency`; all three 0: no price
    double price_cached_input = 0;
    double price_output = 0;
    std::int64_t context_window = 4096;        // tokens of one chat, prompt and reply together
    unsigned parallel = 4;                     // chats decoded at once
    unsigned threads = 0;                      // 0: one per core
    std::size_t max_waiting = 64;              // generations accepted beyond those that run
    std::optional<std::string> chat_template;  // a Jinja template instead of the GGUF's own
    std::int64_t default_max_output_tokens = 1024;
    double default_temperature = 0.7;
    double default_top_p = 0.95;
};

struct titles_config {
    std::string mode = "model";  // model, words, off
};

struct log_config {
    std::string level = "info";       // trace, debug, info, warn, error
    std::string format = "auto";      // auto (text on a terminal, JSON otherwise), text, json
    std::string requests = "errors";  // which requests are logged: none, errors (status 500 and up), all
};

struct transforms_config {
    std::vector<std::string> mask;  // email, phone, card: hidden from models in what users write
    std::string content_template;   // around what users write, with {{content}} in it; empty: nothing
};

/// Who may ask.
struct auth_config {
    std::string mode = "none";              // none, api_key, jwt, trusted_header
    std::string bootstrap_key;              // a secret: from the environment alone
    std::filesystem::path jwt_keys_file;    // a JSON Web Key Set
    std::string jwt_issuer;                 // `iss` of the tokens
    std::vector<std::string> jwt_audience;  // one of them is in `aud`
    std::chrono::milliseconds jwt_clock_skew{60'000};
    std::string user_header = "X-Forwarded-User";
    std::vector<std::string> trusted_proxies;  // addresses and networks
};

/// Of a user for whom nothing else was said; 0: no limit.
struct limits_config {
    std::string kind = "memory";  // or redis: counted for several processes together
    std::int64_t requests_per_minute = 0;
    std::int64_t concurrent_streams = 0;
    std::int64_t queued_generations = 0;
    std::int64_t tokens_per_day = 0;
};

/// Which web pages of other origins may ask.
struct cors_config {
    std::vector<std::string> origins;  // "https://app.example"
    std::chrono::milliseconds max_age{600'000};
};

struct config {
    server_config server;
    auth_config auth;
    limits_config limits;
    cors_config cors;
    store_config store;
    cache_config cache;
    std::vector<upstream_config> upstreams;
    std::vector<model_config> models;
    std::string default_model;           // empty: the first one
    std::size_t model_memory_bytes = 0;  // for models loaded on demand, together; 0: no limit
    std::string currency = "USD";        // of prices
    titles_config titles;
    transforms_config transforms;
    log_config log;
};

}  // namespace parley
