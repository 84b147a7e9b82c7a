// Event streams of readers who may read no more, or of whom nobody can say it. Time is said.
#include "adapters/http/native/watched_stream.hpp"

#include "adapters/memory/memory_store.hpp"
#include "app/run_task.hpp"
#include "services/store_errors.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace parley::http {
namespace {

using namespace std::chrono_literals;

class set_time final : public clock {
public:
    [[nodiscard]] timestamp now() const override { return timestamp{1'000'000h} + passed; }
    std::chrono::milliseconds passed{0};
};

class store_that_fails final : public memory_store {
public:
    [[nodiscard]] task<result<std::optional<held_key>>> find_key(sha256_digest hash) override {
        if (is_down) co_return store_closed();
        co_return co_await memory_store::find_key(hash);
    }
    bool is_down = false;
};

/// Sends numbers, and lets something happen before each.
class numbers final : public event_stream {
public:
    explicit numbers(std::function<void(int)> before) : before_(std::move(before)) {}

    [[nodiscard]] task<void> run(event_sink& sink) override {
        for (int i = 0; i < 100; ++i) {
            before_(i);
            auto frame = std::to_string(i);
            bool const taken = co_await sink.write(std::move(frame));
            if (!taken) co_return;
        }
    }

private:
    std::function<void(int)> before_;
};

class counting_sink final : public event_sink {
public:
    [[nodiscard]] task<bool> write(std::string) override {
        ++written;
        co_return true;
    }
    [[nodiscard]] bool draining() const override { return false; }
    void notify_when_draining(wakeup&) override {}
    int written = 0;
};

class watched_streams : public testing::Test {
protected:
    watched_streams() {
        key.key_id = key_id::make();
        key.user_id = user_id::make();
        key.scopes = {.read = true};
        key.hash = sha256(text);
        key.created_at = time.now();
        user owner;
        owner.user_id = key.user_id;
        EXPECT_TRUE(run_task(store.create_user(owner)));
    }
    /// How many were sent; a tenth of a second passes before each.
    int sent(std::function<void(int)> const& happens) {
        EXPECT_TRUE(run_task(store.create_key(key)));
        auto const steady = [this] { return std::chrono::steady_clock::time_point{time.passed}; };
        authenticator const identity{
            std::make_unique<key_identity>(store, time, user_id::make(), "", steady)};
        request call;
        auto const shown = "Bearer " + text;
        call.headers.push_back({"Authorization", shown});
        call.caller.user_id = key.user_id;
        auto inner = std::make_unique<numbers>([this, &happens](int which) {
            time.passed += 100ms;
            happens(which);
        });
        watched_stream watched{std::move(inner), call, identity, nullptr};
        counting_sink sink;
        run_task(watched.run(sink));
        return sink.written;
    }

    set_time time;
    store_that_fails store;
    std::string text = new_key_text();
    api_key key;
};

TEST_F(watched_streams, go_on_while_their_reader_is_known) {
    EXPECT_EQ(sent([](int) {}), 100);
}

TEST_F(watched_streams, end_a_second_after_the_key_was_last_found) {
    // Found before 0 and before 10: what is remembered then is good until 20.
    auto const deleted = [this](int which) {
        if (which == 11) {
            EXPECT_TRUE(run_task(store.delete_key(key.user_id, key.key_id)));
        }
    };
    EXPECT_EQ(sent(deleted), 20);
}

TEST_F(watched_streams, end_when_the_key_does) {
    key.expires_at = time.now() + 1'550ms;
    EXPECT_EQ(sent([](int) {}), 15);
}

TEST_F(watched_streams, end_when_for_a_second_nobody_can_be_asked) {
    auto const down = [this](int which) { store.is_down = which >= 11; };
    EXPECT_EQ(sent(down), 20);
}

TEST_F(watched_streams, bear_with_a_store_that_is_away_for_less) {
    auto const down = [this](int which) { store.is_down = which >= 11 && which < 20; };
    EXPECT_EQ(sent(down), 100);
}

}  // namespace
}  // namespace parley::http
