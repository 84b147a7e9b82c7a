#include "adapters/memory/live_reply.hpp"

#include "common/utf8.hpp"

#include <algorithm>

namespace parley {
namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

}  // namespace

void live_reply::append(std::string_view text) {
    if (text.empty()) return;
    std::lock_guard const lock{guard_};
    text_ += text;
    wake_all();
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

feed_event live_reply::next(std::size_t& place) {
    std::lock_guard const lock{guard_};
    if (place < text_.size()) {
        while (place > 0 && continues_character(text_[place])) --place;
        auto piece = std::string_view{text_}.substr(place);
        piece = piece.substr(0, utf8_prefix(piece, longest_piece));
        place += piece.size();
        return feed_delta{std::string{piece}, place};
    }
    if (finished_) return feed_end{*finished_};
    if (abandoned_) return feed_lost{};
    return feed_idle{};
}

void live_reply::wake_all() {
    for (auto* const sleeper : sleepers_) sleeper->notify();
}

}  // namespace parley
