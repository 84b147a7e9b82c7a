// Callers that were found good a moment ago, so that not every request asks the store. What was found is
// good for a second, which is how fast a revoked key stops to work; what was not found is not remembered.
// Thread safety: any thread.
#pragma once

#include "common/sha256.hpp"
#include "modules/identity/caller.hpp"
#include "services/clock.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace parley {

class recent_callers {
public:
    static constexpr std::chrono::milliseconds longest{1'000};

    /// Keeps at most about `most` of them.
    explicit recent_callers(steady_source time = steady_now, std::size_t most = 65'536);

    [[nodiscard]] std::optional<caller> find(sha256_digest const& shown) const;

    /// For `lasting`, and at most `longest`.
    void remember(sha256_digest const& shown, caller const& who, std::chrono::milliseconds lasting = longest);

private:
    using steady = std::chrono::steady_clock;
    struct entry {
        caller who;
        steady::time_point until;
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
