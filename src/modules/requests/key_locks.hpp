// One at a time for each key, for coroutines of any event loop: who comes second waits until the first has
// left. Thread safety: all functions from any thread; a lock belongs to one coroutine. Ownership: outlives
// the locks it gives.
#pragma once

#include "common/task.hpp"
#include "common/wakeup.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace parley {

class key_locks {
public:
    class lock {
    public:
        lock(key_locks& among, std::string key) : among_(&among), key_(std::move(key)) {}
        lock(lock&& other) noexcept
            : among_(std::exchange(other.among_, nullptr)),
              key_(std::move(other.key_)) {}
        lock& operator=(lock&&) = delete;
        ~lock() { leave(); }

        void leave() {
            if (auto* const among = std::exchange(among_, nullptr)) among->leave(key_);
        }

    private:
        key_locks* among_;
        std::string key_;
    };

    [[nodiscard]] task<lock> take(std::string key) {
        auto const executor = co_await boost::asio::this_coro::executor;
        wakeup turn{executor};
        bool waits = false;
        {
            std::scoped_lock const guard{guard_};
            auto const [place, fresh] = lines_.try_emplace(key);
            waits = !fresh;
            if (waits) place->second.push_back(&turn);
        }
        place_in_line in_line{*this, key, turn, waits};
        while (in_line.waits()) co_await turn.wait(std::chrono::seconds{60});
        co_return lock{*this, std::move(key)};
    }

private:
    /// Takes a coroutine that is destroyed while it waits out of the line.
    class place_in_line {
    public:
        place_in_line(key_locks& among, std::string const& key, wakeup& turn, bool waits)
            : among_(among),
              key_(key),
              turn_(turn),
              waits_(waits) {}
        place_in_line(place_in_line const&) = delete;
        place_in_line& operator=(place_in_line const&) = delete;
        ~place_in_line() {
            if (waits_ && !among_.drop(key_, turn_)) among_.leave(key_);
        }
        [[nodiscard]] bool waits() {
            if (waits_) waits_ = among_.stands(key_, turn_);
            return waits_;
        }

    private:
        key_locks& among_;
        std::string const key_;
        wakeup& turn_;
        bool waits_;
    };

    [[nodiscard]] bool stands(std::string const& key, wakeup const& turn) {
        std::scoped_lock const guard{guard_};
        auto const line = lines_.find(key);
        return line != lines_.end() && std::ranges::find(line->second, &turn) != line->second.end();
    }

    /// False when it does not stand there: its turn has come already.
    bool drop(std::string const& key, wakeup const& turn) {
        std::scoped_lock const guard{guard_};
        auto const line = lines_.find(key);
        return line != lines_.end() && std::erase(line->second, &turn) > 0;
    }

    void leave(std::string const& key) {
        std::scoped_lock const guard{guard_};
        auto const line = lines_.find(key);
        if (line->second.empty()) {
            lines_.erase(line);
            return;
        }
        auto* const next = line->second.front();
        line->second.pop_front();
        next->notify();
    }

    std::mutex guard_;
    std::unordered_map<std::string, std::deque<wakeup*>> lines_;  // guarded; an entry: somebody holds the key
};

}  // namespace parley
