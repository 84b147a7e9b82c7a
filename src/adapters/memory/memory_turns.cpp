#include "adapters/memory/memory_store.hpp"
#include "services/clock.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley {
namespace {

message new_user_message(turn_draft const& draft) {
    message fresh;
    fresh.message_id = draft.user_message_id;
    fresh.role = draft.user_message->role;
    fresh.content = draft.user_message->content;
    fresh.metadata = draft.user_message->metadata;
    fresh.tool_call_id = draft.user_message->tool_call_id;
    fresh.transformed_content = draft.transformed_content;
    return fresh;
}

message new_reply(turn_draft const& draft, message_status status) {
    message fresh;
    fresh.message_id = draft.reply_id;
    fresh.role = message_role::assistant;
    fresh.status = status;
    fresh.model_name = draft.model_name;
    return fresh;
}

}  // namespace

/// Of a reply that is there already.
turn_lease memory_store::conversation::lease_of(turn_lease wanted, message const& reply) const {
    wanted.epoch = epochs[static_cast<std::size_t>(reply.seq) - 1];
    if (turn && turn->lease.reply_id == reply.message_id) wanted.owner = turn->lease.owner;
    return wanted;
}

result<turn_start> memory_store::begin(turn_draft const& draft) {
    auto* const in = find_unexpired(draft.user_id, draft.interaction_id);
    if (in == nullptr) return interaction_not_found();
    auto const* const asked = in->find(draft.user_message_id);
    if (auto const* const answer = in->find(draft.reply_id)) {
        if (asked == nullptr || answer->parent_id != draft.user_message_id ||
            answer->role != message_role::assistant) {
            return message_exists();
        }
        turn_lease const wanted{draft.user_id, draft.interaction_id, draft.reply_id, draft.owner, 0};
        return turn_start{in->lease_of(wanted, *answer), in->shown(*asked), in->shown(*answer)};
    }
    bool const is_new = asked == nullptr && draft.user_message.has_value();
    if (is_taken(draft.reply_id) || (is_new && is_taken(draft.user_message_id))) return message_exists();
    return place_turn(*in, draft, asked);
}

result<turn_start> memory_store::place_turn(conversation& in, turn_draft const& draft, message const* asked) {
    bool const fresh = draft.user_message.has_value() && asked == nullptr;
    if (!draft.user_message) {
        if (asked == nullptr) return parent_not_found();
        if (!begins_turn(asked->role)) return not_a_user_message();
    } else if (asked != nullptr && (!begins_turn(asked->role) || asked->role != draft.user_message->role ||
                                    in.head_of(asked->branch_id) != asked)) {
        return message_exists();
    }
    if (fresh && is_outdated(draft.seen, std::ssize(in.messages))) return newer_messages();
    auto const busy = in.busy_with();
    if (busy && !(draft.may_wait && fresh && in.is_end(draft.place))) return turn_in_progress(*busy);
    if (busy && in.waiting.size() >= limits::waiting_replies) return too_many_waiting();

    auto const place = fresh ? draft.place : message_place{draft.user_message_id};
    auto spot = in.find_spot(place, draft.fork);
    if (!spot) return std::unexpected(spot.error());
    auto asked_seq = asked == nullptr ? 0 : asked->seq;
    if (fresh) {
        auto const& stored = in.append(*spot, new_user_message(draft), 0, draft.now);
        asked_seq = stored.seq;
        spot = conversation::spot{stored.branch_id};
    }
    spot->parent = &in.messages[static_cast<std::size_t>(asked_seq) - 1];
    turn_lease lease{draft.user_id, draft.interaction_id, draft.reply_id, draft.owner, 0};
    if (!busy) lease.epoch = ++in.last_epoch;
    in.append(*spot, new_reply(draft, busy ? message_status::queued : message_status::in_progress),
              lease.epoch, draft.now);
    auto const ahead = busy ? in.waiting.size() + (in.turn ? 1 : 0) : 0;
    if (busy) {
        in.waiting.push_back(draft.reply_id);
    } else {
        in.turn = active_turn{lease, 0};
    }
    return turn_start{lease, in.shown(in.messages[static_cast<std::size_t>(asked_seq) - 1]),
                      in.shown(in.messages.back()), ahead};
}

