// Where a message goes: behind which one, on which branch. Errors: as conversation_store's.
#pragma once

#include "adapters/mongo/states.hpp"
#include "services/conversation_store.hpp"

namespace parley::mongo {

struct spot {
    branch_id branch;
    std::optional<branch_head> parent{};
    std::optional<fork> made{};  // the branch that begins here

    [[nodiscard]] bool operator==(spot const&) const = default;
};

/// The end of the active branch.
[[nodiscard]] spot end_of(interaction_state const& in);

/// `parent`: the message that `place` names, as far as there is one. Errors: message_not_found (param
/// parent_id); too_many_branches.
[[nodiscard]] result<spot> find_spot(interaction_state const& in, message_place const& place,
                                     stored_message const* parent, branch_id const& fork_id);

/// Whether it is the end of the active branch, the messages of a running turn included.
[[nodiscard]] bool is_end(interaction_state const& in, message_place const& place);

/// A message at the spot, as far as that makes it.
[[nodiscard]] message placed(interaction_state const& in, spot const& at, message_id const& id,
                             std::int64_t seq, timestamp now);

[[nodiscard]] std::optional<made_branch> made_at(interaction_state const& in, spot const& at);

}  // namespace parley::mongo
