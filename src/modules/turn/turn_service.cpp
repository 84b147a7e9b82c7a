#include "modules/turn/turn_service.hpp"

#include "common/pause.hpp"
#include "common/wakeup.hpp"
#include "modules/turn/feed_watch.hpp"
#include "modules/turn/tool_results.hpp"
#include "services/store_errors.hpp"

#include <optional>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr auto look_for_end_again = 500ms;
constexpr auto until_ended_again = 20ms;
constexpr auto longest_ending = 15s;  // one decoding batch, and longer than the store's own deadline
constexpr std::size_t recovery_batch = 256;

std::unexpected<error> shutting_down() {
    return fail(error_kind::unavailable, "shutting_down", "The server is shutting down.");
}

std::unexpected<error> not_ended_yet() {
    return fail(error_kind::timed_out, "store_timeout",
                "The reply has ended, but its end could not be stored yet. It is tried further.");
}

}  // namespace

turn_service::turn_service(turn_sources sources, reply_feed& feed, user_feed& news, clock const& time,
                           metrics& seen, process_id owner)
    : sources_(sources),
      feed_(feed),
      news_(news),
      time_(time),
      seen_(seen),
      owner_(owner),
      line_(seen) {}

task<result<message>> turn_service::append(message_addition addition) {
    auto const user = addition.user_id;
    if (addition.message.role == message_role::user) {
        auto const in = co_await store_.get_interaction(user, addition.interaction_id);
        if (!in) co_return std::unexpected(in.error());
        auto changed = co_await transformed_content(sources_, user, addition.message.content, in->settings,
                                                    addition.now);
        if (!changed) co_return std::unexpected(changed.error());
        addition.transformed_content = std::move(*changed);
    }
    auto stored = co_await store_.add_message(std::move(addition));
    if (stored) news_.publish(user, message_created{*stored});
    co_return stored;
}

task<result<turn_start>> turn_service::begin(turn_request asked, boost::asio::any_io_executor executor) {
    auto const deadline = steady::now() + longest_ending;
    auto const plan = co_await plan_turn(sources_, asked);
    if (!plan) co_return std::unexpected(plan.error());
    while (true) {
        auto begun = co_await begin_admitted(asked, *plan, executor);
        if (begun || plan->settings.on_busy != busy_policy::interrupt || steady::now() >= deadline) {
            co_return begun;
        }
        auto const& why = begun.error();
        // The reply that is to be interrupted may hold the very place that this one needs.
        bool const is_full = why.code == "queue_full" || why.code == "too_many_generations";
        bool const no_place = is_full && running_.any_in(asked.interaction_id);
        if (!no_place && why.code != "turn_in_progress") co_return begun;
        std::optional<message_id> running;
        if (auto const named = message_id::parse(why.param)) running = *named;
        auto const cleared = co_await clear_the_way(asked, running, executor);
        if (!cleared) co_return std::unexpected(cleared.error());
    }
}

task<result<turn_start>> turn_service::begin_admitted(turn_request const& asked, turn_plan const& plan,
                                                      boost::asio::any_io_executor executor) {
    if (gate_ != nullptr) {
        auto const entered = co_await gate_->enter(asked);
        if (!entered) co_return std::unexpected(entered.error());
    }
    auto begun = co_await begin_once(asked, plan, std::move(executor));
    // Of a turn that was begun before its reply may be over already.
    bool const begins = begun && !is_final(begun->reply.status);
    if (gate_ != nullptr && !begins) gate_->refused(asked);
    co_return begun;
}

task<result<turn_start>> turn_service::begin_once(turn_request const& asked, turn_plan const& plan,
                                                  boost::asio::any_io_executor executor) {
    auto seat = line_.take(*plan.model, asked.user_id, model_queue::admission::bounded);
    if (!seat) co_return std::unexpected(seat.error());
    // Readers may come as soon as the store knows the reply, so its feed and its stop are there before.
    auto const reply = asked.ids.reply;
    auto control = running_.add(reply, asked.interaction_id);
    if (!control) co_return shutting_down();
    registration registered{running_, reply};
    auto feed = feed_.open(reply);
    turn_draft draft{.user_id = asked.user_id,
                     .interaction_id = asked.interaction_id,
                     .owner = owner_,
                     .user_message_id = asked.ids.user_message,
                     .user_message = asked.message,
                     .place = asked.place,
                     .seen = asked.seen,
                     .fork = asked.ids.fork,
                     .transformed_content = plan.transformed,
                     .reply_id = reply,
                     .model_name = plan.model->info().name,
                     .may_wait = asked.message && plan.settings.on_busy == busy_policy::queue,
                     .now = asked.ids.now};
    // Before the store knows it: another runner may take it up in the same moment.
    if (draft.may_wait) traces_.put(reply, asked.trace);
    auto start = co_await store_.begin_turn(std::move(draft));
    bool const waits = start && start->reply.status == message_status::queued;
    if (!waits) static_cast<void>(traces_.take(reply));
    if (!start) co_return std::unexpected(start.error());
    announce(*start);
    if (waits) {
        // The one before it may have ended in this moment, and its runner has found nothing that waits.
        feed.reset();
        registered.leave();
        static_cast<void>(co_await run_next(asked.user_id, asked.interaction_id, executor));
        co_return start;
    }
    bool const ours = start->reply.status == message_status::in_progress && start->lease.owner == owner_;
    if (ours) {
        turn_work work{*start,           plan.settings,        *plan.model,
                       std::move(*seat), std::move(control),   std::move(feed),
                       asked.trace,      std::move(registered)};
        if (plan.reads_anew) work.start.user_message.transformed_content = plan.transformed;
        run(std::make_unique<turn_work>(std::move(work)), executor);
    }
    co_return start;
}