task<result<std::optional<turn_start>>> memory_store::next_turn(user_id user, interaction_id id,
                                                                process_id owner, timestamp now) {
    std::lock_guard const lock{guard_};
    auto* const in = find_unexpired(user, id);
    if (in == nullptr) co_return interaction_not_found();
    if (in->turn || in->waiting.empty()) co_return std::optional<turn_start>{};
    auto& reply = *in->find(in->waiting.front());
    in->waiting.erase(in->waiting.begin());
    turn_lease const lease{user, id, reply.message_id, owner, ++in->last_epoch};
    reply.status = message_status::in_progress;
    in->epochs[static_cast<std::size_t>(reply.seq) - 1] = lease.epoch;
    in->turn = active_turn{lease, 0};
    in->value.updated_at = std::max(in->value.updated_at, now);
    co_return turn_start{lease, in->shown(*in->find(*reply.parent_id)), in->shown(reply)};
}

task<result<std::vector<message>>> memory_store::withdraw_turns(user_id user, interaction_id id,
                                                                std::optional<message_id> only,
                                                                timestamp now) {
    std::lock_guard const lock{guard_};
    auto* const in = find_unexpired(user, id);
    if (in == nullptr) co_return interaction_not_found();
    std::vector<message> withdrawn;
    for (auto const& waiting : in->waiting) {
        if (only && *only != waiting) continue;
        auto& reply = *in->find(waiting);
        reply.status = message_status::stopped;
        withdrawn.push_back(in->shown(reply));
    }
    for (auto const& one : withdrawn) std::erase(in->waiting, one.message_id);
    if (!withdrawn.empty()) in->value.updated_at = std::max(in->value.updated_at, now);
    co_return withdrawn;
}

task<result<std::vector<waiting_interaction>>> memory_store::waiting_interactions(std::size_t limit) {
    std::lock_guard const lock{guard_};
    auto const now = system_clock{}.now();
    std::vector<waiting_interaction> out;
    for (auto const& [id, in] : conversations_) {
        if (in.turn || in.waiting.empty() || is_expired(in.value, now)) continue;
        if (out.size() < limit) out.push_back({in.value.user_id, id});
    }
    co_return out;
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
    return in.shown(in.messages[static_cast<std::size_t>(reply.seq) - 1] = std::move(reply));
}

task<result<turn_end>> memory_store::finish_turn(turn_lease lease, turn_outcome outcome) {
    std::lock_guard const lock{guard_};
    if (!is_final(outcome.status)) co_return internal_error("a turn must end with a final status");
    auto* const in = find(lease.user_id, lease.interaction_id);
    auto const* const reply = in == nullptr ? nullptr : in->find(lease.reply_id);
    if (reply == nullptr) co_return turn_lost();
    if (find_current(lease) == nullptr) {
        auto const written_under = in->epochs[static_cast<std::size_t>(reply->seq) - 1];
        bool const ours = written_under != 0 && written_under == lease.epoch;
        if (!ours || !is_final(reply->status)) co_return turn_lost();
        co_return turn_end{in->shown(*reply), !in->waiting.empty()};
    }
    auto ended = *reply;
    ended.status = outcome.status;
    ended.content = std::move(outcome.content);
    ended.finish_reason = outcome.finish_reason;
    ended.usage = outcome.usage;
    ended.timings = outcome.timings;
    ended.error = std::move(outcome.error);
    ended.tool_calls = std::move(outcome.tool_calls);
    ended.reasoning = std::move(outcome.reasoning);
    ended.attempts = std::move(outcome.attempts);
    if (ended.usage) {
        count(
            {ended.message_id, lease.user_id, ended.created_at, ended.model_name.value_or(""), *ended.usage});
    }
    auto shown = end(*in, std::move(ended), outcome.now);
    co_return turn_end{std::move(shown), !in->waiting.empty()};
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
