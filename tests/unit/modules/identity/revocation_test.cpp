// How fast what was good stops to be: the store is slow, and time is said.
#include "adapters/memory/memory_store.hpp"
#include "app/run_task.hpp"
#include "modules/identity/external_user.hpp"
#include "modules/identity/key_identity.hpp"
#include "modules/identity/proxy_identity.hpp"
#include "modules/identity/token_identity.hpp"
#include "services/store_errors.hpp"
#include "support/temporary_folder.hpp"
#include "unit/modules/identity/token_maker.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

/// Both clocks of a server go together, and good_claims are good for hours.
class said_time final : public clock {
public:
    [[nodiscard]] timestamp now() const override { return timestamp{1'999'990'000s} + passed; }
    [[nodiscard]] steady_source steady() {
        return [this] { return std::chrono::steady_clock::time_point{passed}; };
    }
    std::chrono::milliseconds passed{0};
};

/// Whose answers take a while.
class slow_store final : public memory_store {
public:
    explicit slow_store(said_time& time) : time_(time) {}

    [[nodiscard]] task<result<std::optional<held_key>>> find_key(sha256_digest hash) override {
        auto found = co_await memory_store::find_key(hash);
        time_.passed += reading;
        co_return found;
    }
    [[nodiscard]] task<result<user>> external_user(external_identity name, user fresh) override {
        ++seen;
        auto found = co_await memory_store::external_user(std::move(name), std::move(fresh));
        time_.passed += reading;
        co_return found;
    }
    [[nodiscard]] task<result<void>> key_used(key_id, timestamp) override {
        ++uses;
        co_return store_closed();
    }

    std::chrono::milliseconds reading{0};
    int seen = 0;
    int uses = 0;

private:
    said_time& time_;
};

class revocation_test : public testing::Test {
protected:
    revocation_test() {
        EXPECT_TRUE(run_task(store.create_user({owner, "Ada", {}, time.now()})));
        add_key();
    }
    void add_key() {
        key.key_id = key_id::make();
        key.user_id = owner;
        key.scopes = {.read = true};
        key.hash = sha256(text);
        key.created_at = time.now();
        EXPECT_TRUE(run_task(store.create_key(key)));
    }
    void delete_key() { EXPECT_TRUE(run_task(store.delete_key(owner, key.key_id))); }
    std::string code() {
        auto const who = run_task(keys.identify(text));
        return who ? "ok" : who.error().code;
    }

    said_time time;
    slow_store store{time};
    user_id owner = user_id::make();
    std::string text = new_key_text();
    api_key key;
    key_identity keys{store, time, user_id::make(), "", time.steady()};
};

TEST_F(revocation_test, a_deleted_key_is_good_for_a_second_from_when_it_was_looked_for) {
    store.reading = 700ms;
    EXPECT_EQ(code(), "ok");
    delete_key();
    time.passed += 299ms;
    EXPECT_EQ(code(), "ok");
    time.passed += 1ms;
    EXPECT_EQ(code(), "invalid_api_key");
}

TEST_F(revocation_test, a_key_ends_at_its_end) {
    delete_key();
    key.expires_at = time.now() + 500ms;
    add_key();
    EXPECT_EQ(code(), "ok");
    time.passed += 499ms;
    EXPECT_EQ(code(), "ok");
    time.passed += 1ms;
    EXPECT_EQ(code(), "expired_api_key");
}

TEST_F(revocation_test, who_has_a_key_with_an_end_or_limits_is_bounded) {
    EXPECT_FALSE(run_task(keys.identify(text))->is_bounded);
    delete_key();
    key.expires_at = time.now() + 1h;
    add_key();
    time.passed += 1s;
    EXPECT_TRUE(run_task(keys.identify(text))->is_bounded);
    delete_key();
    key.expires_at.reset();
    key.limits.tokens_per_day = 7;
    add_key();
    time.passed += 1s;
    EXPECT_TRUE(run_task(keys.identify(text))->is_bounded);
}

TEST_F(revocation_test, a_use_that_can_not_be_written_is_tried_once_a_minute) {
    for (int i = 0; i < 59; ++i) {
        EXPECT_EQ(code(), "ok");
        time.passed += 1s;
    }
    EXPECT_EQ(store.uses, 1);
    time.passed += 1s;
    EXPECT_EQ(code(), "ok");
    EXPECT_EQ(store.uses, 2);
}

TEST_F(revocation_test, whom_a_proxy_names_is_looked_for_again_after_a_second) {
    proxy_identity proxy{store, time, proxy_list::parse({"127.0.0.1"}).value(), "X-User", time.steady()};
    auto const ask = [&] {
        credentials const shown{std::nullopt, "ada", boost::asio::ip::make_address("127.0.0.1")};
        return run_task(proxy.identify(shown)).has_value();
    };
    store.reading = 700ms;
    EXPECT_TRUE(ask());
    time.passed += 299ms;
    EXPECT_TRUE(ask());
    EXPECT_EQ(store.seen, 1);
    time.passed += 1ms;
    EXPECT_TRUE(ask());
    EXPECT_EQ(store.seen, 2);
}

class token_revocation_test : public revocation_test {
protected:
    token_revocation_test() { write(issuer().set); }
    void write(std::string const& set) const {
        auto const beside = path.string() + ".new";
        std::ofstream{beside, std::ios::binary} << set;
        std::filesystem::rename(beside, path);
    }

    temporary_folder folder;
    std::filesystem::path path = folder.path() / "keys.json";
    jwt_rules rules{"https://issuer.example", {"parley"}, 60s};
    std::string token = issuer().rs.token(R"({"alg":"RS256","kid":"rs"})", good_claims);
};

TEST_F(token_revocation_test, a_signing_key_that_is_taken_away_ends_its_tokens_at_the_next_look) {
    auto const file = jwk_file::open(path, time.steady()).value();
    token_identity tokens{store, time, *file, rules, time.steady()};
    EXPECT_TRUE(run_task(tokens.identify(token)));
    write(R"({"keys":[)" + issuer().es.jwk(R"(,"kid":"es")") + "]}");
    time.passed += 900ms;
    EXPECT_TRUE(run_task(tokens.identify(token))) << "remembered, and the file not looked at";
    time.passed += 100ms;
    auto const refused = run_task(tokens.identify(token));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "invalid_token");
}

TEST_F(token_revocation_test, the_set_is_asked_before_the_memory) {
    auto const file = jwk_file::open(path, time.steady()).value();
    token_identity tokens{store, time, *file, rules, time.steady()};
    time.passed += 900ms;
    EXPECT_TRUE(run_task(tokens.identify(token)));
    write(R"({"keys":[)" + issuer().es.jwk(R"(,"kid":"es")") + "]}");
    time.passed += 100ms;
    EXPECT_FALSE(run_task(tokens.identify(token))) << "known for a tenth of a second, by a set that is gone";
}

TEST_F(token_revocation_test, who_was_known_and_is_deleted_is_not_made_again) {
    auto const file = jwk_file::open(path, time.steady()).value();
    token_identity tokens{store, time, *file, rules, time.steady()};
    auto const before = run_task(tokens.identify(token)).value().user_id;
    EXPECT_EQ(run_task(tokens.identify(token, before)).value().user_id, before);
    ASSERT_TRUE(run_task(store.delete_user(before, timestamp{1h})));
    time.passed += 1s;
    auto const gone = run_task(tokens.identify(token, before));
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, "user_deleted");
    auto const again = run_task(tokens.identify(token));
    ASSERT_TRUE(again) << "who comes again is made again";
    EXPECT_NE(again->user_id, before);
}

TEST(external_users, are_called_what_can_be_shown) {
    memory_store store;
    auto const called = [&store](std::string name) {
        external_identity who{"issuer", hex(sha256(name))};
        return run_task(known_user(store, std::move(who), std::move(name), timestamp{1h}))->name;
    };
    std::string const fits(200, 'x');
    EXPECT_EQ(called("Ada L\xc3\xb6velace \xf0\x9f\x98\x80"), "Ada L\xc3\xb6velace \xf0\x9f\x98\x80");
    EXPECT_EQ(called(fits), fits);
    for (auto const& name : {fits + "x", std::string{"a\0b", 3}, std::string{"a\nb"}, std::string{"\x1b[31m"},
                             std::string{"\x7f"}, std::string{"a\xc2\x85"}, std::string{"a\xc2\x9f"},
                             std::string{"\xff"}, std::string{"a\xc2"}}) {
        EXPECT_EQ(called(name), "");
    }
    EXPECT_EQ(called("\xc2\xa0"), "\xc2\xa0") << "no control character any more";
}

}  // namespace
}  // namespace parley::test
