#include "modules/turn/left_turns.hpp"

#include <utility>

namespace parley {
namespace {

constexpr std::size_t most_turns = 10'000;

}  // namespace

task<result<std::size_t>> left_turns::look(steady::time_point now) {
    auto const running = co_await store_.active_turns(most_turns);
    if (!running) {
        seen_.clear();
        co_return std::unexpected(running.error());
    }
    ++round_;
    std::size_t ended = 0;
    for (auto const& turn : *running) {
        auto const [place, fresh] = seen_.try_emplace(turn.lease.reply_id);
        auto& sight = place->second;
        sight.round = round_;
        if (fresh || sight.progress != turn.progress) {
            sight.progress = turn.progress;
            sight.since = now;
        }
        // While the disk hangs, our own turns show no progress either.
        if (now - sight.since < lease_ || written_here_(turn.lease.reply_id)) continue;
        auto const expired = co_await store_.expire_turn(turn, time_.now());
        if (!expired) {
            seen_.clear();
            co_return std::unexpected(expired.error());
        }
        if (*expired) {
            news_.publish(turn.lease.user_id, reply_ended{**expired});
            ++ended;
        }
        sight.since = now;
    }
    std::erase_if(seen_, [this](auto const& one) { return one.second.round != round_; });
    co_return ended;
}

}  // namespace parley
