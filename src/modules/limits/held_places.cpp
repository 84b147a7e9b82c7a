#include "modules/limits/held_places.hpp"

namespace parley {

task<bool> enter_all(limiter& counts, std::vector<place> wanted, std::string who,
                     std::chrono::milliseconds life, timestamp now) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        auto const got = co_await counts.enter(wanted[i].key, who, wanted[i].most, now + life, now);
        if (!got || got->is_allowed) continue;
        for (std::size_t before = 0; before < i; ++before) counts.leave(wanted[before].key, who);
        co_return false;
    }
    co_return true;
}

held_places::~held_places() {
    if (!entered_) return;
    for (auto const& one : places_) counts_.leave(one.key, who_);
}

task<bool> held_places::enter() {
    entered_ = co_await enter_all(counts_, places_, who_, life_, time_.now());
    co_return entered_;
}

task<void> held_places::stay() {
    static_cast<void>(co_await enter_all(counts_, places_, who_, life_, time_.now()));
}

}  // namespace parley
