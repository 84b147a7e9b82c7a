// Users, keys and limits as the contract shows them, and as requests give them.
#pragma once

#include "adapters/http/wire/json_writer.hpp"
#include "adapters/http/wire/object_reader.hpp"
#include "common/error.hpp"
#include "entities/api_key.hpp"
#include "entities/user.hpp"
#include "services/page.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace parley::http {

/// As an administrator sees a user: without conversations.
[[nodiscard]] std::string to_json(user const& value);

[[nodiscard]] std::string users_json(page<user> const& items, page_query<user_id> const& asked);

/// Without its text, which is told once.
[[nodiscard]] std::string keys_json(std::vector<api_key> const& keys);
[[nodiscard]] std::string new_key_json(api_key const& key, std::string const& text);

void write(json_writer& out, usage_limits const& value);

// Errors of all: unknown_field, invalid_type, missing_field, and those of the entity.

/// Name, extra, is_admin and limits, none of them required.
[[nodiscard]] result<user_patch> read_managed_user(boost::json::object const& object);
[[nodiscard]] result<api_key_draft> read_key_draft(boost::json::object const& object, timestamp now);

}  // namespace parley::http
