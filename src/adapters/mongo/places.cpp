#include "adapters/mongo/places.hpp"

#include "entities/limits.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {

spot end_of(interaction_state const& in) { return {in.active, in.head}; }

result<spot> find_spot(interaction_state const& in, message_place const& place, stored_message const* parent,
                       branch_id const& fork_id) {
    if (!place) return end_of(in);
    if (*place) {
        if (parent == nullptr || !is_visible(in, parent->value)) return parent_not_found();
        auto const& branch = parent->value.branch_id;
        auto const head = in.head_of(branch);
        if (head && head->message == parent->value.message_id) return spot{branch, head};
    } else if (in.last_seq == 0) {
        return spot{in.tree.root};
    }
    if (in.tree.forks.size() >= limits::forks) return too_many_branches();
    if (!*place) return spot{fork_id, {}, fork{fork_id, in.tree.root, 0}};
    auto const& behind = parent->value;
    return spot{fork_id, branch_head{behind.message_id, behind.seq},
                fork{fork_id, behind.branch_id, behind.seq}};
}

bool is_end(interaction_state const& in, message_place const& place) {
    if (!place) return true;
    if (!*place) return false;
    if (in.turn && in.turn->adds > 0) return **place == in.turn->reply;
    return in.head && in.head->message == **place;
}

message placed(interaction_state const& in, spot const& at, message_id const& id, std::int64_t seq,
               timestamp now) {
    message out;
    out.interaction_id = in.value.interaction_id;
    out.message_id = id;
    if (at.parent) {
        out.parent_id = at.parent->message;
        out.parent_seq = at.parent->seq;
    }
    out.branch_id = at.branch;
    out.seq = seq;
    out.created_at = now;
    return out;
}

std::optional<made_branch> made_at(interaction_state const& in, spot const& at) {
    if (!at.made) return std::nullopt;
    return made_branch{*at.made, in.tree.root};
}

}  // namespace parley::mongo
