#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/settling.hpp"
#include "adapters/mongo/turn_messages.hpp"
#include "adapters/mongo/turn_placing.hpp"
#include "adapters/mongo/turn_waiting.hpp"
#include "entities/limits.hpp"
#include "services/store_errors.hpp"

#include <array>
#include <chrono>
#include <thread>

namespace parley::mongo {
namespace {

// Each round another writer has made progress, or is waited for.
constexpr int most_looks = 200;

// How long one that has claimed the interaction may take to store its messages before others are sent away.
constexpr int most_waits = 25;
constexpr std::chrono::milliseconds one_wait{20};

using outcome = std::optional<turn_start>;  // nothing: look again

class beginning {
public:
    beginning(session& db, turn_draft const& draft) : db_(db), draft_(draft) {}

    /// The usual turn needs no look: one command claims, one stores.
    result<outcome> at_once() {
        if (!draft_.user_message || draft_.place || draft_.seen) return outcome{};
        auto held = claim_end(db_, draft_);
        if (!held) return std::unexpected(held.error());
        if (!*held) return outcome{};
        auto const at = end_of(**held);
        return place_turn(db_, draft_, std::move(**held), at, std::nullopt);
    }

    result<outcome> look() {
        auto const in = find_own_state(db_, draft_.user_id, draft_.interaction_id);
        if (!in) return std::unexpected(in.error());
        std::array const ids{std::optional{draft_.reply_id}, std::optional{draft_.user_message_id},
                             draft_.place.value_or(std::nullopt)};
        auto const known = find_messages(db_, ids);
        if (!known) return std::unexpected(known.error());
        auto const* const asked = known->find(ids[1]);
        if (auto const* const reply = known->find(ids[0])) return repeated(*in, asked, *reply);
        if (asked == nullptr && !draft_.user_message) return parent_not_found();
        if (is_claimed_elsewhere(*in)) return wait();
        if (asked != nullptr) {
            auto const usable = check(*in, asked->value);
            if (!usable) return std::unexpected(usable.error());
            if (!*usable) return outcome{};
        }
        return decide(*in, asked, known->find(ids[2]));
    }

private:
    /// What became of a turn that was begun before, whatever goes on now.
    result<outcome> repeated(interaction_state const& in, stored_message const* asked,
                             stored_message const& reply) {
        auto const& value = reply.value;
        bool const same = asked != nullptr && asked->value.interaction_id == draft_.interaction_id &&
                          value.interaction_id == draft_.interaction_id &&
                          value.parent_id == draft_.user_message_id && value.role == message_role::assistant;
        if (!same) return message_exists();
        if (!is_visible(in, value)) return settle_and_look(value.seq);
        auto lease = lease_of(draft_, reply.lease ? reply.lease->epoch : 0);
        if (reply.lease && value.status == message_status::in_progress) lease.owner = reply.lease->owner;
        return turn_start{lease, in.shown(asked->value), in.shown(value)};
    }

    /// Whether the user's message, which is stored, can get the reply. False: look again.
    result<bool> check(interaction_state const& in, message const& asked) {
        if (asked.interaction_id != draft_.interaction_id) {
            if (!draft_.user_message) return parent_not_found();
            return message_exists();
        }
        if (!is_visible(in, asked) || is_claimed_by_us(in)) {
            // An attempt of ours has come no further than to the claim, or to this message.
            if (auto const done = give_up(in); !done) return std::unexpected(done.error());
            auto const done = settle_and_look(asked.seq);
            if (!done) return std::unexpected(done.error());
            return false;
        }
        auto const head = in.head_of(asked.branch_id);
        bool const is_last = head && head->message == asked.message_id;
        bool const can_begin = begins_turn(asked.role);
        if (!draft_.user_message && !can_begin) return not_a_user_message();
        bool const is_same =
            can_begin && is_last && draft_.user_message && draft_.user_message->role == asked.role;
        if (draft_.user_message && !is_same) return message_exists();
        return true;
    }

