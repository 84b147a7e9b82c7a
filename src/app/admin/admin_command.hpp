// What `parley users …` and `parley keys …` are asked for.
#pragma once

#include "common/config_load.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace parley {

/// By their names in the API. 0: no limit; nullopt: none of one's own. What is not in it stays as it is.
using limit_choices = std::map<std::string, std::optional<std::int64_t>>;

struct users_list {};

struct users_create {
    std::string name;
    bool is_admin = false;
    bool with_key = true;
    limit_choices limits{};
};

struct users_change {
    std::string user_id;
    std::optional<std::string> name{};
    std::optional<bool> is_admin{};
    limit_choices limits{};
};

struct users_delete {
    std::string user_id;
};

struct keys_list {
    std::string user_id;
};

struct keys_create {
    std::string user_id;
    std::string name;
    std::vector<std::string> scopes;          // empty: read and write
    std::optional<std::string> expires_at{};  // RFC 3339
    limit_choices limits{};
};

struct keys_delete {
    std::string user_id;
    std::string key_id;
};

using admin_action =
    std::variant<users_list, users_create, users_change, users_delete, keys_list, keys_create, keys_delete>;

struct admin_command {
    config_request request;
    std::string url;      // of a running server; empty: the configuration's store is used, or its server
    std::string api_key;  // an administrator's; empty: the configuration's bootstrap key
    admin_action action;
};

}  // namespace parley
