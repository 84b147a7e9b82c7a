// Where "now" comes from, so that tests can say what time it is. Thread safety: now() from any thread.
#pragma once

#include "common/timestamp.hpp"

namespace parley {

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
