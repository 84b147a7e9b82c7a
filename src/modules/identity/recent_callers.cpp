#include "modules/identity/recent_callers.hpp"

#include <algorithm>
#include <utility>

namespace parley {

recent_callers::recent_callers(steady_source time, std::size_t most)
    : time_(std::move(time)),
      most_(std::max<std::size_t>(most / how_many_shards, 1)) {}

recent_callers::shard& recent_callers::shard_of(sha256_digest const& shown) const {
    return shards_[shown.back() % shards_.size()];
}

std::optional<caller> recent_callers::find(sha256_digest const& shown,
                                           std::shared_ptr<void const> const& proof) const {
    auto const now = time_();
    auto& in = shard_of(shown);
    std::scoped_lock const lock{in.guard};
    auto const found = in.entries.find(shown);
    if (found == in.entries.end() || found->second.until <= now) return std::nullopt;
    if (found->second.proof != proof) return std::nullopt;
    return found->second.who;
}

void recent_callers::remember(sha256_digest const& shown, finding const& found) {
    auto const now = time_();
    auto& in = shard_of(shown);
    std::scoped_lock const lock{in.guard};
    if (in.entries.size() >= most_) {
        std::erase_if(in.entries, [now](auto const& one) { return one.second.until <= now; });
        if (in.entries.size() >= most_) in.entries.clear();  // the store is asked anew: slower, never wrong
    }
    auto const until = found.asked + std::min(found.lasting, longest);
    in.entries.insert_or_assign(shown, entry{found.who, until, found.proof});
}

}  // namespace parley
