// The list envelope around any items, with cursors for both directions. Private to this folder.
#pragma once

#include "adapters/http/wire/cursor.hpp"
#include "adapters/http/wire/json_writer.hpp"
#include "services/page.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace parley::http {

/// The position right behind (`step` 1) or before (-1) this one in ascending order.
[[nodiscard]] inline std::int64_t neighbour(std::int64_t seq, int step) {
    if (step > 0) return seq == std::numeric_limits<std::int64_t>::max() ? seq : seq + 1;
    return seq <= 0 ? 0 : seq - 1;  // a cursor holds no negative number, and nothing stands there
}

/// False when there is none: all digits turned over.
[[nodiscard]] inline bool step_id(uuid_bytes& bytes, int step) {
    std::uint8_t const last = step > 0 ? 0xff : 0x00;
    auto digit = bytes.rbegin();
    for (; digit != bytes.rend() && *digit == last; ++digit) *digit = static_cast<std::uint8_t>(~last);
    if (digit == bytes.rend()) return false;
    *digit = static_cast<std::uint8_t>(*digit + step);
    return true;
}

[[nodiscard]] inline interaction_position neighbour(interaction_position at, int step) {
    if (!step_id(at.interaction_id.value, step)) at.at = from_unix_ms(neighbour(to_unix_ms(at.at), step));
    return at;
}

/// Of the first or last id there can be it is that one itself: nobody has it.
[[nodiscard]] inline user_id neighbour(user_id at, int step) {
    auto const before = at;
    return step_id(at.value, step) ? at : before;
}

/// Where the cursors of a page lead on from: its ends. Those of an empty page stand on the two sides of the
/// gap that was looked into, so that the item whose cursor was used is not lost between them.
template <class Position>
struct page_ends {
    std::optional<Position> last;   // next_cursor: behind this one
    std::optional<Position> first;  // prev_cursor: ahead of this one
};

template <class Item, class Position, class PositionOf>
page_ends<Position> ends_of(std::vector<Item> const& items, page_query<Position> const& asked,
                            PositionOf const& position_of) {
    if (!items.empty()) return {position_of(items.back()), position_of(items.front())};
    int const onwards = asked.order == page_order::ascending ? 1 : -1;
    if (asked.after) return {asked.after, neighbour(*asked.after, onwards)};
    if (asked.before) return {neighbour(*asked.before, -onwards), asked.before};
    return {};
}

template <class Item, class Position, class WriteItem, class PositionOf, class MakeCursor>
void write_envelope(json_writer& out, page<Item> const& items, page_query<Position> const& asked,
                    WriteItem const& write_item, PositionOf const& position_of, MakeCursor const& cursor_at) {
    auto const ends = ends_of(items.data, asked, position_of);
    std::optional<std::string> next;
    std::optional<std::string> previous;
    if (items.has_more && ends.last) next = cursor_at(*ends.last, cursor_direction::next);
    if (items.has_previous && ends.first) previous = cursor_at(*ends.first, cursor_direction::previous);
    out.begin_object();
    out.key("data");
    out.begin_array();
    for (auto const& item : items.data) write_item(item);
    out.end_array();
    out.member("has_more", next.has_value());
    out.member("next_cursor", next);
    out.member("prev_cursor", previous);
    out.end_object();
}

}  // namespace parley::http
