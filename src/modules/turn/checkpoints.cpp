#include "modules/turn/checkpoints.hpp"

#include "common/log.hpp"
#include "common/wakeup.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

// A crash loses at most about this much of a reply's text.
constexpr auto interval = 1000ms;

}  // namespace

struct checkpoints::state {
    state(conversation_store& where, turn_lease what, boost::asio::any_io_executor on)
        : store(where),
          lease(what),
          executor(std::move(on)),
          settled(executor) {}

    conversation_store& store;
    turn_lease const lease;
    boost::asio::any_io_executor const executor;
    wakeup settled;
    steady::time_point last = steady::now();  // when the newest one began or, if later, ended
    bool under_way = false;
    bool lost = false;
};

namespace {

task<result<void>> keep(conversation_store& store, turn_lease lease, std::string text) {
    co_return co_await store.checkpoint(lease, std::move(text));
}

}  // namespace

checkpoints::checkpoints(conversation_store& store, turn_lease lease, boost::asio::any_io_executor executor)
    : state_(std::make_shared<state>(store, lease, std::move(executor))) {}

std::chrono::milliseconds checkpoints::until_due() const {
    if (state_->under_way) return interval;
    auto const left =
        interval - std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - state_->last);
    return std::clamp<std::chrono::milliseconds>(left, 1ms, interval);
}

void checkpoints::offer(std::string const& text) {
    if (state_->under_way || steady::now() - state_->last < interval) return;
    state_->under_way = true;
    state_->last = steady::now();
    auto over = [in = state_](std::exception_ptr const& thrown, result<void> const& kept) {
        in->under_way = false;
        in->last = steady::now();
        in->lost = !thrown && !kept && kept.error().code == "turn_lost";
        if (!in->lost && (thrown || !kept)) {
            log::warn("checkpoint failed", {{"reply_id", in->lease.reply_id.text()},
                                            {"code", thrown ? "exception" : kept.error().code},
                                            {"detail", thrown ? "" : kept.error().detail}});
        }
        in->settled.notify();
    };
    boost::asio::co_spawn(state_->executor, keep(state_->store, state_->lease, text), std::move(over));
}

bool checkpoints::turn_lost() const { return state_->lost; }

task<void> checkpoints::settle() {
    while (state_->under_way) static_cast<void>(co_await state_->settled.wait(interval));
}

}  // namespace parley
