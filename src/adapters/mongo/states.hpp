// Reading interactions and messages for what is decided by them: always from the primary.
// Errors: those of session.
#pragma once

#include "adapters/mongo/interaction_document.hpp"
#include "adapters/mongo/message_document.hpp"
#include "adapters/mongo/session.hpp"

#include <span>
#include <vector>

namespace parley::mongo {

/// For filters on `work`: not deleted.
[[nodiscard]] document still_there();

/// For filters on `expires`: later than `now`, or never.
[[nodiscard]] document unexpired_at(timestamp now);

/// Nothing when it is absent or deleted; one that has expired is there until it is deleted.
[[nodiscard]] result<std::optional<interaction_state>> find_state(session& db, interaction_id const& id);

/// Errors: interaction_not_found, also when it is another user's or has expired.
[[nodiscard]] result<interaction_state> find_own_state(session& db, user_id const& user,
                                                       interaction_id const& id,
                                                       read_from where = read_from::primary);

[[nodiscard]] result<std::optional<stored_message>> find_message(session& db, message_id const& id);

/// Those that there are, in one round trip.
class known_messages {
public:
    explicit known_messages(std::vector<stored_message> all) : all_(std::move(all)) {}
    [[nodiscard]] stored_message const* find(std::optional<message_id> const& id) const;

private:
    std::vector<stored_message> all_;
};
[[nodiscard]] result<known_messages> find_messages(session& db,
                                                   std::span<std::optional<message_id> const> ids);

/// Whether a reader who sees the interaction in this state sees the message.
[[nodiscard]] bool is_visible(interaction_state const& in, message const& one);

/// Somebody else has to come first, and did not: unavailable (store_unavailable), so that it is repeated.
[[nodiscard]] std::unexpected<error> try_later(std::string why);

/// The state as it was read, but for what a patch changes, and with no other interaction made anew under the
/// same id: what a compare-and-set asks for.
[[nodiscard]] document as_read(interaction_state const& state);

}  // namespace parley::mongo
