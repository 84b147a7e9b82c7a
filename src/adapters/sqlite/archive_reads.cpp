#include "adapters/sqlite/archive.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/row_value.hpp"
#include "adapters/sqlite/schema.hpp"

#include <map>

namespace parley::sqlite {
namespace {

/// An interaction's branches by the keys that rows of messages have.
using branch_ids = std::map<std::int64_t, branch_id>;

result<branch_ids> read_forks(connection& db, std::int64_t key, interaction_record& into) {
    branch_ids known;
    query list{db, statement::branches_of_interaction};
    list.bind(key);
    for (;;) {
        auto const row = list.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return known;
        auto const id = list.id_at<branch_id>(1);
        auto const parent = optional_number(list, 2);
        known.emplace(list.number(0), id);
        into.forks.push_back({id, parent ? known[*parent] : into.root_branch, list.number(3)});
    }
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
        record.value = std::move(row.value);
        record.root_branch = row.root_branch;
        record.last_seq = (*state)->last_seq;
        record.head = (*state)->head;
        record.epoch = (*state)->turn_epoch;
        auto const branches = read_forks(db_, row.key, record);
        if (!branches) return std::unexpected(branches.error());
        if (row.active_fork) {
            auto const active = branches->find(*row.active_fork);
            if (active == branches->end()) return internal_error("the active branch has no row");
            record.value.active_branch = active->second;
        }
        if (auto const done = add_messages(row.key, after_seq, *branches, out); !done) {
            return std::unexpected(done.error());
        }
        return out;
    }

private:
    result<void> add_messages(std::int64_t key, std::int64_t after_seq, branch_ids const& branches,
                              conversation_part& out) {
        query range{db_, statement::messages_after};
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
            row.value.branch_id = out.interaction.root_branch;
            if (row.fork) {
                auto const branch = branches.find(*row.fork);
                if (branch == branches.end()) return internal_error("a message's branch has no row");
                row.value.branch_id = branch->second;
            }
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
    query list{db, statement::users_after};
    list.bind(last).bind(static_cast<std::int64_t>(archive_users));
    std::vector<user_record> out;
    for (;;) {
        auto const row = list.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back({read_user(list), !list.is_null(4)});
    }
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
