// A few event loops with a thread each, as the server has them, for tests that await tasks from outside.
#pragma once

#include "common/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <exception>
#include <future>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace parley::test {

class event_loops {
public:
    explicit event_loops(std::size_t count = 3) {
        for (std::size_t i = 0; i < count; ++i) loops_.push_back(std::make_unique<loop>());
    }

    [[nodiscard]] boost::asio::any_io_executor executor(std::size_t index) {
        return loops_[index % loops_.size()]->context.get_executor();
    }

    /// Starts the task on a loop.
    template <class T>
    [[nodiscard]] std::future<T> start(task<T> work, std::size_t index = 0) {
        auto done = std::make_shared<std::promise<T>>();
        auto outcome = done->get_future();
        boost::asio::co_spawn(executor(index), std::move(work), [done](std::exception_ptr failed, T value) {
            if (failed) {
                done->set_exception(failed);
            } else {
                done->set_value(std::move(value));
            }
        });
        return outcome;
    }

    /// Runs the task to its end.
    template <class T>
    [[nodiscard]] T run(task<T> work, std::size_t index = 0) {
        return start(std::move(work), index).get();
    }

    /// Runs all at once, dealt out to the loops; outcomes in the order of the tasks.
    template <class T>
    [[nodiscard]] std::vector<T> run_all(std::vector<task<T>> works) {
        std::vector<std::future<T>> running;
        running.reserve(works.size());
        for (std::size_t i = 0; i < works.size(); ++i) running.push_back(start(std::move(works[i]), i));
        std::vector<T> outcomes;
        outcomes.reserve(running.size());
        for (auto& one : running) outcomes.push_back(one.get());
        return outcomes;
    }

private:
    struct loop {
        boost::asio::io_context context{1};
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{
            context.get_executor()};
        std::thread thread{[this] { context.run(); }};
        loop() = default;
        loop(loop const&) = delete;
        loop& operator=(loop const&) = delete;
        ~loop() {
            guard.reset();
            thread.join();
        }
    };
    std::vector<std::unique_ptr<loop>> loops_;
};

}  // namespace parley::test
