// The one table of everything that can be configured. Reading, checking, `parley check-config` and the
// README's table are derived from it.
#pragma once

#include "common/config.hpp"
#include "common/config_value.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

template <class Owner>
struct config_key {
    std::string_view name;  // "server.port"; of a model: "path", below models[…]
    config_rule rule;
    std::string_view description;
    config_slot (*slot)(Owner&);
    // Of an entry of a list: the kinds for which it means something, "llama scripted"; empty: all.
    std::string_view kinds{};
};

/// Keys of the whole configuration but its lists: common/config_lists.hpp.
[[nodiscard]] std::span<config_key<config> const> config_keys();

/// Keys of one entry of "models" and of "upstreams".
[[nodiscard]] std::span<config_key<model_config> const> model_keys();
[[nodiscard]] std::span<config_key<upstream_config> const> upstream_keys();

/// The environment variable of a key: "server.port" → "PARLEY_SERVER_PORT". No two keys share one (a test).
[[nodiscard]] std::string environment_name(std::string_view key);

/// All variables that mean something to the program, those of the keys first.
[[nodiscard]] std::vector<std::string> environment_names();

/// Variables that name no key: the file for --config, and the address and the key for `parley chat`.
inline constexpr std::string_view config_file_variable = "PARLEY_CONFIG";
inline constexpr std::string_view chat_url_variable = "PARLEY_URL";
inline constexpr std::string_view target_prefix =
    "PARLEY_TO_";  // PARLEY_TO_STORE_…, for parley migrate-store
inline constexpr std::string_view api_key_variable = "PARLEY_API_KEY";

}  // namespace parley
