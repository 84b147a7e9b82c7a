// Waiting for a condition, with a deadline; never for a time.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace parley::test {

/// Looks again and again; false when `patience` has passed.
template <class Condition>
[[nodiscard]] bool wait_until(Condition const& condition,
                              std::chrono::milliseconds patience = std::chrono::seconds{20}) {
    auto const deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

}  // namespace parley::test
