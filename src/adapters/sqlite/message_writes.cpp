#include "adapters/sqlite/branch_end.hpp"
#include "adapters/sqlite/branch_path.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/schema.hpp"
#include "services/store_errors.hpp"

namespace parley::sqlite {
namespace {

/// The message that bears this id already. Errors: message_exists when it is in another interaction.
result<message> stored_before(connection& db, append_message const& wanted) {
    auto stored = get_message(db, wanted.user_id, wanted.interaction_id, wanted.message_id);
    if (!stored && stored.error().kind == error_kind::not_found) return message_exists();
    return stored;
}

}  // namespace

result<message> append_message::run(connection& db) const {
    auto const state = find_own_state(db, user_id, interaction_id);
    if (!state) return std::unexpected(state.error());
    if (state->reply) {
        auto stored = get_message(db, user_id, interaction_id, message_id);
        if (!stored && stored.error().kind == error_kind::not_found) return turn_in_progress(*state->reply);
        return stored;
    }
    auto end = branch_end::of(db, interaction_id, *state);
    if (!end) return std::unexpected(end.error());
    message_row row;
    row.value.message_id = message_id;
    row.value.created_at = now;
    row.value.role = draft.role;
    row.value.content = draft.content;
    row.value.metadata = draft.metadata;
    auto const stored = end->append(row);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored) return stored_before(db, *this);
    if (auto const done = end->save(now); !done) return std::unexpected(done.error());
    return std::move(row.value);
}

}  // namespace parley::sqlite
