// Many who want the same thing at the same time: one reads it, the others get what he read.
//
// Nobody is given something older than he could have read himself: a write forgets the flights of its key, so
// that whoever comes after it starts a new one, and for the writes of other processes a flight takes no
// passengers after `joinable`. Thread safety: all functions from any thread; those who wait are resumed on
// their own event loop.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "common/wakeup.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley {

template <class Value>
class single_flight {
public:
    /// `load()` gives a task<result<Value>>. `reader` says for whom it is read: who may not see the same
    /// things does not share. When the one who reads is cut off, or takes long, the others read themselves.
    template <class Load>
    [[nodiscard]] task<result<Value>> run(std::string key, std::string reader, Load load) {
        auto const place = board(key, reader);
        if (place.leads) {
            landing done{*this, key, place.ride};
            auto loaded = co_await load();
            done.with(loaded);
            co_return loaded;
        }
        if (place.ride) {
            auto const executor = co_await boost::asio::this_coro::executor;
            passenger waiting{*place.ride, executor};
            auto arrived = co_await waiting.wait();
            if (arrived) co_return std::move(*arrived);
        }
        auto own = co_await load();
        co_return own;
    }

    /// Whoever comes from now on does not join a flight that has begun before.
    void forget(std::string const& key) {
        std::lock_guard const lock{guard_};
        flights_.erase(key);
    }

private:
    using steady = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds joinable{1'000};
    static constexpr std::chrono::milliseconds patience{2'000};

    struct flight {
        std::string const reader;
        steady::time_point const begun = steady::now();
        std::mutex guard;
        std::optional<result<Value>> arrived;  // guarded, as all below
        bool over = false;
        std::vector<wakeup*> waiting;

        explicit flight(std::string who) : reader(std::move(who)) {}
        void land(std::optional<result<Value>> with) {
            std::lock_guard const lock{guard};
            if (over) return;
            over = true;
            arrived = std::move(with);
            for (auto* const one : waiting) one->notify();
        }
    };

    struct seat {
        std::shared_ptr<flight> ride;  // null: none that this reader may share
        bool leads = false;
    };

    /// Ends the flight of the one who reads, also when his coroutine is destroyed.
    class landing {
    public:
        landing(single_flight& owner, std::string const& key, std::shared_ptr<flight> ride)
            : owner_(owner),
              key_(key),
              ride_(std::move(ride)) {}
        landing(landing const&) = delete;
        landing& operator=(landing const&) = delete;
        ~landing() { with(std::nullopt); }
        void with(std::optional<result<Value>> loaded) {
            if (!ride_) return;
            owner_.remove(key_, ride_);
            ride_->land(std::move(loaded));
            ride_.reset();
        }

    private:
        single_flight& owner_;
        std::string const& key_;
        std::shared_ptr<flight> ride_;
    };

    class passenger {
    public:
        passenger(flight& ride, boost::asio::any_io_executor const& executor) : ride_(ride), bell_(executor) {
            std::lock_guard const lock{ride_.guard};
            ride_.waiting.push_back(&bell_);
        }
        passenger(passenger const&) = delete;
        passenger& operator=(passenger const&) = delete;
        ~passenger() {
            std::lock_guard const lock{ride_.guard};
            std::erase(ride_.waiting, &bell_);
        }
        task<std::optional<result<Value>>> wait() {
            auto const deadline = steady::now() + patience;
            while (true) {
                auto const now = steady::now();
                if (auto const over = look(); over || now >= deadline) co_return taken();
                auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
                co_await bell_.wait(left);
            }
        }

    private:
        bool look() {
            std::lock_guard const lock{ride_.guard};
            return ride_.over;
        }
        std::optional<result<Value>> taken() {
            std::lock_guard const lock{ride_.guard};
            return ride_.arrived;
        }
        flight& ride_;
        wakeup bell_;
    };

    seat board(std::string const& key, std::string const& reader) {
        std::lock_guard const lock{guard_};
        auto& known = flights_[key];
        if (!known) {
            known = std::make_shared<flight>(reader);
            return {known, true};
        }
        if (known->reader == reader && steady::now() - known->begun < joinable) return {known, false};
        return {};
    }

    void remove(std::string const& key, std::shared_ptr<flight> const& ride) {
        std::lock_guard const lock{guard_};
        auto const found = flights_.find(key);
        if (found != flights_.end() && found->second == ride) flights_.erase(found);
    }

    std::mutex guard_;
    std::unordered_map<std::string, std::shared_ptr<flight>> flights_;  // guarded
};

}  // namespace parley
