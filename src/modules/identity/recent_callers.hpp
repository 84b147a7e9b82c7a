// Callers that were found good a moment ago, so that not every request asks the store. What was found is
// good for a second, which is how fast a revoked key stops to work; what was not found is not remembered.
// The second counts from when the store was asked: its answer may be late, and old by then.
// Thread safety: any thread.
#pragma once

#include "common/sha256.hpp"
#include "modules/identity/caller.hpp"
#include "services/clock.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace parley {

class recent_callers {
public:
    static constexpr std::chrono::milliseconds longest{1'000};

    /// Keeps at most about `most` of them.
    explicit recent_callers(steady_source time = steady_now, std::size_t most = 65'536);

    using steady = std::chrono::steady_clock;

    struct finding {
        caller who;
        steady::time_point asked;                     // now(), before the store was
        std::chrono::milliseconds lasting = longest;  // from then on, and at most `longest`
        std::shared_ptr<void const> proof{};          // what it was verified with, where that may be replaced
    };

    [[nodiscard]] steady::time_point now() const { return time_(); }

    /// What was verified with another `proof` is not found.
    [[nodiscard]] std::optional<caller> find(sha256_digest const& shown,
                                             std::shared_ptr<void const> const& proof = {}) const;

    void remember(sha256_digest const& shown, finding const& found);

private:
    struct entry {
        caller who;
        steady::time_point until;
        std::shared_ptr<void const> proof;  // held, so that nothing else comes to lie at its address
    };
    struct digest_hash {
        std::size_t operator()(sha256_digest const& digest) const noexcept {
            std::size_t out = 0;
            std::memcpy(&out, digest.data(), sizeof out);
            return out;
        }
    };
    static constexpr std::size_t how_many_shards = 16;
    struct shard {
        std::mutex guard;
        std::unordered_map<sha256_digest, entry, digest_hash> entries;  // guarded
    };

    [[nodiscard]] shard& shard_of(sha256_digest const& shown) const;

    steady_source time_;
    std::size_t most_;  // in one shard
    mutable std::array<shard, how_many_shards> shards_;
};

}  // namespace parley
