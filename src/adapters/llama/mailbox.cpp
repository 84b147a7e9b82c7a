#include "adapters/llama/mailbox.hpp"

#include <utility>

namespace parley {

void mailbox::append(std::string_view text) {
    if (text.empty()) return;
    std::lock_guard const lock(mutex_);
    text_ += text;
    if (reader_ != nullptr) reader_->notify();
}

void mailbox::append_reasoning(std::string_view text) {
    if (text.empty()) return;
    std::lock_guard const lock(mutex_);
    reasoning_ += text;
    if (reader_ != nullptr) reader_->notify();
}

void mailbox::finish(generation_end end) {
    std::lock_guard const lock(mutex_);
    if (end_) return;
    end_ = std::move(end);
    if (price_) end_->usage.cost = cost_of(end_->usage, *price_);
    if (reader_ != nullptr) reader_->notify();
}

std::optional<generation_event> mailbox::take() {
    std::lock_guard const lock(mutex_);
    if (!reasoning_.empty()) return generation_reasoning{std::exchange(reasoning_, {})};
    if (!text_.empty()) return generation_delta{std::exchange(text_, {})};
    if (end_) return *end_;
    return std::nullopt;
}

void mailbox::detach() {
    ask_to_stop();
    std::lock_guard const lock(mutex_);
    reader_ = nullptr;
}

}  // namespace parley
