#include "adapters/llama/llama_generation.hpp"

namespace parley {

task<generation_event> llama_generation::next(std::chrono::milliseconds longest) {
    auto const deadline = std::chrono::steady_clock::now() + longest;
    for (;;) {
        if (auto event = box_->take()) co_return std::move(*event);
        auto const left = deadline - std::chrono::steady_clock::now();
        if (left <= std::chrono::steady_clock::duration::zero()) co_return generation_idle{};
        co_await wakeup_.wait(std::chrono::ceil<std::chrono::milliseconds>(left));
    }
}

}  // namespace parley
