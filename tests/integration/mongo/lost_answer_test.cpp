// Connections that break at every command of every intention: nothing is doubled, lost, or told wrongly.
#include "lost_answers.hpp"

namespace parley::test {
namespace {

TEST_F(lost_answers, a_whole_turn) {
    for (auto const what : {fault::lose_reply, fault::lose_request}) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const in = create(*straight_);
            auto const draft = draft_in(in);
            arm();
            auto const turn = await(broken_->begin_turn(draft));
            ASSERT_TRUE(turn.has_value()) << turn.error().code << turn.error().detail;
            auto const kept = await(broken_->checkpoint(turn->lease, "so"));
            ASSERT_TRUE(kept.has_value()) << kept.error().code;
            auto const ended = reply_of(await(broken_->finish_turn(turn->lease, complete("so far"))));
            ASSERT_TRUE(ended.has_value()) << ended.error().code;
            EXPECT_EQ(all_messages(*straight_, in), (std::vector{turn->user_message, *ended}));
            EXPECT_EQ(ended->status, message_status::complete);
            expect_sound(*straight_, in);
        });
        EXPECT_EQ(commands, 5);
    }
}

TEST_F(lost_answers, an_append) {
    for (auto const what : {fault::lose_reply, fault::lose_request}) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const in = create(*straight_);
            auto const first = await(straight_->append_message(
                in.user_id, in.interaction_id, message_id::make(), {message_role::user, "first", {}}, at(1)));
            ASSERT_TRUE(first.has_value());
            arm();
            auto const stored =
                await(broken_->append_message(in.user_id, in.interaction_id, message_id::make(),
                                              {message_role::user, "second", {}}, at(2)));
            ASSERT_TRUE(stored.has_value()) << stored.error().code;
            EXPECT_EQ(all_messages(*straight_, in), (std::vector{*first, *stored}));
            expect_sound(*straight_, in);
        });
        EXPECT_EQ(commands, 3);
    }
}

TEST_F(lost_answers, creating_changing_and_deleting_an_interaction) {
    at_every_command(fault::lose_reply, [&](auto const& arm) {
        auto const value = *make_interaction(user_id::make(), {}, at(0));
        arm();
        EXPECT_EQ(code_of(await(broken_->create_interaction(value))), "ok");
        auto const changed = await(broken_->update_interaction(value.user_id, value.interaction_id,
                                                               {.title = "New"}, value.version, at(1)));
        ASSERT_TRUE(changed.has_value()) << changed.error().code;
        EXPECT_EQ(changed->version, value.version + 1);
        EXPECT_EQ(await(straight_->get_interaction(value.user_id, value.interaction_id))->title, "New");
        EXPECT_EQ(code_of(await(
                      broken_->delete_interaction(value.user_id, value.interaction_id, changed->version))),
                  "ok");
        EXPECT_EQ(code_of(await(straight_->get_interaction(value.user_id, value.interaction_id))),
                  "interaction_not_found");
    });
}

TEST_F(lost_answers, a_change_after_which_it_has_expired) {
    interaction_patch at_once;
    at_once.expires_at = at(-1'000'000);
    at_every_command(fault::lose_reply, [&](auto const& arm) {
        auto const in = create(*straight_);
        arm();
        auto const changed =
            await(broken_->update_interaction(in.user_id, in.interaction_id, at_once, in.version, at(1)));
        ASSERT_TRUE(changed.has_value()) << changed.error().code;
        EXPECT_EQ(changed->version, in.version + 1);
        EXPECT_EQ(code_of(await(straight_->get_interaction(in.user_id, in.interaction_id))),
                  "interaction_not_found");
    });
}

TEST_F(lost_answers, a_turn_left_behind_is_expired) {
    at_every_command(fault::lose_reply, [&](auto const& arm) {
        auto const in = create(*straight_);
        ASSERT_TRUE(await(straight_->begin_turn(draft_in(in))));
        arm();
        auto const running = await(broken_->active_turns(100));
        ASSERT_TRUE(running.has_value());
        ASSERT_EQ(running->size(), 1U);
        auto const expired = await(broken_->expire_turn(running->front(), at(9)));
        ASSERT_TRUE(expired && *expired);
        EXPECT_EQ((*expired)->status, message_status::interrupted);
        EXPECT_TRUE(await(straight_->active_turns(100))->empty());
        expect_sound(*straight_, in);
    });
}

