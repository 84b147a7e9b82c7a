#include "adapters/http/wire/pages.hpp"

#include "adapters/http/wire/cursor.hpp"
#include "adapters/http/wire/envelope.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace parley::http {
namespace {

interaction_position position_of(interaction const& item, interaction_sort sort) {
    return {sort == interaction_sort::created_at ? item.created_at : item.last_message_at,
            item.interaction_id};
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