/// Nothing is interrupted for what can not begin.
task<result<void>> turn_service::check_place(turn_request const& asked) {
    if (asked.seen) {
        auto const newest = co_await newest_seq(store_, asked.user_id, asked.interaction_id);
        if (!newest) co_return std::unexpected(newest.error());
        if (is_outdated(asked.seen, *newest)) co_return newer_messages();
    }
    auto parent = asked.message ? asked.place.value_or(std::nullopt) : std::optional{asked.ids.user_message};
    if (!parent) co_return result<void>{};
    auto const found = co_await store_.get_message(asked.user_id, asked.interaction_id, *parent);
    if (!found && found.error().code == "message_not_found") co_return parent_not_found();
    if (!found) co_return std::unexpected(found.error());
    if (!asked.message && !begins_turn(found->role)) co_return not_a_user_message();
    co_return result<void>{};
}

/// Ends what waits in the interaction and the reply that is being written; whichever this process writes if
/// it is not known.
task<result<void>> turn_service::clear_the_way(turn_request const& asked, std::optional<message_id> running,
                                               boost::asio::any_io_executor executor) {
    auto const possible = co_await check_place(asked);
    if (!possible) co_return std::unexpected(possible.error());
    auto const withdrawn =
        co_await store_.withdraw_turns(asked.user_id, asked.interaction_id, std::nullopt, time_.now());
    if (!withdrawn) co_return std::unexpected(withdrawn.error());
    for (auto const& one : *withdrawn) {
        news_.publish(asked.user_id, reply_ended{one});
    }
    if (!running) {
        running_.stop_in(asked.interaction_id);
        co_await pause(executor, until_ended_again);
        co_return result<void>{};
    }
    auto const stopped = co_await stop(asked.user_id, asked.interaction_id, *running, std::move(executor));
    if (!stopped) co_return std::unexpected(stopped.error());
    co_return result<void>{};
}

void turn_service::announce(turn_start const& start) {
    auto const user = start.lease.user_id;
    if (start.user_message.created_at == start.reply.created_at) {
        news_.publish(user, message_created{start.user_message});
    }
    if (start.reply.status == message_status::queued)
        news_.publish(user, reply_waiting{start.reply, start.ahead});
}

task<result<message>> turn_service::wait(user_id user, interaction_id id, message_id reply,
                                         boost::asio::any_io_executor executor) {
    return follow_to_end(user, id, reply, std::move(executor), false);
}

/// Follows the reply's feed where it is written, and otherwise the store: it waits for its turn, or another
/// process writes it. Stopping: asks for its end again and again, since a reply that has just been taken out
/// of its line can be stopped only a moment later; not for ever.
task<result<message>> turn_service::follow_to_end(user_id user, interaction_id id, message_id reply,
                                                  boost::asio::any_io_executor executor, bool stopping) {
    auto const deadline = stopping ? steady::now() + longest_ending : steady::time_point::max();
    wakeup nobody{executor};
    while (true) {
        if (stopping) running_.stop(reply);
        if (auto const reader = feed_.follow(reply, 0, executor)) {
            while (true) {
                auto event = co_await reader->next(look_for_end_again);
                if (auto* end = std::get_if<feed_end>(&event)) co_return std::move(end->reply);
                if (std::holds_alternative<feed_lost>(event)) break;
                if (stopping) running_.stop(reply);
                if (steady::now() >= deadline) co_return not_ended_yet();
            }
        }
        auto stored = co_await store_.get_message(user, id, reply);
        if (!stored || is_final(stored->status)) co_return stored;
        if (running_.refusing()) co_return shutting_down();
        if (steady::now() >= deadline) co_return not_ended_yet();
        co_await wait_for_feed(feed_, reply, nobody, executor, look_for_end_again);
    }
}

task<result<message>> turn_service::stop(user_id user, interaction_id id, message_id reply,
                                         boost::asio::any_io_executor executor) {
    auto stored = co_await store_.get_message(user, id, reply);
    if (!stored) co_return stored;
    if (stored->role != message_role::assistant) {
        co_return fail(error_kind::conflict, "not_a_reply", "Only a reply can be stopped.");
    }
    if (is_final(stored->status)) co_return stored;
    if (stored->status == message_status::queued) {
        auto withdrawn = co_await store_.withdraw_turns(user, id, reply, time_.now());
        if (!withdrawn) co_return std::unexpected(withdrawn.error());
        if (!withdrawn->empty()) {
            news_.publish(user, reply_ended{withdrawn->front()});
            co_return std::move(withdrawn->front());
        }
    }
    co_return co_await follow_to_end(user, id, reply, std::move(executor), true);
}

task<result<void>> turn_service::delete_interaction(user_id user, interaction_id id,
                                                    std::optional<std::int64_t> if_version) {
    auto gone = co_await store_.delete_interaction(user, id, if_version);
    if (gone) running_.stop_in(id);
    co_return gone;
}

task<result<std::size_t>> turn_service::recover() {
    std::size_t expired = 0;
    while (true) {
        auto const left = co_await store_.active_turns(recovery_batch);
        if (!left) co_return std::unexpected(left.error());
        if (left->empty()) co_return expired;
        auto const before = expired;
        for (auto const& seen : *left) {
            auto const ended = co_await store_.expire_turn(seen, time_.now());
            if (!ended) co_return std::unexpected(ended.error());
            if (*ended) ++expired;
        }
        if (expired == before) co_return internal_error("turns of an earlier run can not be ended");
    }
}

bool turn_service::drain(std::chrono::milliseconds grace) {
    running_.refuse();
    return running_.drain(grace);
}

}  // namespace parley
