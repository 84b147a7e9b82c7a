// Cursors: a place in a list, opaque to clients. A message cursor names its branch and order, an interaction
// cursor its sort, so that one used with another list is told apart.
#pragma once

#include "common/error.hpp"
#include "services/conversation_store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

enum class cursor_direction { next, previous };

struct interaction_cursor {
    interaction_sort sort = interaction_sort::last_message_at;
    cursor_direction direction = cursor_direction::next;
    interaction_position position;
};

struct message_cursor {
    branch_id branch;
    page_order order = page_order::descending;
    cursor_direction direction = cursor_direction::next;
    std::int64_t seq = 0;
};

/// In the list of users, whose order is that of their ids.
struct user_cursor {
    cursor_direction direction = cursor_direction::next;
    parley::user_id user_id;
};

[[nodiscard]] std::string to_text(user_cursor const& cursor);
[[nodiscard]] std::optional<user_cursor> parse_user_cursor(std::string_view text);
[[nodiscard]] std::string to_text(interaction_cursor const& cursor);
[[nodiscard]] std::string to_text(message_cursor const& cursor);
[[nodiscard]] std::optional<interaction_cursor> parse_interaction_cursor(std::string_view text);
[[nodiscard]] std::optional<message_cursor> parse_message_cursor(std::string_view text);

/// For what is no cursor, or one of another list.
[[nodiscard]] std::unexpected<error> foreign_cursor();

}  // namespace parley::http
