// Places of replies: held while the reply goes on, free when it is over, whoever ended it and whether or not
// this process heard of it.
#include "adapters/memory/memory_limiter.hpp"
#include "adapters/memory/memory_store.hpp"
#include "app/run_task.hpp"
#include "modules/limits/place_keeper.hpp"

#include <gtest/gtest.h>

#include <set>

namespace parley {
namespace {

using namespace std::chrono_literals;

class moved_clock final : public clock {
public:
    [[nodiscard]] timestamp now() const override { return now_; }
    void move(std::chrono::milliseconds by) { now_ += by; }

private:
    timestamp now_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 26}};
};

class reply_places : public ::testing::Test {
protected:
    reply_places() {
        user_ = run_task(store_.local_user(time_.now()))->user_id;
        talk_ = *make_interaction(user_, {}, time_.now());
        EXPECT_TRUE(run_task(store_.create_interaction(talk_)));
    }

    turn_request request() {
        turn_request asked{.user_id = user_, .interaction_id = talk_.interaction_id, .message = {}};
        asked.message = message_draft{.content = "Hello?"};
        asked.ids = turn_ids::at(time_.now());
        asked.allowed.of_user.queued_generations = 1;
        return asked;
    }
    /// Lets it in and stores it: the first as running, those behind it as waiting.
    turn_start begin(turn_request const& asked) {
        EXPECT_TRUE(run_task(limits_.enter(asked)));
        return *run_task(store_.begin_turn({.user_id = asked.user_id,
                                            .interaction_id = asked.interaction_id,
                                            .owner = process_id::make(),
                                            .user_message_id = asked.ids.user_message,
                                            .user_message = asked.message,
                                            .transformed_content = std::nullopt,
                                            .reply_id = asked.ids.reply,
                                            .model_name = "m",
                                            .may_wait = true,
                                            .now = asked.ids.now}));
    }
    void end(turn_start const& turn) {
        turn_outcome how{.content = "done", .finish_reason = {}, .usage = {}, .timings = {}, .error = {}};
        how.usage = token_usage{5, 0, 7, false, {}};
        how.now = time_.now();
        EXPECT_TRUE(run_task(store_.finish_turn(turn.lease, how)));
    }
    void minutes_pass(int many) {
        for (int i = 0; i < 3 * many; ++i) {
            time_.move(20s);
            run_task(keeper_.look());
        }
    }
    bool has_room() {
        auto const asked = request();
        bool const entered = run_task(limits_.enter(asked)).has_value();
        if (entered) limits_.refused(asked);
        return entered;
    }

    moved_clock time_;
    memory_store store_;
    memory_limiter counts_;
    usage_guard limits_{counts_, store_, time_, {}, 15s};
    std::set<message_id> written_here_;
    place_keeper keeper_{limits_, store_, [this](message_id id) { return written_here_.contains(id); }};
    user_id user_;
    interaction talk_;
};

TEST_F(reply_places, one_that_is_written_here_is_held_however_long_it_takes) {
    auto const asked = request();
    auto const turn = begin(asked);
    written_here_.insert(turn.reply.message_id);
    minutes_pass(90);
    EXPECT_FALSE(has_room());
    written_here_.clear();
    end(turn);
    limits_.over(user_, turn.reply);
    EXPECT_TRUE(has_room());
}

TEST_F(reply_places, one_that_waits_is_held) {
    auto first = request();
    first.allowed.of_user.queued_generations = 2;
    static_cast<void>(begin(first));
    auto second = request();
    second.allowed.of_user.queued_generations = 2;
    EXPECT_EQ(begin(second).reply.status, message_status::queued);
    minutes_pass(90);
    EXPECT_FALSE(has_room());
}

TEST_F(reply_places, one_that_another_process_wrote_is_free_and_counted_when_its_end_is_seen) {
    auto asked = request();
    asked.allowed.key_id = key_id::make();
    asked.allowed.of_key.tokens_per_day = 10;
    auto const turn = begin(asked);
    end(turn);
    EXPECT_FALSE(has_room());
    minutes_pass(1);
    EXPECT_TRUE(has_room());

    auto next = request();
    next.allowed = asked.allowed;
    auto const refused = run_task(limits_.enter(next));
    ASSERT_FALSE(refused) << "12 tokens of 10 are used";
    EXPECT_EQ(refused.error().spent, (spent_limit{"key-tokens", 10, 24h}));
}

TEST_F(reply_places, one_that_was_deleted_with_its_interaction_is_free) {
    static_cast<void>(begin(request()));
    ASSERT_TRUE(run_task(store_.delete_interaction(user_, talk_.interaction_id, std::nullopt)));
    EXPECT_FALSE(has_room());
    time_.move(20s);  // long before the place would be free by itself
    run_task(keeper_.look());
    EXPECT_TRUE(has_room());
}

TEST_F(reply_places, those_of_a_process_that_died_are_free_after_a_minute) {
    static_cast<void>(begin(request()));
    time_.move(59s);
    EXPECT_FALSE(has_room());
    time_.move(2s);
    EXPECT_TRUE(has_room());
}

TEST_F(reply_places, who_is_refused_is_told_of_which_limit) {
    static_cast<void>(begin(request()));
    auto const refused = run_task(limits_.enter(request()));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "too_many_generations");
    EXPECT_EQ(refused.error().spent, (spent_limit{"user-replies", 1, 0s}));
}

}  // namespace
}  // namespace parley
