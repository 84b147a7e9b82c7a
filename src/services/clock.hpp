// Where "now" comes from, so that tests can say what time it is. Thread safety: now() from any thread.
#pragma once

#include "common/timestamp.hpp"

#include <chrono>
#include <functional>

namespace parley {

/// For measuring how long something takes: never jumps. Called from any thread.
using steady_source = std::function<std::chrono::steady_clock::time_point()>;

[[nodiscard]] inline std::chrono::steady_clock::time_point steady_now() {
    return std::chrono::steady_clock::now();
}

class clock {
public:
    clock() = default;
    clock(clock const&) = delete;
    clock& operator=(clock const&) = delete;
    virtual ~clock() = default;

    [[nodiscard]] virtual timestamp now() const = 0;
};

class system_clock final : public clock {
public:
    [[nodiscard]] timestamp now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

}  // namespace parley
