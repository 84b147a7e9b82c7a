#include "modules/turn/left_turns.hpp"

#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/memory_user_feed.hpp"
#include "support/event_loops.hpp"

#include <gtest/gtest.h>

#include <set>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

class watching : public testing::Test {
protected:
    template <class T>
    T await(task<T> work) {
        return loops_.run(std::move(work));
    }

    turn_lease begin() {
        auto const in = *make_interaction(user_id::make(), {}, timestamp{});
        EXPECT_TRUE(await(store_.create_interaction(in)));
        turn_draft draft{.user_id = in.user_id,
                         .interaction_id = in.interaction_id,
                         .owner = process_id::make(),
                         .user_message_id = message_id::make(),
                         .user_message = message_draft{message_role::user, "Hello?", {}},
                         .transformed_content = std::nullopt,
                         .reply_id = message_id::make(),
                         .model_name = "test-model",
                         .now = timestamp{}};
        return await(store_.begin_turn(draft))->lease;
    }
    std::size_t look_at(std::chrono::seconds since_start) {
        return await(turns_.look(left_turns::steady::time_point{} + since_start)).value_or(99);
    }
    message_status status(turn_lease const& lease) {
        return await(store_.get_message(lease.user_id, lease.interaction_id, lease.reply_id))->status;
    }

    event_loops loops_;
    memory_store store_;
    system_clock time_;
    memory_user_feed news_;
    std::set<message_id> ours_;
    left_turns turns_{store_, [this](message_id reply) { return ours_.contains(reply); }, time_, news_, 10s};
};

TEST_F(watching, a_turn_without_progress_for_a_lease_is_interrupted) {
    auto const dead = begin();
    auto const alive = begin();
    EXPECT_EQ(look_at(100s), 0U);
    ASSERT_TRUE(await(store_.checkpoint(alive, "so far")));
    EXPECT_EQ(look_at(109s), 0U);
    EXPECT_EQ(look_at(110s), 1U);
    EXPECT_EQ(status(dead), message_status::interrupted);
    EXPECT_EQ(status(alive), message_status::in_progress);
    ASSERT_TRUE(await(store_.checkpoint(alive, "so far")));  // the same text is progress too
    EXPECT_EQ(look_at(120s), 0U);
    EXPECT_EQ(look_at(129s), 0U);
    EXPECT_EQ(look_at(130s), 1U);
    EXPECT_EQ(status(alive), message_status::interrupted);
    EXPECT_EQ(look_at(200s), 0U);
}

TEST_F(watching, a_turn_that_is_written_here_is_left_alone_however_slow_the_store) {
    auto const slow = begin();
    ours_.insert(slow.reply_id);
    EXPECT_EQ(look_at(100s), 0U);
    EXPECT_EQ(look_at(200s), 0U);
    ours_.clear();
    EXPECT_EQ(look_at(201s), 1U);
    EXPECT_EQ(status(slow), message_status::interrupted);
}

}  // namespace
}  // namespace parley::test
