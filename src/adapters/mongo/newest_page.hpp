// An interaction and the newest of its messages in one round trip.
#pragma once

#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/interaction_document.hpp"

#include <optional>

namespace parley::mongo {

/// The page, if it begins at an end of the conversation, the interaction has no forks, the server can join
/// two collections, and the page fits into a document (16 MiB); nothing otherwise. Errors: as page_of_branch.
[[nodiscard]] result<std::optional<message_page>> newest_page(session& db, page_of_branch const& wanted);

/// Any page, when the interaction is known. Errors: branch_not_found; those of session.
[[nodiscard]] result<message_page> page_in(session& db, interaction_state const& in,
                                           message_query const& query);

}  // namespace parley::mongo
