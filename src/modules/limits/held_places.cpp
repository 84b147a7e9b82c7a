#include "modules/limits/held_places.hpp"

namespace parley {

task<std::optional<place>> enter_all(limiter& counts, std::vector<place> wanted, std::string who,
                                     std::chrono::milliseconds life, timestamp now) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        auto const got = co_await counts.enter(wanted[i].key, who, wanted[i].most, now + life, now);
        if (!got || got->is_allowed) continue;
        for (std::size_t before = 0; before < i; ++before) counts.leave(wanted[before].key, who);
        co_return wanted[i];
    }
    co_return std::nullopt;
}

task<void> stay_in_all(limiter& counts, std::vector<place> held, std::string who,
                       std::chrono::milliseconds life, timestamp now) {
    for (auto const& one : held) {
        static_cast<void>(co_await counts.enter(one.key, who, one.most, now + life, now));
    }
}

void leave_all(limiter& counts, std::vector<place> const& held, std::string const& who) {
    for (auto const& one : held) counts.leave(one.key, who);
}

held_places::~held_places() {
    if (entered_) leave_all(counts_, places_, who_);
}

task<std::optional<place>> held_places::enter() {
    auto full = co_await enter_all(counts_, places_, who_, life_, time_.now());
    entered_ = !full;
    co_return full;
}

task<void> held_places::stay() { return stay_in_all(counts_, places_, who_, life_, time_.now()); }

}  // namespace parley
