#include "adapters/sqlite/archive.hpp"
#include "adapters/sqlite/branch_rows.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/waiting_replies.hpp"
#include "entities/limits.hpp"

namespace parley::sqlite {
namespace {

/// The last message of a branch; absent also when an unfinished copy has not come to it.
result<std::optional<head_record>> head_of(connection& db, std::int64_t interaction_key,
                                           branch_rows const& branches, branch_id const& branch) {
    auto const seq = branches.head_seq_of(branch);
    if (seq == 0) return std::optional<head_record>{};
    query find{db, statement::message_id_by_key};
    auto const found = find.bind(message_key(interaction_key, seq)).step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::optional<head_record>{};
    return std::optional{head_record{find.id_at<message_id>(0), seq}};
}

result<void> add_branches(connection& db, std::int64_t interaction_key, branch_rows const& branches,
                          interaction_record& into) {
    auto const& tree = branches.tree();
    auto const root_head = head_of(db, interaction_key, branches, tree.root);
    if (!root_head) return std::unexpected(root_head.error());
    into.root_branch = tree.root;
    into.root_head = *root_head;
    for (auto const& one : tree.forks) {
        auto const head = head_of(db, interaction_key, branches, one.branch);
        if (!head) return std::unexpected(head.error());
        into.forks.push_back({one.branch, one.parent, one.fork_seq, *head});
    }
    return {};
}

result<void> add_waiting(connection& db, interaction_state const& state, interaction_record& into) {
    if (state.waiting == 0) return {};
    auto const rows = waiting_replies(db, state, limits::waiting_replies);
    if (!rows) return std::unexpected(rows.error());
    for (auto const& row : *rows) into.waiting.push_back(row.value.message_id);
    return {};
}

/// One interaction as a batch is filled with it.
class part_reader {
public:
    part_reader(connection& db, page_budget& budget, std::size_t& room)
        : db_(db),
          budget_(budget),
          room_(room) {}

    result<conversation_part> read(interaction_row row, std::int64_t after_seq) {
        conversation_part out;
        auto& record = out.interaction;
        auto const state = find_state(db_, row.value.interaction_id);
        if (!state) return std::unexpected(state.error());
        if (!*state) return internal_error("an interaction went while it was read");
        auto const branches = branch_rows::of(db_, row.value.interaction_id, **state);
        if (!branches) return std::unexpected(branches.error());
        record.value = std::move(row.value);
        record.value.active_branch = branches->id_of(row.active_fork);
        if (record.value.active_branch.is_nil()) return internal_error("the active branch has no row");
        record.last_seq = (*state)->last_seq;
        record.epoch = (*state)->turn_epoch;
        auto done = add_branches(db_, row.key, *branches, record);
        if (done) done = add_waiting(db_, **state, record);
        if (done) done = add_messages(row.key, after_seq, *branches, out);
        if (!done) return std::unexpected(done.error());
        return out;
    }

private:
    result<void> add_messages(std::int64_t key, std::int64_t after_seq, branch_rows const& branches,
                              conversation_part& out) {
        query range{db_, statement::all_messages_ascending};
        auto const first = message_key(key, after_seq + 1);
        auto const last = message_key(key, seq_span - 1);
        range.bind(first).bind(last).bind(static_cast<std::int64_t>(room_ + 1));
        for (;;) {
            auto const found = range.step();
            if (!found) return std::unexpected(found.error());
            if (!*found) return {};
            auto row = read_message(range);
            if (room_ == 0 || !budget_.takes(text_bytes(row.value))) {
                room_ = 0;
                out.is_last = false;
                return {};
            }
            --room_;
            row.value.interaction_id = out.interaction.value.interaction_id;
            row.value.branch_id = branches.id_of(row.fork);
            if (row.value.branch_id.is_nil()) return internal_error("a message's branch has no row");
            out.messages.push_back(std::move(row.value));
        }
    }

    connection& db_;
    page_budget& budget_;
    std::size_t& room_;
};

/// The interaction a position is within, or the one behind it; nothing at the end.
result<std::optional<interaction_row>> row_at(connection& db, archive_position const& position) {
    constexpr std::int64_t one = 1;
    query find{db, position.seq ? statement::find_interaction : statement::interactions_after};
    find.bind(position.interaction_id);
    if (!position.seq) find.bind(one);
    auto const found = find.step();
    if (!found) return std::unexpected(found.error());
    return *found ? std::optional{read_interaction(find)} : std::nullopt;
}

}  // namespace

result<std::vector<user_record>> users_after(connection& db, user_id const& last) {
    std::vector<user_record> out;
    {
        query list{db, statement::users_ascending};
        list.bind(last).bind(static_cast<std::int64_t>(archive_users));
        for (;;) {
            auto const row = list.step();
            if (!row) return std::unexpected(row.error());
            if (!*row) break;
            out.push_back({read_user(list), is_local_user(list)});
        }
    }
    for (auto& one : out) {
        auto names = names_of_user(db, one.value.user_id);
        if (!names) return std::unexpected(names.error());
        auto keys = keys_of_user(db, one.value.user_id);
        if (!keys) return std::unexpected(keys.error());
        one.names = std::move(*names);
        one.keys = std::move(*keys);
    }
    return out;
}

result<std::vector<conversation_part>> conversations_after(connection& db, archive_position const& last) {
    std::vector<conversation_part> out;
    page_budget of_interactions;
    page_budget of_messages;
    std::size_t room = archive_messages;
    for (auto at = last; out.size() < archive_interactions && room > 0;) {
        auto row = row_at(db, at);
        if (!row) return std::unexpected(row.error());
        if (!*row || !of_interactions.takes(text_bytes((*row)->value))) break;
        auto part = part_reader{db, of_messages, room}.read(std::move(**row), at.seq.value_or(0));
        if (!part) return std::unexpected(part.error());
        // One of which nothing fits any more begins the next batch.
        if (part->messages.empty() && !part->is_last) break;
        out.push_back(std::move(*part));
        at = position_behind(out.back());
    }
    return out;
}

result<archive_counts> count_all(connection& db) {
    auto const users = db.number("SELECT count(*) FROM users");
    if (!users) return std::unexpected(users.error());
    auto const interactions = db.number("SELECT count(*) FROM interactions");
    if (!interactions) return std::unexpected(interactions.error());
    auto const messages = db.number("SELECT count(*) FROM messages");
    if (!messages) return std::unexpected(messages.error());
    return archive_counts{*users, *interactions, *messages};
}

}  // namespace parley::sqlite
