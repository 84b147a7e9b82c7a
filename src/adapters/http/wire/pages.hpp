// The list envelope: {"data":[…],"has_more":…,"next_cursor":…,"prev_cursor":…}.
#pragma once

#include "adapters/http/wire/entities.hpp"
#include "adapters/http/wire/json_writer.hpp"
#include "services/conversation_store.hpp"

namespace parley::http {

// `asked` is what the page answers: the cursors of an empty page lead on from where it was asked for.

void write_page(json_writer& out, page<interaction> const& items, interaction_query const& asked);

void write_page(json_writer& out, message_page const& items, page_query<std::int64_t> const& asked);

/// The ids alone.
void write_id_page(json_writer& out, page<interaction> const& items, interaction_query const& asked);

}  // namespace parley::http
