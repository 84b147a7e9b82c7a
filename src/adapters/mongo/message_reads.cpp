#include "adapters/mongo/branch_path.hpp"
#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/states.hpp"
#include "services/keyset.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley::mongo {
namespace {

/// Reads a path from either end, all its runs with one query.
class path_scan {
public:
    path_scan(session& db, interaction_state const& in, std::vector<branch_run> const& path)
        : db_(db),
          in_(in),
          path_(path) {}

    result<std::vector<message>> operator()(bool ascending, std::optional<std::int64_t> const& from,
                                            std::size_t limit) const {
        array runs;
        for (auto run : path_) {
            if (from && ascending) run.first_seq = std::max(run.first_seq, *from + 1);
            if (from && !ascending) run.last_seq = std::min(run.last_seq, *from - 1);
            if (run.first_seq > run.last_seq) continue;
            document between;
            between.put("$gte", run.first_seq).put("$lte", run.last_seq);
            runs.push(doc("seq", between).put("branch", run.id));
        }
        std::vector<message> out;
        if (runs.size() == 0) return out;
        auto filter = doc("interaction", in_.value.interaction_id);
        if (runs.size() == 1) {
            filter.add(document{*view_at(*runs.members().get(), "0")});
        } else {
            filter.put_array("$or", runs.members());
        }
        find_options options;
        options.sort = doc("seq", ascending ? 1 : -1);
        options.limit = static_cast<std::int64_t>(limit);
        auto const found = db_.find(messages, filter, options);
        if (!found) return std::unexpected(found.error());
        out.reserve(found->size());
        for (auto const& one : *found) out.push_back(read_message(*one.get()).value);
        return out;
    }

private:
    session& db_;
    interaction_state const& in_;
    std::vector<branch_run> const& path_;
};

/// Keeps positions from outside within what a message can have, so that one can be added to them.
void clamp(std::optional<std::int64_t>& position) {
    if (position) position = std::clamp<std::int64_t>(*position, 0, std::int64_t{1} << 62);
}

}  // namespace

result<message> get_message::run(session& db) const {
    auto const in = find_own_state(db, user_id, interaction_id);
    if (!in) return std::unexpected(in.error());
    auto found = find_message(db, message_id);
    if (!found) return std::unexpected(found.error());
    bool const there = *found && (*found)->value.interaction_id == interaction_id &&
                       in->has_branch((*found)->value.branch_id);
    if (!there) return message_not_found();
    auto& value = (*found)->value;
    if (value.seq > in->last_visible()) {
        // Written after the interaction was read, or left there by a writer that died.
        auto const again = find_own_state(db, user_id, interaction_id);
        if (!again) return std::unexpected(again.error());
        if (value.seq > again->last_visible()) return message_not_found();
    }
    return std::move(value);
}

result<message_page> page_of_branch::run(session& db) const {
    auto const in = find_own_state(db, user_id, interaction_id);
    if (!in) return std::unexpected(in.error());
    auto const path = path_of_branch(*in, query.branch);
    if (!path) return std::unexpected(path.error());
    auto asked = query.page;
    clamp(asked.after);
    clamp(asked.before);
    auto found = read_page<message>(
        asked, path_scan{db, *in, *path}, [](message const& value) { return value.seq; },
        [](message const& value) { return text_bytes(value); });
    if (!found) return std::unexpected(std::move(found.error()));
    return message_page{std::move(*found), path->back().id};
}

}  // namespace parley::mongo
