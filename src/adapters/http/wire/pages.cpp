#include "adapters/http/wire/pages.hpp"

#include "adapters/http/wire/cursor.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace parley::http {
namespace {

using std::chrono::milliseconds;

interaction_position position_of(interaction const& item, interaction_sort sort) {
    return {sort == interaction_sort::created_at ? item.created_at : item.last_message_at,
            item.interaction_id};
}

/// The position right behind (`step` 1) or before (-1) this one in ascending order.
std::int64_t neighbour(std::int64_t seq, int step) {
    if (step > 0) return seq == std::numeric_limits<std::int64_t>::max() ? seq : seq + 1;
    return seq <= 0 ? 0 : seq - 1;  // a cursor holds no negative number, and nothing stands there
}

interaction_position neighbour(interaction_position at, int step) {
    auto& bytes = at.interaction_id.value;
    std::uint8_t const last = step > 0 ? 0xff : 0x00;
    auto digit = bytes.rbegin();
    for (; digit != bytes.rend() && *digit == last; ++digit) *digit = static_cast<std::uint8_t>(~last);
    if (digit != bytes.rend()) {
        *digit = static_cast<std::uint8_t>(*digit + step);
    } else {
        at.at = timestamp{milliseconds{neighbour(to_unix_ms(at.at), step)}};
    }
    return at;
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

template <class WriteItem>
void write_interactions(json_writer& out, page<interaction> const& items, interaction_query const& asked,
                        WriteItem const& write_item) {
    write_envelope(
        out, items, asked.page, write_item,
        [&](interaction const& item) { return position_of(item, asked.sort); },
        [&](interaction_position const& at, cursor_direction direction) {
            return to_text(interaction_cursor{asked.sort, direction, at});
        });
}

}  // namespace

void write_page(json_writer& out, page<interaction> const& items, interaction_query const& asked) {
    write_interactions(out, items, asked, [&](interaction const& item) { write(out, item); });
}

void write_page(json_writer& out, message_page const& items, page_query<std::int64_t> const& asked) {
    write_envelope(
        out, items, asked, [&](message const& item) { write(out, item); },
        [](message const& item) { return item.seq; },
        [&](std::int64_t seq, cursor_direction direction) {
            return to_text(message_cursor{items.branch, asked.order, direction, seq});
        });
}

void write_id_page(json_writer& out, page<interaction> const& items, interaction_query const& asked) {
    write_interactions(out, items, asked, [&](interaction const& item) { out.value(item.interaction_id); });
}

}  // namespace parley::http
