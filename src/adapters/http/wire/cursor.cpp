#include "adapters/http/wire/cursor.hpp"

#include <charconv>

namespace parley::http {
namespace {

// Form: two letters, the position as decimal digits, '.', a UUID.
//   interactions: l|c (sort), n|p (direction), milliseconds, interaction id
//   users:        u, n|p (direction), 0, user id
//   messages:     a|d (order), n|p (direction), seq, branch id
struct parts {
    char kind = 0;
    cursor_direction direction = cursor_direction::next;
    std::int64_t number = 0;
    uuid_bytes uuid{};
};

constexpr std::size_t uuid_length = 36;

std::string put(parts const& in) {
    std::string out;
    out.push_back(in.kind);
    out.push_back(in.direction == cursor_direction::next ? 'n' : 'p');
    out += std::to_string(in.number);
    out.push_back('.');
    out += uuid_text(in.uuid);
    return out;
}

std::optional<parts> take(std::string_view text) {
    if (text.size() < 4 + uuid_length || text[text.size() - uuid_length - 1] != '.') return std::nullopt;
    if (text[1] != 'n' && text[1] != 'p') return std::nullopt;
    auto const uuid = parse_uuid(text.substr(text.size() - uuid_length));
    auto const digits = text.substr(2, text.size() - uuid_length - 3);
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!uuid || failed != std::errc{} || end != digits.data() + digits.size() || number < 0)
        return std::nullopt;
    return parts{text[0], text[1] == 'n' ? cursor_direction::next : cursor_direction::previous, number,
                 *uuid};
}

}  // namespace

std::string to_text(user_cursor const& cursor) {
    return put({'u', cursor.direction, 0, cursor.user_id.value});
}

std::optional<user_cursor> parse_user_cursor(std::string_view text) {
    auto const in = take(text);
    if (!in || in->kind != 'u') return std::nullopt;
    return user_cursor{in->direction, user_id{in->uuid}};
}

std::string to_text(interaction_cursor const& cursor) {
    return put({cursor.sort == interaction_sort::created_at ? 'c' : 'l', cursor.direction,
                to_unix_ms(cursor.position.at), cursor.position.interaction_id.value});
}

std::string to_text(message_cursor const& cursor) {
    return put({cursor.order == page_order::ascending ? 'a' : 'd', cursor.direction, cursor.seq,
                cursor.branch.value});
}

std::optional<interaction_cursor> parse_interaction_cursor(std::string_view text) {
    auto const in = take(text);
    if (!in || (in->kind != 'l' && in->kind != 'c')) return std::nullopt;
    return interaction_cursor{
        in->kind == 'c' ? interaction_sort::created_at : interaction_sort::last_message_at,
        in->direction,
        {from_unix_ms(in->number), interaction_id{in->uuid}}};
}

std::optional<message_cursor> parse_message_cursor(std::string_view text) {
    auto const in = take(text);
    if (!in || (in->kind != 'a' && in->kind != 'd')) return std::nullopt;
    return message_cursor{branch_id{in->uuid},
                          in->kind == 'a' ? page_order::ascending : page_order::descending, in->direction,
                          in->number};
}

std::unexpected<error> foreign_cursor() {
    return fail(error_kind::not_found, "cursor_not_found", "This cursor does not belong to this list.",
                "cursor");
}

}  // namespace parley::http
