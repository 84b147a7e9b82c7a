#include "adapters/http/wire/pages.hpp"

#include "adapters/http/wire/cursor.hpp"

namespace parley::http {
namespace {

interaction_position position_of(interaction const& item, interaction_sort sort) {
    return {sort == interaction_sort::created_at ? item.created_at : item.last_message_at,
            item.interaction_id};
}

template <class Item, class WriteItem, class MakeCursor>
void write_envelope(json_writer& out, page<Item> const& items, WriteItem const& write_item,
                    MakeCursor const& cursor_at) {
    std::optional<std::string> next;
    std::optional<std::string> previous;
    if (items.has_more && !items.data.empty()) next = cursor_at(items.data.back(), cursor_direction::next);
    if (items.has_previous && !items.data.empty()) {
        previous = cursor_at(items.data.front(), cursor_direction::previous);
    }
    out.begin_object();
    out.key("data");
    out.begin_array();
    for (auto const& item : items.data) write_item(item);
    out.end_array();
    out.member("has_more", items.has_more);
    out.member("next_cursor", next);
    out.member("prev_cursor", previous);
    out.end_object();
}

}  // namespace

void write_page(json_writer& out, page<interaction> const& items, interaction_sort sort) {
    write_envelope(
        out, items, [&](interaction const& item) { write(out, item); },
        [&](interaction const& item, cursor_direction direction) {
            return to_text(interaction_cursor{sort, direction, position_of(item, sort)});
        });
}

void write_page(json_writer& out, message_page const& items, page_order order) {
    write_envelope(
        out, items, [&](message const& item) { write(out, item); },
        [&](message const& item, cursor_direction direction) {
            return to_text(message_cursor{items.branch, order, direction, item.seq});
        });
}

void write_id_page(json_writer& out, page<interaction> const& items) {
    write_envelope(
        out, items, [&](interaction const& item) { out.value(item.interaction_id); },
        [&](interaction const& item, cursor_direction direction) {
            return to_text(interaction_cursor{interaction_sort::last_message_at, direction,
                                              position_of(item, interaction_sort::last_message_at)});
        });
}

}  // namespace parley::http
