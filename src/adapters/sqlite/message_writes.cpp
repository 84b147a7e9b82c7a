#include "adapters/sqlite/branch_end.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/waiting_replies.hpp"
#include "services/store_errors.hpp"

namespace parley::sqlite {
namespace {

/// The message that bears this id already, nullopt when it is not in this interaction.
result<std::optional<message>> stored_before(connection& db, message_addition const& wanted) {
    auto stored = get_message(db, wanted.user_id, wanted.interaction_id, wanted.message_id);
    if (stored) return std::optional{std::move(*stored)};
    if (stored.error().kind == error_kind::not_found) return std::optional<message>{};
    return std::unexpected(stored.error());
}

message_row new_message(message_addition const& wanted) {
    message_row row;
    row.value.message_id = wanted.message_id;
    row.value.created_at = wanted.now;
    row.value.role = wanted.message.role;
    row.value.content = wanted.message.content;
    row.value.metadata = wanted.message.metadata;
    row.value.tool_call_id = wanted.message.tool_call_id;
    row.value.transformed_content = wanted.transformed_content;
    return row;
}

/// What stands against a message that is new, or nullopt when nothing does.
result<std::optional<message>> check_first(connection& db, message_addition const& wanted,
                                           interaction_state const& state) {
    auto stored = stored_before(db, wanted);
    if (!stored || *stored) return stored;
    if (is_outdated(wanted.seen, state.last_seq)) return newer_messages();
    auto const busy = busy_with(db, state);
    if (!busy) return std::unexpected(busy.error());
    if (*busy) return turn_in_progress(**busy);
    auto const elsewhere = find_message(db, wanted.message_id);
    if (!elsewhere) return std::unexpected(elsewhere.error());
    if (*elsewhere) return message_exists();
    return std::optional<message>{};
}

}  // namespace

result<message> add_message::run(connection& db) const {
    auto const state = find_own_state(db, wanted.user_id, wanted.interaction_id);
    if (!state) return std::unexpected(state.error());
    // At the end of a branch that is free the insert itself finds out whether the id is taken.
    bool const plain = !wanted.place && !wanted.seen && !is_busy(*state);
    if (!plain) {
        auto stored = check_first(db, wanted, *state);
        if (!stored) return std::unexpected(stored.error());
        if (*stored) return std::move(**stored);
    }
    auto end = branch_end::of(db, wanted.interaction_id, *state, !wanted.place);
    if (!end) return std::unexpected(end.error());
    if (auto const there = end->go_to(wanted.place, wanted.fork); !there) {
        return std::unexpected(there.error());
    }
    auto row = new_message(wanted);
    auto const added = end->append(row);
    if (!added) return std::unexpected(added.error());
    if (!*added) {
        auto stored = stored_before(db, wanted);
        if (!stored) return std::unexpected(stored.error());
        if (!*stored) return message_exists();
        return std::move(**stored);
    }
    if (auto const done = end->save(wanted.now); !done) return std::unexpected(done.error());
    return end->complete(std::move(row));
}

}  // namespace parley::sqlite
