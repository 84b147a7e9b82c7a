// One generation on an upstream, while it runs: a coroutine that reads the answer as far as its reader takes
// it, and what has come. Thread safety: the event loop of its executor only. Ownership: shared by the
// coroutine, the generation, and who counts.
#pragma once

#include "adapters/upstream/answer_stream.hpp"
#include "adapters/upstream/exchange.hpp"
#include "adapters/upstream/lifeline.hpp"
#include "adapters/upstream/upstream_client.hpp"
#include "services/language_model.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace parley::upstream {

/// Streams of one model that are being read. Thread safety: any thread.
class open_streams {
public:
    open_streams(std::shared_ptr<upstream> server, std::string model)
        : server_(std::move(server)),
          model_(std::move(model)) {
        add(0);
    }
    void add(int change);
    [[nodiscard]] std::size_t now() const;
    [[nodiscard]] std::string const& model() const { return model_; }

private:
    std::shared_ptr<upstream> const server_;
    std::string const model_;
    mutable std::mutex mutex_;
    std::size_t count_ = 0;  // guarded by mutex_
};

class remote_run {
public:
    struct task_of {
        std::string request;  // the bytes to send
        std::int64_t input_estimate = 0;
        std::optional<token_price> price;
    };

    remote_run(std::shared_ptr<upstream> server, std::shared_ptr<open_streams> streams, task_of what,
               boost::asio::any_io_executor executor);
    ~remote_run();
    remote_run(remote_run const&) = delete;
    remote_run& operator=(remote_run const&) = delete;

    /// To its end. Whoever calls spawns it on the executor.
    [[nodiscard]] static task<void> run(std::shared_ptr<remote_run> self);
    /// What has come, or the end, or nothing within `longest`.
    [[nodiscard]] static task<generation_event> next(std::shared_ptr<remote_run> self,
                                                     std::chrono::milliseconds longest);
    void stop();
    /// The coroutine has ended by an exception.
    void give_up();

    [[nodiscard]] boost::asio::any_io_executor const& executor() const { return executor_; }

private:
    using steady = std::chrono::steady_clock;

    [[nodiscard]] task<void> read_answer(exchange& talk);
    [[nodiscard]] task<void> read_stream(exchange& talk);
    [[nodiscard]] task<void> wait_for_room(exchange& talk);
    [[nodiscard]] task<void> leave_well(exchange& talk);
    void move_deadline(std::size_t steps_before);
    void note_retry_after(http_answer const& answer);
    void finish(std::optional<error> failure);
    void count_usage(bool exact);
    void tell();

    std::shared_ptr<upstream> const server_;
    std::shared_ptr<open_streams> const streams_;
    boost::asio::any_io_executor const executor_;
    task_of work_;
    std::shared_ptr<lifeline> const life_;
    answer_stream stream_;
    boost::asio::steady_timer more_;  // the reader waits on it
    boost::asio::steady_timer room_;  // the coroutine waits on it while the reader is behind
    bool finishing_ = false;          // the answer has told why it ends; only its last words are missing
    steady::time_point const started_ = steady::now();
    std::optional<steady::time_point> sent_;
    std::optional<steady::time_point> first_;
    steady::time_point last_;
    generation_end end_;
    bool over_ = false;
};

}  // namespace parley::upstream
