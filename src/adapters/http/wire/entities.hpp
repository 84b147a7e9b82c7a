// Entities as the contract shows them.
#pragma once

#include "adapters/http/wire/json_writer.hpp"
#include "entities/interaction.hpp"
#include "entities/message.hpp"
#include "entities/user.hpp"

#include <optional>
#include <string>

namespace parley::http {

void write(json_writer& out, settings const& value);
void write(json_writer& out, message const& value);

/// All members, without the closing brace's owner: the caller may add members (message_list) before
/// end_object().
void write_members(json_writer& out, interaction const& value);
void write_members(json_writer& out, user const& value);

void write(json_writer& out, interaction const& value);

[[nodiscard]] std::string to_json(interaction const& value);
[[nodiscard]] std::string to_json(message const& value);

/// {"user_message":…,"reply":…}; the reply is null when there is none.
[[nodiscard]] std::string turn_json(message const& user_message, std::optional<message> const& reply);

}  // namespace parley::http
