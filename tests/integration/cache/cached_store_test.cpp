// What the decorators add to a store: whose entry it is, one read for many, and writes that nobody overtakes.
#include "adapters/memory/lru_cache.hpp"
#include "adapters/memory/memory_store.hpp"
#include "modules/cache/cached_conversations.hpp"
#include "modules/cache/cached_identities.hpp"
#include "modules/cache/entry_codec.hpp"
#include "services/store_errors.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace parley {
namespace {

using namespace std::chrono_literals;

/// Counts reads, holds them back after they were made, and lets writes fail although they happened.
class watched_store final : public conversation_store {
public:
    explicit watched_store(boost::asio::io_context& loop)
        : gate_(loop, boost::asio::steady_timer::time_point::max()) {}

    task<result<interaction>> get_interaction(user_id user, interaction_id id) override {
        ++reads;
        auto found = co_await inner.get_interaction(user, id);
        if (hold) co_await gate_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        if (broken) co_return fail(error_kind::unavailable, "store_unavailable", "Gone.");
        co_return found;
    }
    task<result<interaction>> update_interaction(user_id user, interaction_id id, interaction_patch patch,
                                                 std::optional<std::int64_t> version,
                                                 timestamp now) override {
        auto done = co_await inner.update_interaction(user, id, std::move(patch), version, now);
        if (broken) co_return fail(error_kind::timed_out, "store_timeout", "Nobody knows.");
        co_return done;
    }
    void release() {
        hold = false;
        gate_.cancel();
    }

    task<result<void>> create_interaction(interaction v) override {
        return inner.create_interaction(std::move(v));
    }
    task<result<page<interaction>>> list_interactions(user_id u, interaction_query q) override {
        return inner.list_interactions(u, q);
    }
    task<result<void>> delete_interaction(user_id u, interaction_id i,
                                          std::optional<std::int64_t> v) override {
        return inner.delete_interaction(u, i, v);
    }
    task<result<std::optional<interaction>>> suggest_title(user_id u, interaction_id i, std::string t,
                                                           timestamp n) override {
        return inner.suggest_title(u, i, std::move(t), n);
    }
    task<result<std::size_t>> delete_expired(timestamp n, std::size_t l) override {
        return inner.delete_expired(n, l);
    }
    task<result<message>> add_message(message_addition a) override { return inner.add_message(std::move(a)); }
    task<result<turn_start>> begin_turn(turn_draft d) override { return inner.begin_turn(std::move(d)); }
    task<result<std::optional<turn_start>>> next_turn(user_id u, interaction_id i, process_id p,
                                                      timestamp n) override {
        return inner.next_turn(u, i, p, n);
    }
    task<result<std::vector<message>>> withdraw_turns(user_id u, interaction_id i,
                                                      std::optional<message_id> m, timestamp n) override {
        return inner.withdraw_turns(u, i, m, n);
    }
    task<result<std::vector<waiting_interaction>>> waiting_interactions(std::size_t n) override {
        return inner.waiting_interactions(n);
    }
    task<result<void>> checkpoint(turn_lease l, std::string c) override {
        return inner.checkpoint(l, std::move(c));
    }
    task<result<turn_end>> finish_turn(turn_lease l, turn_outcome o) override {
        return inner.finish_turn(l, std::move(o));
    }
    task<result<std::vector<active_turn>>> active_turns(std::size_t n) override {
        return inner.active_turns(n);
    }
    task<result<std::optional<message>>> expire_turn(active_turn a, timestamp n) override {
        return inner.expire_turn(a, n);
    }
    task<result<message>> get_message(user_id u, interaction_id i, message_id m) override {
        return inner.get_message(u, i, m);
    }
    task<result<message>> get_sibling(user_id u, interaction_id i, message_id m, std::int64_t n) override {
        return inner.get_sibling(u, i, m, n);
    }
    task<result<message_page>> page_of_branch(user_id u, interaction_id i, message_query q) override {
        return inner.page_of_branch(u, i, q);
    }
    task<result<void>> ping() override { return inner.ping(); }