/// A process that dies between any two commands of a turn, and what the next one makes of it.
TEST_F(lost_answers, a_process_that_dies_within_a_turn) {
    for (int n = 1;; ++n) {
        SCOPED_TRACE("dead from command " + std::to_string(n));
        auto const in = create(*straight_);
        auto dying = open(proxy_.uri(), {.longest_wait = 4600ms, .select = 100ms});
        proxy_.break_at(fault::die, n);
        auto const turn = await(dying->begin_turn(draft_in(in)));
        if (turn) {
            static_cast<void>(await(dying->checkpoint(turn->lease, "so far")));
            static_cast<void>(await(dying->finish_turn(turn->lease, complete("so far and on"))));
        }
        bool const struck = proxy_.struck();
        dying->close();
        proxy_.heal();
        auto const left = await(straight_->active_turns(100));
        ASSERT_TRUE(left.has_value());
        for (auto const& one : *left) ASSERT_TRUE(await(straight_->expire_turn(one, at(9))));
        EXPECT_TRUE(await(straight_->active_turns(100))->empty());
        auto const after = await(straight_->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                           {message_role::user, "and on", {}}, at(10)));
        ASSERT_TRUE(after.has_value()) << after.error().code;
        for (auto const& one : all_messages(*straight_, in)) EXPECT_TRUE(is_final(one.status));
        expect_sound(*straight_, in);
        if (!struck) break;
        EXPECT_LT(n, 10);
    }
}

/// Who has seen that a reply is over may go on, also when nobody has yet released the interaction for it.
TEST_F(lost_answers, an_ended_reply_keeps_nobody_waiting) {
    for (bool const respond : {false, true}) {
        auto const in = create(*straight_);
        auto dying = open(proxy_.uri(), {.longest_wait = 4600ms, .select = 100ms});
        auto const turn = await(dying->begin_turn(draft_in(in)));
        ASSERT_TRUE(turn.has_value());
        proxy_.break_at(fault::die, 2);  // the reply is stored, the release never arrives
        EXPECT_EQ(code_of(await(dying->finish_turn(turn->lease, complete("over")))), "store_unavailable");
        auto const reply =
            await(straight_->get_message(in.user_id, in.interaction_id, turn->reply.message_id));
        ASSERT_TRUE(reply.has_value());
        EXPECT_EQ(reply->status, message_status::complete);
        if (respond) {
            EXPECT_EQ(code_of(await(straight_->begin_turn(draft_in(in)))), "ok");
        } else {
            EXPECT_EQ(
                code_of(await(straight_->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                        {message_role::user, "and on", {}}, at(3)))),
                "ok");
        }
        // The one that was held up in between finds everything done.
        proxy_.heal();
        EXPECT_EQ(late_word(*dying, turn->lease, complete("over")), "ok");
        auto const now = await(straight_->get_interaction(in.user_id, in.interaction_id));
        EXPECT_EQ(now->message_count, respond ? 4 : 3);
        if (!respond) expect_sound(*straight_, in);
    }
}

TEST_F(lost_answers, a_process_that_dies_while_it_deletes) {
    auto const in = create(*straight_);
    auto const said = await(straight_->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                      {message_role::user, "private", {}}, at(1)));
    ASSERT_TRUE(said.has_value());
    auto dying = open(proxy_.uri(), {.longest_wait = 4600ms, .select = 100ms});
    proxy_.break_at(fault::die, 2);
    EXPECT_EQ(code_of(await(dying->delete_interaction(in.user_id, in.interaction_id, std::nullopt))),
              "store_unavailable");
    dying->close();
    proxy_.heal();
    // Nobody sees it already, and the sweeper takes the rest.
    EXPECT_EQ(code_of(await(straight_->get_interaction(in.user_id, in.interaction_id))),
              "interaction_not_found");
    EXPECT_EQ(*await(straight_->sweep_deleted(timestamp::max())), 1);
    auto fresh = in;
    fresh.active_branch = branch_id::make();
    ASSERT_TRUE(await(straight_->create_interaction(fresh)));
    auto const again = await(straight_->append_message(in.user_id, in.interaction_id, said->message_id,
                                                       {message_role::user, "fresh", {}}, at(2)));
    ASSERT_TRUE(again.has_value()) << again.error().code;
    EXPECT_EQ(again->seq, 1);
}

}  // namespace
}  // namespace parley::test
