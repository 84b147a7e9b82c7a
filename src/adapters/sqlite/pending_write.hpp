// One write on its way through the writer thread: the intention, its outcome, and the coroutine that waits
// for it.
//
// Thread safety: run(), succeeded() and fail() on the writer thread; claim() from any thread, and whoever was
// given the claim calls one of resume() and time_out() on the caller's event loop. Ownership: shared by
// those.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "common/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace parley::sqlite {

class pending_write {
public:
    explicit pending_write(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    pending_write(pending_write const&) = delete;
    pending_write& operator=(pending_write const&) = delete;
    virtual ~pending_write() = default;

    /// On the writer thread, within a transaction. May be called again after a rollback.
    virtual void run(connection& db) = 0;
    /// Whether the last run succeeded.
    [[nodiscard]] virtual bool succeeded() const = 0;
    /// Replaces the outcome.
    virtual void fail(error const& why) = 0;
    /// Hands the outcome over.
    virtual void resume() = 0;
    /// Hands store_timeout over, whatever the writer is doing with it.
    virtual void time_out() = 0;

    /// True for the first who asks: he is the one to answer the caller.
    [[nodiscard]] bool claim() { return !claimed_.exchange(true); }

    [[nodiscard]] boost::asio::any_io_executor const& executor() const { return executor_; }
    [[nodiscard]] std::chrono::steady_clock::time_point since() const { return since_; }

private:
    boost::asio::any_io_executor executor_;
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
    std::atomic<bool> claimed_ = false;
};

template <class Intention, class Handler>
class pending_intention final : public pending_write {
public:
    pending_intention(Intention intention, Handler handler)
        : pending_write(boost::asio::get_associated_executor(handler)),
          intention_(std::move(intention)),
          handler_(std::move(handler)) {}

    void run(connection& db) override { outcome_.emplace(intention_.run(db)); }
    [[nodiscard]] bool succeeded() const override { return outcome_ && outcome_->has_value(); }
    void fail(error const& why) override { outcome_.emplace(std::unexpected(why)); }
    void resume() override { std::move(handler_)(std::move(*outcome_)); }
    void time_out() override {
        using outcome = result<typename Intention::value_type>;
        std::move(handler_)(outcome{std::unexpected(
            error{error_kind::timed_out, "store_timeout", "The store did not answer in time.", {}, {}})});
    }

private:
    Intention intention_;
    Handler handler_;
    std::optional<result<typename Intention::value_type>> outcome_;
};

}  // namespace parley::sqlite
