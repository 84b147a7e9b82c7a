// The list envelope: {"data":[…],"has_more":…,"next_cursor":…,"prev_cursor":…}.
#pragma once

#include "adapters/http/wire/entities.hpp"
#include "adapters/http/wire/json_writer.hpp"
#include "services/conversation_store.hpp"

namespace parley::http {

void write_page(json_writer& out, page<interaction> const& items, interaction_sort sort);

void write_page(json_writer& out, message_page const& items, page_order order);

/// The ids alone.
void write_id_page(json_writer& out, page<interaction> const& items);

}  // namespace parley::http
