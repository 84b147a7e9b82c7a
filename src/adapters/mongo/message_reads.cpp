#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/newest_page.hpp"
#include "adapters/mongo/states.hpp"
#include "services/keyset.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley::mongo {
namespace {

/// What is read: the runs of a branch's path, or, where there are none, all messages that can be seen.
struct route {
    branch_id branch;
    std::vector<branch_run> runs{};
};

/// Errors: branch_not_found.
result<route> route_of(interaction_state const& in, message_query const& query) {
    if (query.all_branches) return route{};
    auto const branch = query.branch.value_or(in.value.active_branch);
    auto const head = in.head_of(branch);
    // A claim ends its branch with messages that are not settled; of other branches nothing stands behind the
    // head, and a long way back may lie before it.
    bool const grows = branch == in.value.active_branch && in.turn && in.turn->adds > 0;
    auto path = in.tree.path_of(branch, grows || !head ? in.last_visible() : head->seq);
    if (!path) return branch_not_found();
    return route{branch, std::move(*path)};
}

/// Reads a route from either end, all its runs with one query.
class route_scan {
public:
    route_scan(session& db, interaction_state const& in, route const& way) : db_(db), in_(in), way_(way) {}

    result<std::vector<message>> operator()(bool ascending, std::optional<std::int64_t> const& from,
                                            std::size_t limit) const {
        bool const all = way_.runs.empty();
        auto filter = doc("interaction", in_.value.interaction_id);
        array runs;
        for (auto const& run : way_.runs) {
            if (auto const part = part_of(run, ascending, from)) {
                runs.push(document{*part}.put("branch", run.branch));
            }
        }
        auto const everything = part_of({{}, 1, in_.last_visible()}, ascending, from);
        if (all ? !everything : runs.size() == 0) return std::vector<message>{};
        if (all) {
            filter.add(*everything);
        } else if (runs.size() == 1) {
            filter.add(document{*view_at(*runs.members().get(), "0")});
        } else {
            filter.put_array("$or", runs.members());
        }
        find_options options;
        options.sort = doc("seq", ascending ? 1 : -1);
        options.limit = static_cast<std::int64_t>(limit);
        auto const found = db_.find(messages, filter, options);
        if (!found) return std::unexpected(found.error());
        std::vector<message> out;
        out.reserve(found->size());
        for (auto const& one : *found) {
            auto value = read_message(*one.get()).value;
            // Not what a late writer left of a deleted interaction with the same id.
            if (is_visible(in_, value)) out.push_back(in_.shown(std::move(value)));
        }
        return out;
    }

private:
    static std::optional<document> part_of(branch_run run, bool ascending,
                                           std::optional<std::int64_t> const& from) {
        if (from && ascending) run.first_seq = std::max(run.first_seq, *from + 1);
        if (from && !ascending) run.last_seq = std::min(run.last_seq, *from - 1);
        if (run.first_seq > run.last_seq) return std::nullopt;
        return doc("seq", doc("$gte", run.first_seq).put("$lte", run.last_seq));
    }

    session& db_;
    interaction_state const& in_;
    route const& way_;
};

struct seen_message {
    interaction_state in;
    message value;
};

/// Errors: interaction_not_found, message_not_found.
result<seen_message> look_up(session& db, get_message const& wanted) {
    auto in = find_own_state(db, wanted.user_id, wanted.interaction_id);
    if (!in) return std::unexpected(in.error());
    auto found = find_message(db, wanted.message_id);
    if (!found) return std::unexpected(found.error());
    if (!*found || (*found)->value.interaction_id != wanted.interaction_id) return message_not_found();
    auto& value = (*found)->value;
    if (!is_visible(*in, value)) {
        // Written after the interaction was read, or left there by a writer that died.
        in = find_own_state(db, wanted.user_id, wanted.interaction_id);
        if (!in) return std::unexpected(in.error());
        if (!is_visible(*in, value)) return message_not_found();
    }
    return seen_message{std::move(*in), std::move(value)};
}

/// Keeps positions from outside within what a message can have, so that one can be added to them.
void clamp(std::optional<std::int64_t>& position) {
    if (position) position = std::clamp<std::int64_t>(*position, 0, std::int64_t{1} << 62);
}

}  // namespace

result<message_page> page_in(session& db, interaction_state const& in, message_query const& query) {
    auto const way = route_of(in, query);
    if (!way) return std::unexpected(way.error());
    auto asked = query.page;
    clamp(asked.after);
    clamp(asked.before);
    auto found = read_page<message>(
        asked, route_scan{db, in, *way}, [](message const& value) { return value.seq; },
        [](message const& value) { return text_bytes(value); });
    if (!found) return std::unexpected(std::move(found.error()));
    return message_page{std::move(*found), way->branch};
}

result<message> get_message::run(session& db) const {
    auto seen = look_up(db, *this);
    if (!seen) return std::unexpected(seen.error());
    return seen->in.shown(std::move(seen->value));
}

result<message> get_sibling::run(session& db) const {
    auto const seen = look_up(db, beside);
    if (!seen) return std::unexpected(seen.error());
    auto const place = seen->in.tree.sibling_at(seen->value, index);
    if (!place) return message_not_found();
    auto const numbers = doc("$gt", place->behind_seq).put("$lte", seen->in.last_visible());
    auto filter = doc("interaction", beside.interaction_id);
    filter.put("branch", place->branch).put("seq", numbers);
    find_options options;
    options.sort = doc("seq", 1);
    options.limit = 1;
    auto const found = db.find(messages, filter, options);
    if (!found) return std::unexpected(found.error());
    if (found->empty()) return message_not_found();
    return seen->in.shown(read_message(*found->front().get()).value);
}

result<message_page> page_of_branch::run(session& db) const {
    auto at_once = newest_page(db, *this);
    if (!at_once) return std::unexpected(at_once.error());
    if (auto* const page = std::get_if<message_page>(&*at_once)) return std::move(*page);
    if (auto const* const known = std::get_if<interaction_state>(&*at_once)) {
        return page_in(db, *known, query);
    }
    auto const in = find_own_state(db, user_id, interaction_id);
    if (!in) return std::unexpected(in.error());
    return page_in(db, *in, query);
}

}  // namespace parley::mongo
