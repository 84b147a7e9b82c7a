// Limits in one process. What is used up no more is forgotten, so that memory follows those who are active.
// Thread safety: as the port says. Ownership: keeps everything itself. Errors: none.
#pragma once

#include "services/limiter.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <unordered_map>

namespace parley {

class memory_limiter final : public limiter {
public:
    [[nodiscard]] task<result<limit_verdict>> take(std::string key, rate_limit rate, timestamp now) override;
    [[nodiscard]] task<result<limit_verdict>> enter(std::string key, std::string who, std::int64_t most,
                                                    timestamp until, timestamp now) override;
    void leave(std::string key, std::string who) override;
    void add(std::string key, std::int64_t amount, timestamp until, timestamp now) override;
    [[nodiscard]] task<result<std::int64_t>> sum_of(std::string key, timestamp now) override;

    /// Keys that are kept now.
    [[nodiscard]] std::size_t size() const;

private:
    struct bucket {
        std::int64_t used = 0;  // in shares of one: what is asked for costs as many as its window has ms
        timestamp as_of{};      // the latest time that anybody said
        timestamp empty_at{};   // nothing is used any more
    };
    struct sum {
        std::int64_t amount = 0;
        timestamp until{};
    };
    struct shard {
        mutable std::mutex guard;
        std::unordered_map<std::string, bucket> buckets;                           // guarded, as below
        std::unordered_map<std::string, std::map<std::string, timestamp>> places;  // who, until when
        std::unordered_map<std::string, sum> sums;
        std::size_t until_sweep = first_sweep;

        [[nodiscard]] std::size_t size() const { return buckets.size() + places.size() + sums.size(); }
    };
    static constexpr std::size_t first_sweep = 256;

    [[nodiscard]] static limit_verdict take_from(bucket& one, rate_limit rate, timestamp now);
    [[nodiscard]] shard& shard_of(std::string const& key);
    static void sweep(shard& in, timestamp now);

    std::array<shard, 16> shards_;
};

}  // namespace parley
