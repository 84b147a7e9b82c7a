#include "adapters/mongo/turn_messages.hpp"

namespace parley::mongo {

stored_message asked_message(turn_draft const& draft, interaction_state const& in, spot const& at,
                             std::int64_t seq) {
    auto out = placed(in, at, draft.user_message_id, seq, draft.now);
    out.role = draft.user_message->role;
    out.content = draft.user_message->content;
    out.metadata = draft.user_message->metadata;
    out.tool_call_id = draft.user_message->tool_call_id;
    out.transformed_content = draft.transformed_content;
    return {.value = std::move(out), .made = made_at(in, at)};
}

stored_message reply_message(turn_draft const& draft, interaction_state const& in, spot const& at,
                             std::int64_t seq, std::optional<reply_lease> const& lease) {
    auto out = placed(in, at, draft.reply_id, seq, draft.now);
    out.role = message_role::assistant;
    out.status = lease ? message_status::in_progress : message_status::queued;
    out.content = std::string{};
    out.model_name = draft.model_name;
    return {.value = std::move(out), .made = made_at(in, at), .lease = lease};
}

spot behind(message const& one) {
    return {.branch = one.branch_id, .parent = branch_head{one.message_id, one.seq}};
}

turn_lease lease_of(turn_draft const& draft, std::int64_t epoch) {
    return {draft.user_id, draft.interaction_id, draft.reply_id, draft.owner, epoch};
}

}  // namespace parley::mongo
