#include "adapters/memory/user_ring.hpp"

#include <charconv>
#include <utility>

namespace parley {
namespace {

struct text_counter {
    std::size_t operator()(interaction_created const& event) const { return text_bytes(event.value); }
    std::size_t operator()(interaction_changed const& event) const { return text_bytes(event.value); }
    std::size_t operator()(interaction_titled const& event) const { return text_bytes(event.value); }
    std::size_t operator()(interaction_deleted const&) const { return 0; }
    std::size_t operator()(message_created const& event) const { return text_bytes(event.value); }
    std::size_t operator()(reply_waiting const& event) const { return text_bytes(event.value); }
    std::size_t operator()(reply_begun const& event) const { return text_bytes(event.value); }
    std::size_t operator()(model_loading const& event) const { return text_bytes(event.value); }
    std::size_t operator()(reply_ended const& event) const { return text_bytes(event.value); }
};

}  // namespace

user_ring::user_ring(std::size_t most_events, std::size_t most_bytes)
    : most_events_(most_events),
      most_bytes_(most_bytes),
      run_(uuid_text(new_uuid())) {}

void user_ring::append(user_event what) {
    auto const bytes = std::visit(text_counter{}, what);
    auto event = std::make_shared<user_event const>(std::move(what));
    std::lock_guard const lock{guard_};
    kept_.push_back({std::move(event), bytes});
    bytes_ += bytes;
    ++published_;
    while (kept_.size() > 1 && (kept_.size() > most_events_ || bytes_ > most_bytes_)) {
        bytes_ -= kept_.front().bytes;
        kept_.pop_front();
    }
    for (auto* const sleeper : sleepers_) sleeper->notify();
}

user_ring::place user_ring::end() const {
    std::lock_guard const lock{guard_};
    return published_;
}

user_ring::place user_ring::find(std::string_view id) const {
    if (!id.starts_with(run_) || id.size() < run_.size() + 2 || id[run_.size()] != '-') return std::nullopt;
    auto const digits = id.substr(run_.size() + 1);
    std::uint64_t number = 0;
    auto const [stopped, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (failed != std::errc{} || stopped != digits.data() + digits.size()) return std::nullopt;
    std::lock_guard const lock{guard_};
    return number > published_ ? std::nullopt : std::optional{number};
}

user_feed_event user_ring::next(place& at) {
    std::lock_guard const lock{guard_};
    if (at == published_) return nothing_happened{};
    auto const dropped = published_ - kept_.size();
    if (!at || *at < dropped) {
        at = published_;
        return feed_gap{id_text(published_)};
    }
    auto const index = static_cast<std::size_t>(*at - dropped);
    at = *at + 1;
    return numbered_event{id_text(*at), kept_[index].event};
}

void user_ring::add(wakeup& sleeper) {
    std::lock_guard const lock{guard_};
    sleepers_.push_back(&sleeper);
}

void user_ring::remove(wakeup& sleeper) {
    std::lock_guard const lock{guard_};
    std::erase(sleepers_, &sleeper);
}

std::string user_ring::id_text(std::uint64_t number) const { return run_ + "-" + std::to_string(number); }

}  // namespace parley
