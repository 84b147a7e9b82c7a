#include "adapters/memory/memory_store.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley {
namespace {

message new_user_message(turn_draft const& draft) {
    message fresh;
    fresh.message_id = draft.user_message_id;
    fresh.role = draft.user_message.role;
    fresh.content = draft.user_message.content;
    fresh.metadata = draft.user_message.metadata;
    fresh.transformed_content = draft.transformed_content;
    return fresh;
}

message new_reply(turn_draft const& draft) {
    message fresh;
    fresh.message_id = draft.reply_id;
    fresh.role = message_role::assistant;
    fresh.status = message_status::in_progress;
    fresh.model_name = draft.model_name;
    return fresh;
}

}  // namespace

result<turn_start> memory_store::begin(turn_draft const& draft) {
    auto* const in = find_unexpired(draft.user_id, draft.interaction_id);
    if (in == nullptr) return interaction_not_found();
    turn_lease lease{draft.user_id, draft.interaction_id, draft.reply_id, draft.owner, 0};
    if (in->turn && (in->turn->lease.reply_id != draft.reply_id || in->turn->lease.owner != draft.owner)) {
        return turn_in_progress(in->turn->lease.reply_id);
    }
    auto const* const asked = in->find(draft.user_message_id);
    auto const* const answer = in->find(draft.reply_id);
    if (answer != nullptr) {
        if (asked == nullptr || answer->parent_id != draft.user_message_id ||
            answer->role != message_role::assistant) {
            return message_exists();
        }
        lease.epoch = in->epochs[static_cast<std::size_t>(answer->seq) - 1];
        return turn_start{lease, *asked, *answer};
    }
    if (is_taken(draft.reply_id) || (asked == nullptr && is_taken(draft.user_message_id)))
        return message_exists();
    if (asked != nullptr && (asked != &in->messages.back() || asked->role != message_role::user)) {
        return message_exists();
    }
    if (asked == nullptr) in->append(new_user_message(draft), 0, draft.now);
    lease.epoch = ++in->last_epoch;
    in->append(new_reply(draft), lease.epoch, draft.now);
    in->turn = active_turn{lease, 0};
    return turn_start{lease, *(in->messages.end() - 2), in->messages.back()};
}

task<result<turn_start>> memory_store::begin_turn(turn_draft draft) {
    std::lock_guard const lock{guard_};
    co_return begin(draft);
}

task<result<void>> memory_store::checkpoint(turn_lease lease, std::string content) {
    std::lock_guard const lock{guard_};
    auto* const in = find_current(lease);
    if (in == nullptr) co_return turn_lost();
    in->find(lease.reply_id)->content = std::move(content);
    ++in->turn->progress;
    co_return result<void>{};
}

message memory_store::end(conversation& in, message reply, timestamp now) {
    in.turn.reset();
    in.value.updated_at = std::max(in.value.updated_at, now);
    return in.messages[static_cast<std::size_t>(reply.seq) - 1] = std::move(reply);
}

task<result<message>> memory_store::finish_turn(turn_lease lease, turn_outcome outcome) {
    std::lock_guard const lock{guard_};
    if (!is_final(outcome.status)) co_return internal_error("a turn must end with a final status");
    auto* const in = find(lease.user_id, lease.interaction_id);
    auto const* const reply = in == nullptr ? nullptr : in->find(lease.reply_id);
    if (reply == nullptr) co_return turn_lost();
    if (find_current(lease) == nullptr) {
        bool const ours = in->epochs[static_cast<std::size_t>(reply->seq) - 1] == lease.epoch;
        if (!ours || !is_final(reply->status)) co_return turn_lost();
        co_return *reply;
    }
    auto ended = *reply;
    ended.status = outcome.status;
    ended.content = std::move(outcome.content);
    ended.finish_reason = outcome.finish_reason;
    ended.usage = outcome.usage;
    ended.timings = outcome.timings;
    ended.error = std::move(outcome.error);
    co_return end(*in, std::move(ended), outcome.now);
}

task<result<std::vector<active_turn>>> memory_store::active_turns(std::size_t limit) {
    std::lock_guard const lock{guard_};
    std::vector<active_turn> out;
    for (auto const& [id, in] : conversations_) {
        if (in.turn && out.size() < limit) out.push_back(*in.turn);
    }
    co_return out;
}

std::optional<message> memory_store::expire(active_turn const& seen, timestamp now) {
    auto* const in = find_current(seen.lease);
    if (in == nullptr || in->turn->progress != seen.progress) return std::nullopt;
    auto ended = *in->find(seen.lease.reply_id);
    ended.status = message_status::interrupted;
    in->epochs[static_cast<std::size_t>(ended.seq) - 1] = 0;
    return end(*in, std::move(ended), now);
}

task<result<std::optional<message>>> memory_store::expire_turn(active_turn seen, timestamp now) {
    std::lock_guard const lock{guard_};
    co_return expire(seen, now);
}

}  // namespace parley
