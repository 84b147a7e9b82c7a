#include "adapters/memory/live_reply.hpp"

#include "common/utf8.hpp"

#include <algorithm>
#include <utility>

namespace parley {
namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

/// From `place` on, which moves behind it; it begins and ends with whole characters.
std::string_view take_piece(std::string const& from, std::size_t& place) {
    while (place > 0 && continues_character(from[place])) --place;
    auto piece = std::string_view{from}.substr(place);
    piece = piece.substr(0, utf8_prefix(piece, live_reply::longest_piece));
    place += piece.size();
    return piece;
}

}  // namespace

void live_reply::append(std::string_view text) {
    if (text.empty()) return;
    std::lock_guard const lock{guard_};
    text_ += text;
    wake_all();
}

void live_reply::append_reasoning(std::string_view text) {
    if (text.empty()) return;
    std::lock_guard const lock{guard_};
    reasoning_ += text;
    wake_all();
}

live_reply::place live_reply::begin(std::size_t text) {
    std::lock_guard const lock{guard_};
    return {.text = text, .reasoning = text == 0 ? 0 : reasoning_.size()};
}

void live_reply::finish(message reply) {
    std::lock_guard const lock{guard_};
    if (finished_ || abandoned_) return;
    finished_ = std::move(reply);
    wake_all();
}

void live_reply::abandon() {
    std::lock_guard const lock{guard_};
    if (finished_ || abandoned_) return;
    abandoned_ = true;
    wake_all();
}

void live_reply::add(wakeup& sleeper) {
    std::lock_guard const lock{guard_};
    sleepers_.push_back(&sleeper);
}

void live_reply::remove(wakeup& sleeper) {
    std::lock_guard const lock{guard_};
    std::erase(sleepers_, &sleeper);
}

feed_event live_reply::next(place& at) {
    std::lock_guard const lock{guard_};
    if (at.reasoning < reasoning_.size()) {
        std::string piece{take_piece(reasoning_, at.reasoning)};
        return feed_reasoning{std::move(piece), at.reasoning};
    }
    if (at.text < text_.size()) {
        std::string piece{take_piece(text_, at.text)};
        return feed_delta{std::move(piece), at.text};
    }
    if (finished_) return feed_end{*finished_};
    if (abandoned_) return feed_lost{};
    return feed_idle{};
}

void live_reply::wake_all() {
    for (auto* const sleeper : sleepers_) sleeper->notify();
}

}  // namespace parley
