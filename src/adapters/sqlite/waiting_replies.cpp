#include "adapters/sqlite/waiting_replies.hpp"

#include "adapters/sqlite/schema.hpp"

#include <algorithm>

namespace parley::sqlite {

result<std::optional<message_id>> busy_with(connection& db, interaction_state const& state) {
    if (state.reply || state.waiting == 0) return state.reply;
    auto const first = waiting_replies(db, state, 1);
    if (!first) return std::unexpected(first.error());
    if (first->empty()) return internal_error("a reply that waits has no row");
    return std::optional{first->front().value.message_id};
}

result<std::vector<message_row>> waiting_replies(connection& db, interaction_state const& state,
                                                 std::size_t limit) {
    query find{db, statement::waiting_replies};
    find.bind(message_key(state.key, 0))
        .bind(message_key(state.key, seq_span - 1))
        .bind(static_cast<std::int64_t>(limit));
    std::vector<message_row> found;
    for (;;) {
        auto const row = find.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return found;
        found.push_back(read_message(find));
    }
}

result<void> set_waiting(connection& db, interaction_state const& state, std::int64_t count, timestamp now) {
    query write{db, statement::set_waiting};
    return write.bind(state.key).bind(count).bind(std::max(now, state.updated_at)).run();
}

}  // namespace parley::sqlite
