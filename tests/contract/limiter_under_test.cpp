#include "limiter_under_test.hpp"

#include "adapters/memory/memory_limiter.hpp"
#include "adapters/redis/redis_limiter.hpp"
#include "common/id.hpp"
#include "services/metrics.hpp"
#include "support/redis/redis_server.hpp"

#include <stdexcept>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

class memory_limiter_under_test final : public limiter_under_test {
public:
    limiter& first() override { return limiter_; }

private:
    memory_limiter limiter_;
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

/// In place of what decides when Redis does not answer: here it must answer.
class no_limiter final : public limiter {
public:
    [[nodiscard]] task<result<limit_verdict>> take(std::string, rate_limit, timestamp) override {
        co_return absent();
    }
    [[nodiscard]] task<result<limit_verdict>> enter(std::string, std::string, std::int64_t, timestamp,
                                                    timestamp) override {
        co_return absent();
    }
    void leave(std::string, std::string) override {}
    void add(std::string, std::int64_t, timestamp, timestamp) override {}
    [[nodiscard]] task<result<std::int64_t>> sum_of(std::string, timestamp) override { co_return absent(); }

private:
    static std::unexpected<error> absent() {
        return fail(error_kind::unavailable, "redis_absent", "Redis has not answered.");
    }
};

class redis_limiter_under_test final : public limiter_under_test {
public:
    redis_limiter_under_test() {
        redis_limiter_options how;
        how.server.where.nodes = {shared_server().endpoint()};
        how.server.command_timeout = 20s;
        how.server.connect_timeout = 20s;
        how.prefix = uuid_text(new_uuid());
        for (auto* const one : {&first_, &second_}) {
            *one = std::make_unique<redis_limiter>(how, std::make_unique<no_limiter>(), metrics_);
            if (!(*one)->wait_for_first_attempt(20s) || !(*one)->is_shared())
                throw std::runtime_error((*one)->problem());
        }
    }
    limiter& first() override { return *first_; }
    limiter& second() override { return *second_; }

private:
    no_metrics metrics_;
    std::unique_ptr<redis_limiter> first_;
    std::unique_ptr<redis_limiter> second_;
};

}  // namespace

std::vector<limiter_kind> limiter_kinds() {
    return {
        {"memory", [] { return std::make_unique<memory_limiter_under_test>(); }},
        {"redis", [] { return std::make_unique<redis_limiter_under_test>(); }},
    };
}

}  // namespace parley::test
