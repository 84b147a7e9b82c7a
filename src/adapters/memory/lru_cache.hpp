// The cache in this process: shards of a least-recently-used list, bounded by bytes.
//
// A token is the key's change counter at the time of the miss. Keys share some thousand counters, so a fill
// is now and then refused because of another key's invalidation; nothing is kept for keys that are only asked
// for.
//
// Thread safety: all functions from any thread; a shard's mutex is held for a copy of one entry at most.
#pragma once

#include "services/cache.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>

namespace parley {

struct lru_cache_options {
    std::size_t max_bytes = 64UL * 1024 * 1024;  // keys, entries and their bookkeeping
    std::chrono::milliseconds ttl{5'000};        // entries live between 80 % of it and all of it
};

class lru_cache final : public cache {
public:
    explicit lru_cache(lru_cache_options options);
    ~lru_cache() override;

    [[nodiscard]] task<cache_answer> lookup(std::string key) override;
    void fill(std::string key, fill_token token, std::string bytes) override;
    [[nodiscard]] task<void> invalidate(std::string key) override;
    [[nodiscard]] cache_state state() const override { return cache_state::ok; }

    /// What the entries take now, as max_bytes counts it.
    [[nodiscard]] std::size_t size_in_bytes() const;

private:
    class shard;
    static constexpr std::size_t shard_count = 16;

    [[nodiscard]] shard& shard_of(std::size_t hash) const { return *shards_[hash % shard_count]; }

    std::chrono::milliseconds const ttl_;
    std::array<std::unique_ptr<shard>, shard_count> shards_;
};

}  // namespace parley
