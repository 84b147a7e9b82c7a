// One write on its way through the writer thread: the intention, its outcome, and the coroutine that waits
// for it. Thread safety: owned by one thread at a time: the caller, the writer, then the caller's event loop.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "common/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>

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
    /// On the caller's executor: hands the outcome over. Last call.
    virtual void resume() = 0;

    [[nodiscard]] boost::asio::any_io_executor const& executor() const { return executor_; }
    [[nodiscard]] std::chrono::steady_clock::time_point since() const { return since_; }

private:
    boost::asio::any_io_executor executor_;
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
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

private:
    Intention intention_;
    Handler handler_;
    std::optional<result<typename Intention::value_type>> outcome_;
};

}  // namespace parley::sqlite
