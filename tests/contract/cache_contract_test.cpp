#include "cache_under_test.hpp"
#include "support/event_loops.hpp"
#include "support/wait_until.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <optional>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

constexpr auto long_ttl = 60'000ms;

class cache_contract : public testing::TestWithParam<cache_kind> {
protected:
    cache& first() { return made(long_ttl).first(); }
    cache& second() { return made(long_ttl).second(); }
    cache_under_test& made(std::chrono::milliseconds ttl) {
        if (!kept_) kept_ = GetParam().make(ttl);
        return *kept_;
    }
    event_loops& loops() { return loops_; }

    cache_answer lookup(cache& in, std::string const& key = "key") { return loops_.run(in.lookup(key)); }
    std::optional<std::string> bytes(cache& in, std::string const& key = "key") {
        auto answer = lookup(in, key);
        auto* const hit = std::get_if<cache_hit>(&answer);
        return hit == nullptr ? std::nullopt : std::optional{std::move(hit->bytes)};
    }
    /// The token of a first miss, which every cache gives.
    fill_token token(cache& in, std::string const& key = "key") {
        auto const answer = lookup(in, key);
        auto const* const miss = std::get_if<cache_miss>(&answer);
        EXPECT_NE(miss, nullptr);
        EXPECT_TRUE(miss != nullptr && miss->token);
        return miss != nullptr ? miss->token.value_or(fill_token{}) : fill_token{};
    }
    void invalidate(cache& in, std::string const& key = "key") { EXPECT_TRUE(loops_.run(discard(in, key))); }
    static task<bool> discard(cache& in, std::string key) {
        co_await in.invalidate(std::move(key));
        co_return true;
    }

private:
    std::unique_ptr<cache_under_test> kept_;
    event_loops loops_;  // joined before the cache goes
};

std::string name_of_cache(testing::TestParamInfo<cache_kind> const& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(every_cache, cache_contract, testing::ValuesIn(cache_kinds()), name_of_cache);

TEST_P(cache_contract, what_was_filled_is_found) {
    auto const right = token(first());
    first().fill("key", right, "bytes");
    EXPECT_EQ(bytes(first()), "bytes");
    EXPECT_EQ(bytes(second()), "bytes");
    EXPECT_EQ(bytes(first(), "another key"), std::nullopt);
    EXPECT_EQ(first().state(), cache_state::ok);
}

TEST_P(cache_contract, any_bytes_are_kept) {
    std::string every;
    for (int byte = 0; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
    std::string const large(300'000, '\0');
    std::map<std::string, std::string> const entries{{"empty", ""}, {"every", every}, {"large", large}};
    for (auto const& [key, value] : entries) {
        first().fill(key, token(first(), key), value);
        EXPECT_EQ(bytes(first(), key), value) << key;
        EXPECT_EQ(bytes(second(), key), value) << key;
    }
}

TEST_P(cache_contract, a_fill_after_an_invalidation_is_refused) {
    auto const early = token(first());
    invalidate(second());
    first().fill("key", early, "old");
    EXPECT_EQ(bytes(first()), std::nullopt);
    EXPECT_EQ(bytes(second()), std::nullopt);
}

TEST_P(cache_contract, a_fill_that_an_invalidation_has_overtaken_does_not_replace_a_newer_one) {
    auto const early = token(first());
    invalidate(second());
    second().fill("key", token(second()), "new");
    EXPECT_EQ(bytes(second()), "new");
    first().fill("key", early, "old");
    EXPECT_EQ(bytes(first()), "new");
    EXPECT_EQ(bytes(second()), "new");
}

TEST_P(cache_contract, an_invalidated_entry_is_gone_for_everybody) {
    first().fill("key", token(first()), "bytes");
    EXPECT_EQ(bytes(first()), "bytes");
    invalidate(second());
    EXPECT_EQ(bytes(first()), std::nullopt);
    EXPECT_EQ(bytes(second()), std::nullopt);
}

TEST_P(cache_contract, after_an_invalidation_it_can_be_filled_again) {
    first().fill("key", token(first()), "one");
    invalidate(first());
    first().fill("key", token(first()), "two");
    EXPECT_EQ(bytes(first()), "two");
    EXPECT_EQ(bytes(second()), "two");
}

TEST_P(cache_contract, a_token_is_good_for_its_own_key) {
    auto const right = token(first(), "a");
    invalidate(first(), "b");
    first().fill("b", {right.value + 12345, right.given}, "bytes");
    EXPECT_EQ(bytes(first(), "b"), std::nullopt);
}

TEST_P(cache_contract, entries_die_of_age) {
    auto& kept = made(200ms).first();
    kept.fill("key", token(kept), "bytes");
    EXPECT_TRUE(wait_until([&] { return !bytes(kept); }));
}

TEST_P(cache_contract, age_counts_from_the_token_not_from_the_fill) {
    auto& kept = made(200ms).first();
    auto const early = token(kept);
    ASSERT_TRUE(wait_until([&] { return std::chrono::steady_clock::now() - early.given > 200ms; }));
    kept.fill("key", early, "bytes");
    EXPECT_EQ(bytes(kept), std::nullopt);
}

/// A store of one number that is read through a cache, as the decorators do it.
struct shared_number {
    std::atomic<int> stored = 0;
    std::atomic<int> acknowledged = 0;
};

task<bool> read_often(cache& kept, shared_number& number) {
    bool right = true;
    for (int i = 0; i < 200; ++i) {
        auto const least = number.acknowledged.load();
        auto const answer = co_await kept.lookup("number");
        if (auto const* const hit = std::get_if<cache_hit>(&answer)) {
            right = right && std::stoi(hit->bytes) >= least;
            continue;
        }
        auto const seen = number.stored.load();
        auto const& miss = std::get<cache_miss>(answer);
        if (miss.token) kept.fill("number", *miss.token, std::to_string(seen));
    }
    co_return right;
}

task<bool> write_often(cache& kept, shared_number& number) {
    for (int i = 0; i < 200; ++i) {
        auto const fresh = ++number.stored;
        co_await kept.invalidate("number");
        auto known = number.acknowledged.load();
        while (known < fresh && !number.acknowledged.compare_exchange_weak(known, fresh)) {
        }
    }
    co_return true;
}

TEST_P(cache_contract, whoever_reads_after_a_write_was_acknowledged_sees_it) {
    shared_number number;
    std::vector<task<bool>> racing;
    for (int i = 0; i < 6; ++i) racing.push_back(read_often(i % 2 == 0 ? first() : second(), number));
    racing.push_back(write_often(first(), number));
    racing.push_back(write_often(second(), number));
    for (bool const right : loops().run_all(std::move(racing))) EXPECT_TRUE(right);
    auto const last = bytes(first(), "number");
    EXPECT_EQ(last.value_or("400"), "400");
}

}  // namespace
}  // namespace parley::test
