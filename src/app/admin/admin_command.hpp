// What `parley users …` and `parley keys …` are asked for.
#pragma once

#include "common/config_load.hpp"
#include "entities/usage_limits.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace parley {

struct users_list {};

struct users_create {
    std::string name;
    bool is_admin = false;
    bool with_key = true;
};

struct users_change {
    std::string user_id;
    std::optional<std::string> name{};
    std::optional<bool> is_admin{};
    usage_limits limits{};  // 0: none
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
