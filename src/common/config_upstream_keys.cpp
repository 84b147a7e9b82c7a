// Keys of an entry of "upstreams".
#include "common/config_keys.hpp"
#include "common/config_rules.hpp"

#include <array>

namespace parley {
namespace {

using namespace config_rules;
using key = config_key<upstream_config>;

constexpr std::array<std::string_view, 2> dialects{"openai", "anthropic"};
constexpr std::array<std::string_view, 2> max_tokens_parameters{"max_tokens", "max_completion_tokens"};
constexpr std::array<std::string_view, 2> system_roles{"system", "developer"};
constexpr double longest_header = 4096.0;
constexpr double most_connections = 100'000.0;

constexpr std::array keys_of_an_upstream{
    key{"name", text(1, longest_name),
        "what `models[].upstream` says, and a label of metrics; required, unique",
        [](upstream_config& u) -> config_slot { return &u.name; }},
    key{"dialect", one_of(dialects), "`openai`: chat completions; `anthropic`: messages",
        [](upstream_config& u) -> config_slot { return &u.dialect; }},
    key{"base_url", address,
        "what paths such as `/chat/completions` follow, e.g. `https://api.openai.com/v1`; required",
        [](upstream_config& u) -> config_slot { return &u.base_url; }},
    key{"api_key_variable", text(0, longest_name),
        "the environment variable that holds the key, e.g. `OPENAI_API_KEY`; empty: none is sent",
        [](upstream_config& u) -> config_slot { return &u.api_key_variable; }},
    key{"api_key", secret(1, longest_path), "never in a file",
        [](upstream_config& u) -> config_slot { return &u.api_key; }},
    key{"headers", texts(1, longest_header),
        "`\"Name: value\"`, sent with every request; no keys, for they are shown like any other value",
        [](upstream_config& u) -> config_slot { return &u.headers; }},
    key{"max_tokens_parameter", one_of(max_tokens_parameters), "what the limit of a reply's length is called",
        [](upstream_config& u) -> config_slot { return &u.max_tokens_parameter; }, "openai"},
    key{"system_role", one_of(system_roles), "the role under which the prompt is sent",
        [](upstream_config& u) -> config_slot { return &u.system_role; }, "openai"},
    key{"leave_out", texts(1, longest_name),
        "parameters that this server does not take and that are not sent, e.g. `[seed, temperature]`",
        [](upstream_config& u) -> config_slot { return &u.leave_out; }},
    key{"stream_usage", boolean,
        "ask for the tokens used in the last piece of a stream (`stream_options.include_usage`)",
        [](upstream_config& u) -> config_slot { return &u.stream_usage; }, "openai"},
    key{"ca_file", file_path_or_none,
        "PEM file with the authorities that sign the server's certificate; empty: the system's",
        [](upstream_config& u) -> config_slot { return &u.ca_file; }},
    key{"proxy", address, "`environment`: as HTTPS_PROXY and NO_PROXY say; `none`; or `http://host:port`",
        [](upstream_config& u) -> config_slot { return &u.proxy; }},
    key{"connect_timeout", lasting(1, hour), "for looking the name up, connecting and TLS, together",
        [](upstream_config& u) -> config_slot { return &u.connect_timeout; }},
    key{"first_token_timeout", lasting(1, hour), "from the request to the first piece of the answer",
        [](upstream_config& u) -> config_slot { return &u.first_token_timeout; }},
    key{"token_timeout", lasting(1, hour), "between two pieces of the answer",
        [](upstream_config& u) -> config_slot { return &u.token_timeout; }},
    key{"idle_timeout", lasting(1, 24 * hour), "how long a connection is kept for the next request",
        [](upstream_config& u) -> config_slot { return &u.idle_timeout; }},
    key{"max_connections", whole(1, most_connections), "open at once, those in use and those kept together",
        [](upstream_config& u) -> config_slot { return &u.max_connections; }},
    key{"discover_every", lasting(0, 24 * hour),
        "how often its `/models` is read, so that all that it names can be chosen; 0: never",
        [](upstream_config& u) -> config_slot { return &u.discover_every; }},
};

}  // namespace

std::span<config_key<upstream_config> const> upstream_keys() { return keys_of_an_upstream; }

}  // namespace parley
