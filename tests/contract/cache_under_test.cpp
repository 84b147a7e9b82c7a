#include "cache_under_test.hpp"

#include "adapters/memory/lru_cache.hpp"
#include "adapters/redis/redis_cache.hpp"
#include "services/metrics.hpp"
#include "support/redis/redis_server.hpp"

#include <stdexcept>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

class memory_cache_under_test final : public cache_under_test {
public:
    explicit memory_cache_under_test(std::chrono::milliseconds ttl) : cache_({.ttl = ttl}) {}
    cache& first() override { return cache_; }

private:
    lru_cache cache_;
};

/// One server for all tests; each test has a prefix of its own.
redis_server& shared_server() {
    static redis_server server;
    static bool const started = [] {
        server.start();
        return true;
    }();
    static_cast<void>(started);
    return server;
}

class redis_cache_under_test final : public cache_under_test {
public:
    explicit redis_cache_under_test(std::chrono::milliseconds ttl) {
        redis_cache_options how;
        how.server.where.nodes = {shared_server().endpoint()};
        how.server.command_timeout = 20s;
        how.server.connect_timeout = 20s;
        how.prefix = uuid_text(new_uuid());
        how.ttl = ttl;
        for (auto* const one : {&first_, &second_}) {
            *one = std::make_unique<redis_cache>(how, metrics_);
            if (!(*one)->wait_for_first_attempt(20s) || (*one)->state() != cache_state::ok)
                throw std::runtime_error((*one)->problem());
        }
    }
    cache& first() override { return *first_; }
    cache& second() override { return *second_; }

private:
    no_metrics metrics_;
    std::unique_ptr<redis_cache> first_;
    std::unique_ptr<redis_cache> second_;
};

}  // namespace

std::vector<cache_kind> cache_kinds() {
    return {
        {"memory", [](auto ttl) { return std::make_unique<memory_cache_under_test>(ttl); }},
        {"redis", [](auto ttl) { return std::make_unique<redis_cache_under_test>(ttl); }},
    };
}

}  // namespace parley::test
