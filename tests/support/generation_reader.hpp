// For tests: reads generations on an event loop of their own until they end.
#pragma once

#include "services/language_model.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace parley::testing {

/// Runs the loop until the task is done and returns what it returned.
template <class T>
T run(boost::asio::io_context& loop, task<T> work) {
    std::exception_ptr thrown;
    std::optional<T> returned;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr failed, T value) {
        thrown = failed;
        if (!failed) returned.emplace(std::move(value));
    });
    loop.restart();
    while (!returned && !thrown && loop.run_one() > 0) {
    }
    if (thrown) std::rethrow_exception(thrown);
    if (!returned) throw std::logic_error("the task never finished");
    return std::move(*returned);
}

struct reading {
    std::vector<std::string> deltas;
    std::string text;
    std::string reasoning;
    generation_end end;
};

/// Everything from now to the end. A generation that says nothing for a minute is an error.
inline task<reading> read_to_end(generation& from) {
    reading read;
    for (;;) {
        auto event = co_await from.next(std::chrono::minutes{1});
        if (auto* delta = std::get_if<generation_delta>(&event)) {
            read.text += delta->text;
            read.deltas.push_back(std::move(delta->text));
        } else if (auto* reasoning = std::get_if<generation_reasoning>(&event)) {
            read.reasoning += reasoning->text;
        } else if (auto* end = std::get_if<generation_end>(&event)) {
            read.end = std::move(*end);
            co_return read;
        } else if (std::holds_alternative<generation_idle>(event)) {
            throw std::runtime_error("nothing came for a minute");
        }
    }
}

}  // namespace parley::testing
