#include "adapters/sqlite/branch_path.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/schema.hpp"
#include "services/keyset.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley::sqlite {
namespace {

statement range_statement(bool root, bool ascending) {
    if (root) return ascending ? statement::root_messages_ascending : statement::root_messages_descending;
    return ascending ? statement::fork_messages_ascending : statement::fork_messages_descending;
}

/// Reads a path run by run, from either end.
class path_scan {
public:
    path_scan(connection& db, interaction_state const& interaction, interaction_id const& id,
              std::vector<branch_run> const& path)
        : db_(db),
          interaction_(interaction),
          id_(id),
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
    result<void> add(branch_run const& run, bool ascending, std::size_t limit, std::vector<message>& found,
                     std::size_t& bytes) const {
        query range{db_, range_statement(!run.fork, ascending)};
        range.bind(message_key(interaction_.key, run.first_seq))
            .bind(message_key(interaction_.key, run.last_seq))
            .bind(static_cast<std::int64_t>(limit - found.size()));
        if (run.fork) range.bind(*run.fork);
        while (bytes <= page_bytes) {
            auto const row = range.step();
            if (!row) return std::unexpected(row.error());
            if (!*row) return {};
            auto& value = found.emplace_back(read_message(range).value);
            value.interaction_id = id_;
            value.branch_id = run.id;
            bytes += text_bytes(value);
        }
        return {};
    }

    connection& db_;
    interaction_state const& interaction_;
    interaction_id const& id_;
    std::vector<branch_run> const& path_;
};

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
    auto found = find_message(db, id);
    if (!found) return std::unexpected(found.error());
    if (!*found || interaction_of_key((*found)->key) != in.key) return message_not_found();
    auto const branch = id_of_branch(db, in.root_branch, (*found)->fork);
    if (!branch) return std::unexpected(branch.error());
    auto& value = (*found)->value;
    value.interaction_id = interaction;
    value.branch_id = *branch;
    return std::move(value);
}

result<message_page> page_of_branch(connection& db, user_id const& user, interaction_id const& id,
                                    message_query const& wanted) {
    auto const owner = find_own_state(db, user, id);
    if (!owner) return std::unexpected(owner.error());
    auto const path = path_of_branch(db, *owner, wanted.branch);
    if (!path) return std::unexpected(path.error());
    auto asked = wanted.page;
    clamp(asked.after);
    clamp(asked.before);
    auto found = read_page<message>(
        asked, path_scan{db, *owner, id, *path}, [](message const& value) { return value.seq; },
        [](message const& value) { return text_bytes(value); });
    if (!found) return std::unexpected(std::move(found.error()));
    return message_page{std::move(*found), path->back().id};
}

}  // namespace parley::sqlite
