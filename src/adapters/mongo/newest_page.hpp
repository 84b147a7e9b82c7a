// An interaction and the newest of its messages in one round trip.
#pragma once

#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/interaction_document.hpp"

#include <optional>
#include <variant>

namespace parley::mongo {

/// The page, if it begins at an end of the conversation, is of one branch without forks or of all, the server
/// can join two collections, and the page fits into a document (16 MiB); else the interaction, where that was
/// read; else nothing. Errors: as page_of_branch.
using newest = std::variant<std::monostate, interaction_state, message_page>;
[[nodiscard]] result<newest> newest_page(session& db, page_of_branch const& wanted);

/// Any page, when the interaction is known. Errors: branch_not_found; those of session.
[[nodiscard]] result<message_page> page_in(session& db, interaction_state const& in,
                                           message_query const& query);

}  // namespace parley::mongo
