// What was decided by a look at the interaction is stored only while nothing came after it.
#include "store_contract.hpp"

#include <future>

namespace parley::test {
namespace {

class newest_seen_contract : public store_contract {
protected:
    static message_addition addition(interaction const& in, newest_seen seen, message_place const& place) {
        return {.user_id = in.user_id,
                .interaction_id = in.interaction_id,
                .message_id = message_id::make(),
                .message = {message_role::tool, "12 degrees", {}, "call_1"},
                .place = place,
                .seen = seen,
                .now = at(3)};
    }
    static message_addition addition(interaction const& in, message const& behind) {
        return addition(in, behind.seq, message_place{std::in_place, behind.message_id});
    }
    turn_draft turn(interaction const& in, message const& behind) {
        auto draft = draft_turn(in);
        draft.user_message = message_draft{message_role::tool, "12 degrees", {}, "call_1"};
        draft.place = message_place{std::in_place, behind.message_id};
        draft.seen = behind.seq;
        return draft;
    }
    result<message> add(message_addition const& wanted) { return await(conversations().add_message(wanted)); }
};
PARLEY_FOR_EVERY_STORE(newest_seen_contract);

TEST_P(newest_seen_contract, what_is_up_to_date_is_stored) {
    auto const in = create(user_id::make());
    EXPECT_TRUE(add(addition(in, 0, {}))) << "the first";
    auto const reply = take_turn(in).reply;
    auto const stored = add(addition(in, reply));
    ASSERT_TRUE(stored.has_value()) << stored.error().code;
    EXPECT_EQ(stored->parent_id, reply.message_id);
    auto const begun = begin(turn(in, *stored));
    EXPECT_EQ(begun.user_message.parent_id, stored->message_id);
    EXPECT_EQ(begun.reply.status, message_status::in_progress);
    EXPECT_EQ(all_messages(in).size(), 6U);
}

TEST_P(newest_seen_contract, what_is_outdated_is_refused) {
    auto const in = create(user_id::make());
    auto const reply = take_turn(in).reply;
    ASSERT_TRUE(append(in, "faster"));
    for (message_place const& place : {message_place{}, message_place{std::in_place, reply.message_id}}) {
        EXPECT_EQ(code_of(add(addition(in, reply.seq, place))), "newer_messages");
        auto draft = turn(in, reply);
        draft.place = place;
        EXPECT_EQ(code_of(await(conversations().begin_turn(draft))), "newer_messages");
    }
    EXPECT_EQ(every_message(in).size(), 3U);
    EXPECT_TRUE(append(in, "free for others"));
}

TEST_P(newest_seen_contract, messages_of_other_branches_count) {
    auto const in = create(user_id::make());
    auto const first = take_turn(in);
    auto const second = take_turn(draft_reply(in, first.user_message.message_id));
    EXPECT_EQ(code_of(add(addition(in, first.reply))), "newer_messages");
    auto wanted = addition(in, first.reply);
    wanted.seen = second.reply.seq;
    auto const stored = add(wanted);
    ASSERT_TRUE(stored.has_value()) << stored.error().code;
    EXPECT_EQ(stored->branch_id, first.reply.branch_id);
}

/// Whoever was slower must not interrupt or wait for the one that was faster.
TEST_P(newest_seen_contract, what_is_outdated_is_told_so_while_a_reply_is_written) {
    auto const in = create(user_id::make());
    auto const reply = take_turn(in).reply;
    auto const running = begin(turn(in, reply));
    auto late = turn(in, reply);
    late.may_wait = true;
    EXPECT_EQ(code_of(await(conversations().begin_turn(late))), "newer_messages");
    EXPECT_EQ(code_of(add(addition(in, reply))), "newer_messages");
    EXPECT_EQ(code_of(add(addition(in, running.reply))), "turn_in_progress");
    EXPECT_EQ(all_messages(in).size(), 4U);
}

TEST_P(newest_seen_contract, a_repetition_is_never_outdated) {
    auto const in = create(user_id::make());
    auto const reply = take_turn(in).reply;
    auto const wanted = addition(in, reply);
    auto const stored = add(wanted);
    ASSERT_TRUE(stored.has_value());
    auto const draft = turn(in, *stored);
    auto const begun = begin(draft);
    EXPECT_EQ(add(wanted).value_or(message{}), *stored);
    EXPECT_EQ(begin(draft).reply, begun.reply);
    ASSERT_TRUE(await(conversations().finish_turn(begun.lease, outcome("done"))));
    EXPECT_EQ(add(wanted).value_or(message{}), *stored);
    EXPECT_EQ(begin(draft).user_message, begun.user_message);
    EXPECT_EQ(all_messages(in).size(), 5U);
}

TEST_P(newest_seen_contract, of_many_at_once_one_is_stored) {
    for (int round = 0; round < 10; ++round) {
        auto const in = create(user_id::make());
        auto const reply = take_turn(in).reply;
        std::vector<std::future<result<message>>> adding;
        std::vector<std::future<result<turn_start>>> beginning;
        for (std::size_t i = 0; i < 6; ++i) {
            adding.push_back(loops().start(conversations().add_message(addition(in, reply)), i));
            beginning.push_back(loops().start(conversations().begin_turn(turn(in, reply)), i + 1));
        }
        std::size_t stored = 0;
        for (auto& one : adding) {
            auto const outcome = one.get();
            if (outcome) ++stored;
            EXPECT_TRUE(outcome || outcome.error().code == "newer_messages") << code_of(outcome);
        }
        for (auto& one : beginning) {
            auto const outcome = one.get();
            if (outcome) ++stored;
            EXPECT_TRUE(outcome || outcome.error().code == "newer_messages") << code_of(outcome);
        }
        EXPECT_EQ(stored, 1U);
    }
}

}  // namespace
}  // namespace parley::test