    memory_store inner;
    int reads = 0;
    bool hold = false;
    bool broken = false;

private:
    boost::asio::steady_timer gate_;
};

class counted_lookups final : public no_metrics {
public:
    void cache_lookup(std::string_view, cache_outcome outcome) override { ++counts[outcome]; }
    std::map<cache_outcome, int> counts;
};

class cached_store : public testing::Test {
protected:
    cached_store() {
        auto const stored = finish(store_.create_interaction(value_));
        EXPECT_TRUE(stored);
    }

    template <class T>
    struct running {
        std::optional<T> outcome;
    };
    template <class T>
    std::shared_ptr<running<T>> start(task<T> work) {
        auto out = std::make_shared<running<T>>();
        boost::asio::co_spawn(loop_, std::move(work), [out](std::exception_ptr thrown, T value) {
            if (thrown) std::rethrow_exception(thrown);
            out->outcome.emplace(std::move(value));
        });
        run_dry();
        return out;
    }
    /// Until everything waits for something that only the test can do.
    void run_dry() {
        loop_.restart();
        while (loop_.poll() > 0) {
        }
    }
    template <class T>
    T finish(task<T> work) {
        auto const out = start(std::move(work));
        EXPECT_TRUE(out->outcome.has_value());
        return std::move(*out->outcome);
    }
    auto read() { return cached_.get_interaction(value_.user_id, value_.interaction_id); }
    auto rename(std::string title, std::optional<std::int64_t> version = std::nullopt) {
        return cached_.update_interaction(value_.user_id, value_.interaction_id, {.title = std::move(title)},
                                          version, value_.created_at);
    }
    static std::string title_of(result<interaction> const& found) {
        return found ? found->title : found.error().code;
    }

