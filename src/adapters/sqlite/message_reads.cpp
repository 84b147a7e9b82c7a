#include "adapters/sqlite/branch_rows.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/schema.hpp"
#include "services/keyset.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley::sqlite {
namespace {

statement range_statement(bool all, bool root, bool ascending) {
    if (all) return ascending ? statement::all_messages_ascending : statement::all_messages_descending;
    if (root) return ascending ? statement::root_messages_ascending : statement::root_messages_descending;
    return ascending ? statement::fork_messages_ascending : statement::fork_messages_descending;
}

/// Reads a path run by run, from either end. The run of a nil branch is one of all branches.
class path_scan {
public:
    path_scan(connection& db, interaction_state const& interaction, branch_rows const& branches,
              std::vector<branch_run> const& path)
        : db_(db),
          interaction_(interaction),
          branches_(branches),
          path_(path) {}

    result<std::vector<message>> operator()(bool ascending, std::optional<std::int64_t> const& from,
                                            std::size_t limit) const {
        std::vector<message> found;
        found.reserve(limit);
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < path_.size() && found.size() < limit && bytes <= page_bytes; ++i) {
            auto run = ascending ? path_[i] : path_[path_.size() - 1 - i];
            if (from && ascending) run.first_seq = std::max(run.first_seq, *from + 1);
            if (from && !ascending) run.last_seq = std::min(run.last_seq, *from - 1);
            if (run.first_seq > run.last_seq) continue;
            if (auto ok = add(run, ascending, limit, found, bytes); !ok) return std::unexpected(ok.error());
        }
        return found;
    }

private:
    /// A run of the root goes around what other branches have stored within it: backwards each message says
    /// where the one before it is.
    result<void> add(branch_run run, bool ascending, std::size_t limit, std::vector<message>& found,
                     std::size_t& bytes) const {
        while (run.first_seq <= run.last_seq && found.size() < limit && bytes <= page_bytes) {
            auto const jumped = add_rows(run, ascending, limit, found, bytes);
            if (!jumped) return std::unexpected(jumped.error());
            if (!*jumped) break;
            run.last_seq = found.back().parent_seq;
        }
        return {};
    }

    /// True: it ended before a gap.
    result<bool> add_rows(branch_run const& run, bool ascending, std::size_t limit,
                          std::vector<message>& found, std::size_t& bytes) const {
        bool const all = run.branch.is_nil();
        auto const fork = branches_.key_of(run.branch);
        bool const jumps = !all && !fork && !ascending;
        query range{db_, range_statement(all, !fork, ascending)};
        range.bind(message_key(interaction_.key, run.first_seq))
            .bind(message_key(interaction_.key, run.last_seq))
            .bind(static_cast<std::int64_t>(limit - found.size()));
        if (fork) range.bind(*fork);
        while (bytes <= page_bytes) {
            auto const row = range.step();
            if (!row) return std::unexpected(row.error());
            if (!*row) return false;
            auto const& added = found.emplace_back(branches_.complete(read_message(range)));
            bytes += text_bytes(added);
            if (jumps && added.parent_seq < added.seq - 1) return true;
        }
        return false;
    }

    connection& db_;
    interaction_state const& interaction_;
    branch_rows const& branches_;
    std::vector<branch_run> const& path_;
};

/// Nullopt when there is no such branch. Never empty.
std::optional<std::vector<branch_run>> path_of(branch_rows const& branches,
                                               interaction_state const& interaction,
                                               message_query const& wanted) {
    if (wanted.all_branches) return std::vector{branch_run{{}, 1, interaction.last_seq}};
    auto const leaf = wanted.branch.value_or(branches.id_of(interaction.active_fork));
    return branches.tree().path_of(leaf, branches.head_seq_of(leaf));
}

/// A fork's messages are found by their branch. Those of the root stand in order: mostly it is the next one,
/// unless others were written on forks before the root went on.
result<std::optional<message>> first_behind(connection& db, interaction_state const& in,
                                            branch_rows const& branches, sibling_place const& place) {
    auto const fork = branches.key_of(place.branch);
    query first{db, range_statement(false, !fork, true)};
    first.bind(message_key(in.key, place.behind_seq + 1)).bind(message_key(in.key, in.last_seq));
    first.bind(std::int64_t{1});
    if (fork) first.bind(*fork);
    auto const found = first.step();
    if (!found) return std::unexpected(found.error());
    return *found ? std::optional{branches.complete(read_message(first))} : std::nullopt;
}

struct seen_message {
    branch_rows branches;
    message value;
};

/// Errors: message_not_found.
result<seen_message> look_up(connection& db, interaction_state const& in, interaction_id const& interaction,
                             message_id const& id) {
    auto found = find_message(db, id);
    if (!found) return std::unexpected(found.error());
    if (!*found || interaction_of_key((*found)->key) != in.key) return message_not_found();
    auto branches = branch_rows::of(db, interaction, in);
    if (!branches) return std::unexpected(branches.error());
    auto value = branches->complete(std::move(**found));
    return seen_message{std::move(*branches), std::move(value)};
}

/// Keeps positions from outside within what a message can have, so that keys can be computed from them.
void clamp(std::optional<std::int64_t>& position) {
    if (position) position = std::clamp<std::int64_t>(*position, 0, seq_span - 1);
}

}  // namespace

result<std::optional<message_row>> find_message(connection& db, message_id const& id) {
    query find{db, statement::message_by_id};
    auto const found = find.bind(id).step();
    if (!found) return std::unexpected(found.error());
    return *found ? std::optional{read_message(find)} : std::nullopt;
}

result<message> get_message(connection& db, user_id const& user, interaction_id const& interaction,
                            message_id const& id) {
    auto const owner = find_own_state(db, user, interaction);
    if (!owner) return std::unexpected(owner.error());
    return message_in(db, *owner, interaction, id);
}

result<message> message_in(connection& db, interaction_state const& in, interaction_id const& interaction,
                           message_id const& id) {
    auto found = look_up(db, in, interaction, id);
    if (!found) return std::unexpected(found.error());
    return std::move(found->value);
}

result<message> get_sibling(connection& db, user_id const& user, interaction_id const& interaction,
                            message_id const& id, std::int64_t index) {
    auto const owner = find_own_state(db, user, interaction);
    if (!owner) return std::unexpected(owner.error());
    auto const named = look_up(db, *owner, interaction, id);
    if (!named) return std::unexpected(named.error());
    auto const place = named->branches.tree().sibling_at(named->value, index);
    if (!place) return message_not_found();
    auto found = first_behind(db, *owner, named->branches, *place);
    if (!found) return std::unexpected(found.error());
    if (!*found) return message_not_found();
    return std::move(**found);
}

result<message_page> page_of_branch(connection& db, user_id const& user, interaction_id const& id,
                                    message_query const& wanted) {
    auto const owner = find_own_state(db, user, id);
    if (!owner) return std::unexpected(owner.error());
    auto const branches = branch_rows::of(db, id, *owner);
    if (!branches) return std::unexpected(branches.error());
    auto const path = path_of(*branches, *owner, wanted);
    if (!path) return branch_not_found();
    auto asked = wanted.page;
    clamp(asked.after);
    clamp(asked.before);
    auto found = read_page<message>(
        asked, path_scan{db, *owner, *branches, *path}, [](message const& value) { return value.seq; },
        [](message const& value) { return text_bytes(value); });
    if (!found) return std::unexpected(std::move(found.error()));
    return message_page{std::move(*found), path->back().branch};
}

}  // namespace parley::sqlite
