// How turn_service lets runners run, one after the other in each interaction.
#include "common/log.hpp"
#include "common/pause.hpp"
#include "modules/turn/turn_service.hpp"

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_interactions = 1'000;
constexpr auto until_ours = 2ms;

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

void turn_service::run(std::unique_ptr<turn_work> work, boost::asio::any_io_executor const& executor) {
    boost::asio::co_spawn(executor, run_to_end(std::move(work), executor), report_bug);
}

task<void> turn_service::run_to_end(std::unique_ptr<turn_work> work, boost::asio::any_io_executor executor) {
    auto const lease = work->start.lease;
    turn_tools const tools{store_, time_, seen_, news_, sources_.usage};
    auto const ended = co_await run_turn(tools, std::move(work), executor);
    if (ended && ended_) ended_(lease, ended->reply, executor);
    if (ended && !ended->others_wait) co_return;
    static_cast<void>(co_await run_next(lease.user_id, lease.interaction_id, executor));
}

/// Starts the first reply that waits in the interaction, if its turn has come. When the store fails, go_on()
/// does it later.
task<bool> turn_service::run_next(user_id user, interaction_id in, boost::asio::any_io_executor executor) {
    // From here on a shutdown waits for this: what leaves its line would be lost to it otherwise.
    auto const nobody_yet = message_id::make();
    auto control = running_.add(nobody_yet, in);
    if (!control) co_return false;
    registration held{running_, nobody_yet};
    auto next = co_await store_.next_turn(user, in, owner_, time_.now());
    if (!next || !*next) co_return false;
    co_await start_waiting(std::move(**next), std::move(control), std::move(held), std::move(executor));
    co_return true;
}

task<void> turn_service::start_waiting(turn_start start, std::shared_ptr<turn_control> control,
                                       registration held, boost::asio::any_io_executor executor) {
    auto const& lease = start.lease;
    // begin_once(), which has stored it, may be about to learn that and to let go of it.
    while (!held.become(lease.reply_id)) co_await pause(executor, until_ours);
    auto feed = feed_.open(lease.reply_id);
    auto trace = traces_.take(lease.reply_id);
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
                   std::move(trace),
                   std::move(held)};
    run(std::make_unique<turn_work>(std::move(work)), executor);
}

task<result<std::size_t>> turn_service::go_on(boost::asio::any_io_executor executor) {
    // Whoever leaves its line while its model is loading would fail.
    if (!models_.settled()) co_return 0;
    auto const waiting = co_await store_.waiting_interactions(most_interactions);
    if (!waiting) co_return std::unexpected(waiting.error());
    std::size_t started = 0;
    for (auto const& one : *waiting) {
        if (co_await run_next(one.user_id, one.interaction_id, executor)) ++started;
    }
    co_return started;
}

}  // namespace parley