    result<outcome> decide(interaction_state const& in, stored_message const* asked,
                           stored_message const* parent) {
        bool const fresh = asked == nullptr;
        if (is_claimed_by_us(in)) return take_up(in);
        if (fresh && is_outdated(draft_.seen, in.last_visible())) return newer_messages();
        auto const busy = in.busy_with();
        if (busy) {
            if (!draft_.may_wait || !fresh || !is_end(in, draft_.place)) return go_on_or_refuse(in, *busy);
            if (in.queue.size() >= limits::waiting_replies) return too_many_waiting();
            return join_queue(in);
        }
        if (in.work == waiting) return after(end_waiting(db_, in));
        if (fresh && !draft_.place && !draft_.seen) return at_once();
        auto const place = fresh ? draft_.place : message_place{draft_.user_message_id};
        auto const at = find_spot(in, place, fresh ? parent : asked, draft_.fork);
        if (!at) return std::unexpected(at.error());
        auto held = claim_spot(db_, draft_, in, *at, fresh);
        if (!held) return std::unexpected(held.error());
        if (!*held) return outcome{};
        return place_turn(db_, draft_, std::move(**held), *at,
                          fresh ? std::nullopt : std::optional{asked->value});
    }

    /// Another process stores this very turn, or died while it did.
    [[nodiscard]] bool is_claimed_elsewhere(interaction_state const& in) const {
        return in.turn && in.turn->reply == draft_.reply_id && in.turn->owner != draft_.owner;
    }

    [[nodiscard]] bool is_claimed_by_us(interaction_state const& in) const {
        return in.turn && in.turn->reply == draft_.reply_id && in.turn->owner == draft_.owner;
    }

    /// The claim of an attempt that was cut off before it stored anything.
    result<outcome> take_up(interaction_state const& in) {
        bool const usual = draft_.user_message && !draft_.place && !draft_.seen && in.turn->adds == 2;
        if (usual) return place_turn(db_, draft_, in, end_of(in), std::nullopt);
        return after(give_up(in));
    }

    /// The reply that is in the way may have ended.
    result<outcome> go_on_or_refuse(interaction_state const& in, message_id const& busy) {
        auto const over = release_ended(db_, in, draft_.now);
        if (!over) return std::unexpected(over.error());
        if (!*over) return turn_in_progress(busy);
        return outcome{};
    }

    result<outcome> join_queue(interaction_state const& in) {
        if (!in.turn || in.turn->adds == 0) {
            auto queued = queue_turn(db_, draft_, in);
            if (queued && *queued) (*queued)->ahead = in.queue.size() + (in.turn ? 1 : 0);
            return queued;
        }
        auto const settled = settle_running(db_, in);
        if (!settled) return std::unexpected(settled.error());
        return *settled ? outcome{} : wait();
    }

    result<void> give_up(interaction_state const& in) {
        if (!is_claimed_by_us(in)) return {};
        auto const done =
            end_claim(db_, draft_.interaction_id, draft_.reply_id, in.epoch, nullptr, in.value.updated_at);
        if (!done) return std::unexpected(done.error());
        return {};
    }

    result<outcome> settle_and_look(std::int64_t seq) {
        return after(settle_up_to(db_, draft_.interaction_id, seq));
    }

    static result<outcome> after(result<void> const& done) {
        if (!done) return std::unexpected(done.error());
        return outcome{};
    }

    result<outcome> wait() {
        if (++waits_ > most_waits) return try_later("a turn was claimed and has not stored its messages yet");
        std::this_thread::sleep_for(one_wait);
        return outcome{};
    }

    session& db_;
    turn_draft const& draft_;
    int waits_ = 0;
};

}  // namespace

result<turn_start> begin_turn::run(session& db) const {
    beginning attempt{db, draft};
    auto done = attempt.at_once();
    for (int round = 0; done && !*done && round < most_looks; ++round) done = attempt.look();
    if (!done) return std::unexpected(std::move(done.error()));
    if (!*done) return internal_error("a turn could not be begun");
    return std::move(**done);
}

}  // namespace parley::mongo