    boost::asio::io_context loop_{1};
    interaction const value_ = *make_interaction(user_id::make(), {.title = "first"}, from_unix_ms(1));
    watched_store store_{loop_};
    lru_cache cache_{{}};
    counted_lookups seen_;
    cached_conversations cached_{store_, cache_, seen_};
};

TEST_F(cached_store, the_second_read_asks_no_store) {
    EXPECT_EQ(finish(read()), value_);
    EXPECT_EQ(finish(read()), value_);
    EXPECT_EQ(store_.reads, 1);
    EXPECT_EQ(seen_.counts[cache_outcome::miss], 1);
    EXPECT_EQ(seen_.counts[cache_outcome::hit], 1);
}

/// As long as for one that nobody has: else the time would tell that it exists, and is in use.
TEST_F(cached_store, for_what_belongs_to_another_user_the_store_is_asked_like_for_what_is_absent) {
    EXPECT_EQ(finish(read()), value_);
    auto const stranger = finish(cached_.get_interaction(user_id::make(), value_.interaction_id));
    EXPECT_EQ(title_of(stranger), "interaction_not_found");
    EXPECT_EQ(stranger.error().kind, error_kind::not_found);
    EXPECT_EQ(store_.reads, 2);
    EXPECT_EQ(finish(read()), value_);
    EXPECT_EQ(store_.reads, 2) << "it is still kept for its owner";
}

TEST_F(cached_store, a_stranger_shares_no_flight) {
    store_.hold = true;
    auto const mine = start(read());
    auto const foreign = start(cached_.get_interaction(user_id::make(), value_.interaction_id));
    store_.release();
    run_dry();
    EXPECT_EQ(*mine->outcome, value_);
    EXPECT_EQ(title_of(*foreign->outcome), "interaction_not_found");
}

TEST_F(cached_store, many_misses_make_one_read) {
    store_.hold = true;
    std::vector<std::shared_ptr<running<result<interaction>>>> readers;
    for (int i = 0; i < 100; ++i) readers.push_back(start(read()));
    EXPECT_EQ(store_.reads, 1);
    store_.release();
    run_dry();
    for (auto const& one : readers) EXPECT_EQ(*one->outcome, value_);
    EXPECT_EQ(store_.reads, 1);
}

TEST_F(cached_store, a_read_before_a_write_is_not_kept_after_it) {
    store_.hold = true;
    auto const slow = start(read());
    EXPECT_EQ(title_of(finish(rename("second"))), "second");
    auto const later = start(read());
    EXPECT_EQ(store_.reads, 2) << "whoever comes after the write takes no old flight";
    store_.release();
    run_dry();
    EXPECT_EQ(title_of(*slow->outcome), "first");
    EXPECT_EQ(title_of(*later->outcome), "second");
    EXPECT_EQ(title_of(finish(read())), "second");
}

TEST_F(cached_store, a_write_that_may_have_happened_makes_the_entry_invalid) {
    EXPECT_EQ(title_of(finish(read())), "first");
    store_.broken = true;
    EXPECT_EQ(title_of(finish(rename("second"))), "store_timeout");
    store_.broken = false;
    EXPECT_EQ(title_of(finish(read())), "second");
}

TEST_F(cached_store, a_write_that_is_refused_by_its_version_makes_the_entry_invalid) {
    EXPECT_EQ(title_of(finish(read())), "first");
    auto behind = store_.inner.update_interaction(value_.user_id, value_.interaction_id, {.title = "second"},
                                                  std::nullopt, value_.created_at);
    EXPECT_TRUE(finish(std::move(behind)));
    EXPECT_EQ(title_of(finish(read())), "first")
        << "so it is with another process that can not reach the cache";
    EXPECT_EQ(title_of(finish(rename("third", 7))), "version_mismatch");
    EXPECT_EQ(title_of(finish(read())), "second");
}

TEST_F(cached_store, a_failed_read_is_told_to_all_and_kept_by_nobody) {
    store_.hold = true;
    auto const one = start(read());
    auto const two = start(read());
    store_.broken = true;
    store_.release();
    run_dry();
    EXPECT_EQ(title_of(*one->outcome), "store_unavailable");
    EXPECT_EQ(title_of(*two->outcome), "store_unavailable");
    store_.broken = false;
    EXPECT_EQ(title_of(finish(read())), "first");
}

TEST_F(cached_store, what_is_deleted_is_gone) {
    EXPECT_EQ(title_of(finish(read())), "first");
    auto const gone = finish(cached_.delete_interaction(value_.user_id, value_.interaction_id, std::nullopt));
    EXPECT_TRUE(gone);
    EXPECT_EQ(title_of(finish(read())), "interaction_not_found");
}

TEST_F(cached_store, an_entry_that_has_expired_is_not_shown) {
    auto expiring = value_;
    expiring.expires_at = value_.created_at;  // long past: the entry is older than the moment
    auto const answer = finish(cache_.lookup("interaction:" + value_.interaction_id.text()));
    cache_.fill("interaction:" + value_.interaction_id.text(), *std::get<cache_miss>(answer).token,
                encode_entry(expiring));
    EXPECT_EQ(title_of(finish(read())), "interaction_not_found");
    EXPECT_EQ(store_.reads, 0);
}

TEST_F(cached_store, an_entry_that_can_not_be_read_is_a_miss) {
    auto const key = "interaction:" + value_.interaction_id.text();
    auto const answer = finish(cache_.lookup(key));
    cache_.fill(key, *std::get<cache_miss>(answer).token, "\x7f something of another version");
    EXPECT_EQ(title_of(finish(read())), "first");
    EXPECT_EQ(store_.reads, 1);
}

TEST_F(cached_store, a_small_cache_keeps_to_its_bound) {
    lru_cache small{{.max_bytes = 64UL * 1024}};
    cached_conversations kept{store_, small, seen_};
    for (int i = 0; i < 500; ++i) {
        auto const one = *make_interaction(value_.user_id, {.title = std::string(100, 'x')}, from_unix_ms(1));
        EXPECT_TRUE(finish(store_.create_interaction(one)));
        EXPECT_EQ(finish(kept.get_interaction(one.user_id, one.interaction_id)), one);
        EXPECT_LE(small.size_in_bytes(), 64UL * 1024);
    }
    EXPECT_GT(small.size_in_bytes(), 32UL * 1024);
}

}  // namespace
}  // namespace parley
