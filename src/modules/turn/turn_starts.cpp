// How turn_service lets runners run, one after the other in each interaction.
#include "common/log.hpp"
#include "modules/turn/turn_service.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace parley {
namespace {

constexpr std::size_t most_interactions = 1'000;

void report_bug(std::exception_ptr const& thrown) {
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& bug) {
        log::error("a turn's runner threw", {{"what", bug.what()}});
    }
}

turn_outcome failed(error const& why, timestamp now) {
    turn_outcome out;
    out.status = message_status::failed;
    out.error = message_error{why.code, why.message};
    out.now = now;
    return out;
}

}  // namespace

void turn_service::run(turn_work work, boost::asio::any_io_executor executor) {
    boost::asio::co_spawn(executor, run_to_end(std::move(work), executor), report_bug);
}

task<void> turn_service::run_to_end(turn_work work, boost::asio::any_io_executor executor) {
    auto const lease = work.start.lease;
    turn_tools const tools{store_, time_, seen_, news_};
    auto const ended = co_await run_turn(tools, std::move(work), executor);
    if (ended && ended_) ended_(lease, ended->reply, executor);
    if (ended && !ended->others_wait) co_return;
    static_cast<void>(co_await run_next(lease.user_id, lease.interaction_id, executor));
}

/// Starts the first reply that waits in the interaction, if its turn has come. When the store fails, go_on()
/// does it later.
task<bool> turn_service::run_next(user_id user, interaction_id in, boost::asio::any_io_executor executor) {
    if (running_.refusing()) co_return false;
    auto next = co_await store_.next_turn(user, in, owner_, time_.now());
    if (!next || !*next) co_return false;
    co_await start_waiting(std::move(**next), std::move(executor));
    co_return true;
}

task<void> turn_service::start_waiting(turn_start start, boost::asio::any_io_executor executor) {
    auto const& lease = start.lease;
    auto const reply = lease.reply_id;
    auto feed = waiting_.take(reply);
    if (!feed) feed = feed_.open(reply);
    auto control = running_.add(reply, lease.interaction_id);
    if (!control) {
        turn_outcome outcome;
        outcome.status = message_status::interrupted;
        outcome.now = time_.now();
        static_cast<void>(co_await store_.finish_turn(lease, std::move(outcome)));
        co_return;
    }
    registration registered{running_, reply};
    auto interaction = co_await store_.get_interaction(lease.user_id, lease.interaction_id);
    auto model = interaction ? models_.find(start.reply.model_name) : std::unexpected(interaction.error());
    auto seat = model ? line_.take(**model, lease.user_id, model_queue::admission::promised)
                      : std::unexpected(model.error());
    if (!seat) {
        auto ended = co_await store_.finish_turn(lease, failed(seat.error(), time_.now()));
        if (ended) {
            news_.publish(lease.user_id, reply_ended{ended->reply});
            feed->finish(std::move(ended->reply));
        }
        co_return;
    }
    turn_work work{std::move(start),
                   std::move(interaction->settings),
                   **model,
                   std::move(*seat),
                   std::move(control),
                   std::move(feed),
                   std::move(registered)};
    run(std::move(work), std::move(executor));
}

task<result<std::size_t>> turn_service::go_on(boost::asio::any_io_executor executor) {
    auto const waiting = co_await store_.waiting_interactions(most_interactions);
    if (!waiting) co_return std::unexpected(waiting.error());
    std::size_t started = 0;
    for (auto const& one : *waiting) {
        if (co_await run_next(one.user_id, one.interaction_id, executor)) ++started;
    }
    co_return started;
}

}  // namespace parley
