// The caches that must keep the port's promises. A new one joins by one line in cache_kinds().
#pragma once

#include "services/cache.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace parley::test {

/// Several processes' view of one cache, or a single one that only one process has.
class cache_under_test {
public:
    cache_under_test() = default;
    cache_under_test(cache_under_test const&) = delete;
    cache_under_test& operator=(cache_under_test const&) = delete;
    virtual ~cache_under_test() = default;

    [[nodiscard]] virtual cache& first() = 0;
    [[nodiscard]] virtual cache& second() { return first(); }
};

struct cache_kind {
    std::string name;
    std::function<std::unique_ptr<cache_under_test>(std::chrono::milliseconds ttl)> make;
};

inline void PrintTo(cache_kind const& kind, std::ostream* out) { *out << kind.name; }

[[nodiscard]] std::vector<cache_kind> cache_kinds();

}  // namespace parley::test
