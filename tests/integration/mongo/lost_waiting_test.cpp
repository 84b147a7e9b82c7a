// Connections that break, and processes that die, while turns wait for one that runs.
#include "lost_answers.hpp"

#include <algorithm>

namespace parley::test {
namespace {

class lost_waiting : public lost_answers {
protected:
    turn_start begin(turn_draft const& draft) {
        auto out = await(straight_->begin_turn(draft));
        EXPECT_TRUE(out.has_value()) << out.error().code << out.error().detail;
        return out.value_or(turn_start{});
    }
    result<std::vector<message>> withdraw(mongo_store& store, interaction const& in,
                                          std::optional<message_id> only = {}) {
        return await(store.withdraw_turns(in.user_id, in.interaction_id, only, at(5)));
    }
};

TEST_F(lost_waiting, a_turn_waits_and_has_its_turn) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const in = create(*straight_);
            auto const first = begin(draft_in(in));
            arm();
            auto const draft = patient_draft_in(in);
            auto const second = await(broken_->begin_turn(draft));
            ASSERT_TRUE(second.has_value()) << second.error().code << second.error().detail;
            EXPECT_EQ(second->reply.status, message_status::queued);
            EXPECT_EQ(second->lease.epoch, 0);
            auto const ended = reply_of(await(broken_->finish_turn(first.lease, complete("one"))));
            ASSERT_TRUE(ended.has_value()) << ended.error().code;
            auto const waits = await(broken_->waiting_interactions(10));
            ASSERT_TRUE(waits.has_value());
            EXPECT_EQ(*waits, (std::vector{waiting_interaction{in.user_id, in.interaction_id}}));
            auto const next = await(broken_->next_turn(in.user_id, in.interaction_id, owner_, at(4)));
            ASSERT_TRUE(next && *next) << (next ? "none" : next.error().detail);
            EXPECT_EQ((*next)->user_message, second->user_message);
            EXPECT_EQ((*next)->lease.reply_id, draft.reply_id);
            auto const done = reply_of(await(broken_->finish_turn((*next)->lease, complete("two"))));
            ASSERT_TRUE(done.has_value()) << done.error().code;
            EXPECT_EQ(all_messages(*straight_, in),
                      (std::vector{first.user_message, *ended, second->user_message, *done}));
            EXPECT_TRUE(await(straight_->waiting_interactions(10))->empty());
            EXPECT_TRUE(await(straight_->active_turns(10))->empty());
            expect_sound(*straight_, in);
        });
        // begin: claim, state, ids, running reply, its settling, state, ids, insert, settle; finish: reply,
        // claim (in vain), state, claim; waiting; next: state, claim, reply, question; finish: reply, state,
        // claim.
        EXPECT_EQ(commands, 21);
    }
}

TEST_F(lost_waiting, replies_are_withdrawn) {
    for (auto const what : both) {
        at_every_command(what, [&](auto const& arm) {
            auto const in = create(*straight_);
            auto const first = begin(draft_in(in));
            std::vector<turn_start> waiting;
            for (int i = 0; i < 3; ++i) waiting.push_back(begin(patient_draft_in(in)));
            arm();
            auto const one = withdraw(*broken_, in, waiting[1].reply.message_id);
            ASSERT_TRUE(one.has_value()) << one.error().code;
            ASSERT_EQ(one->size(), 1U);
            EXPECT_EQ(one->front().message_id, waiting[1].reply.message_id);
            EXPECT_EQ(one->front().status, message_status::stopped);
            ASSERT_TRUE(await(broken_->finish_turn(first.lease, complete("one"))));
            auto const rest = withdraw(*broken_, in);
            ASSERT_TRUE(rest.has_value()) << rest.error().code;
            EXPECT_EQ(rest->size(), 2U);
            EXPECT_TRUE(await(straight_->waiting_interactions(10))->empty());
            auto const again = begin(draft_in(in));
            EXPECT_EQ(again.reply.seq, 10);
            ASSERT_TRUE(await(straight_->finish_turn(again.lease, complete("on"))));
            expect_sound(*straight_, in);
        });
    }
}

TEST_F(lost_waiting, a_process_that_dies_while_it_queues_a_turn) {
    struct given {
        interaction in;
        turn_start running;
        turn_draft draft;
    };
    int const deaths = dying_at_every_command(
        [&] {
            auto const in = create(*straight_);
            return given{in, begin(draft_in(in)), patient_draft_in(in)};
        },
        [&](mongo_store& dying, given const& of) { static_cast<void>(await(dying.begin_turn(of.draft))); },
        [&](given const& of) {
            // The client's retry, at another process, makes it one turn.
            auto const again = await(straight_->begin_turn(of.draft));
            ASSERT_TRUE(again.has_value()) << again.error().code << again.error().detail;
            EXPECT_EQ(again->reply.status, message_status::queued);
            ASSERT_TRUE(await(straight_->finish_turn(of.running.lease, complete("one"))));
            EXPECT_EQ(take_over(of.in), 1);
            auto const all = all_messages(*straight_, of.in);
            EXPECT_EQ(all.size(), 4U);
            for (auto const& one : all) EXPECT_EQ(one.status, message_status::complete);
            expect_sound(*straight_, of.in);
        });
    EXPECT_GE(deaths, 9);
}

/// Nobody retries: what was stored is taken up by whoever comes.
TEST_F(lost_waiting, what_a_dead_sender_left_is_found) {
    struct given {
        interaction in;
        turn_start running;
    };
    dying_at_every_command(
        [&] {
            auto const in = create(*straight_);
            return given{in, begin(draft_in(in))};
        },
        [&](mongo_store& dying, given const& of) {
            static_cast<void>(await(dying.begin_turn(patient_draft_in(of.in))));
        },
        [&](given const& of) {
            auto const other = await(straight_->begin_turn(patient_draft_in(of.in, "me too")));
            ASSERT_TRUE(other.has_value()) << other.error().code << other.error().detail;
            ASSERT_TRUE(await(straight_->finish_turn(of.running.lease, complete("one"))));
            EXPECT_GE(take_over(of.in), 1);
            auto const after =
                await(straight_->append_message(of.in.user_id, of.in.interaction_id, message_id::make(),
                                                {message_role::user, "and on", {}}, at(11)));
            ASSERT_TRUE(after.has_value()) << after.error().code;
            for (auto const& one : all_messages(*straight_, of.in)) EXPECT_TRUE(is_final(one.status));
            expect_sound(*straight_, of.in);
        });
}

/// The turn that it would have waited for is over when somebody comes.
TEST_F(lost_waiting, what_a_dead_sender_left_is_found_when_nothing_runs) {
    struct given {
        interaction in;
        turn_start running;
    };
    int found = 0;
    dying_at_every_command(
        [&] {
            auto const in = create(*straight_);
            return given{in, begin(draft_in(in))};
        },
        [&](mongo_store& dying, given const& of) {
            static_cast<void>(await(dying.begin_turn(patient_draft_in(of.in))));
        },
        [&](given const& of) {
            ASSERT_TRUE(await(straight_->finish_turn(of.running.lease, complete("one"))));
            auto const say = [&] {
                return code_of(
                    await(straight_->append_message(of.in.user_id, of.in.interaction_id, message_id::make(),
                                                    {message_role::user, "on", {}}, at(11))));
            };
            auto const said = say();
            bool const waits = said == "turn_in_progress";
            EXPECT_TRUE(waits || said == "ok") << said;
            EXPECT_EQ(take_over(of.in), waits ? 1 : 0);
            EXPECT_EQ(say(), "ok");
            found += waits ? 1 : 0;
            expect_sound(*straight_, of.in);
        });
    EXPECT_EQ(found, 2) << "stored and not settled, and all done";
}

TEST_F(lost_waiting, a_process_that_dies_between_two_turns) {
    struct given {
        interaction in;
        turn_start running;
    };
    int const deaths = dying_at_every_command(
        [&] {
            auto const in = create(*straight_);
            auto const running = begin(draft_in(in));
            for (int i = 0; i < 3; ++i) begin(patient_draft_in(in));
            return given{in, running};
        },
        [&](mongo_store& dying, given const& of) {
            static_cast<void>(await(dying.finish_turn(of.running.lease, complete("one"))));
            auto const next = await(dying.next_turn(of.in.user_id, of.in.interaction_id, owner_, at(4)));
            if (next && *next) static_cast<void>(await(dying.finish_turn((*next)->lease, complete("two"))));
        },
        [&](given const& of) {
            EXPECT_GE(take_over(of.in), 2) << "the rest goes on waiting";
            auto const all = all_messages(*straight_, of.in);
            EXPECT_EQ(all.size(), 8U);
            int interrupted = 0;
            for (auto const& one : all) {
                EXPECT_TRUE(is_final(one.status));
                if (one.status == message_status::interrupted) ++interrupted;
            }
            EXPECT_LE(interrupted, 1);
            EXPECT_EQ(begin(draft_in(of.in)).reply.seq, 10);
            expect_sound(*straight_, of.in);
        });
    EXPECT_GE(deaths, 10);
}

TEST_F(lost_waiting, a_process_that_dies_while_it_withdraws) {
    struct given {
        interaction in;
        turn_start running;
    };
    dying_at_every_command(
        [&] {
            auto const in = create(*straight_);
            auto const running = begin(draft_in(in));
            for (int i = 0; i < 2; ++i) begin(patient_draft_in(in));
            EXPECT_TRUE(await(straight_->finish_turn(running.lease, complete("one"))));
            return given{in, running};
        },
        [&](mongo_store& dying, given const& of) { static_cast<void>(withdraw(dying, of.in)); },
        [&](given const& of) {
            take_over(of.in);
            for (auto const& one : all_messages(*straight_, of.in)) EXPECT_TRUE(is_final(one.status));
            EXPECT_EQ(begin(draft_in(of.in)).reply.seq, 8);
            expect_sound(*straight_, of.in);
        });
}

/// It claimed and stored nothing: others are told to come back, until the claim is taken away.
TEST_F(lost_waiting, nobody_waits_behind_a_turn_that_is_not_stored) {
    auto const in = create(*straight_);
    auto dying = open(proxy_.uri(), {.longest_wait = 4600ms, .select = 100ms});
    proxy_.break_at(fault::die, 2);
    EXPECT_EQ(code_of(await(dying->begin_turn(draft_in(in)))), "store_unavailable");
    dying->close();
    proxy_.heal();
    EXPECT_EQ(code_of(await(straight_->begin_turn(patient_draft_in(in)))), "store_unavailable");
    auto const left = await(straight_->active_turns(10));
    ASSERT_EQ(left->size(), 1U);
    ASSERT_TRUE(await(straight_->expire_turn(left->front(), at(9))));
    EXPECT_EQ(begin(patient_draft_in(in)).reply.status, message_status::in_progress);
    expect_sound(*straight_, in);
}

}  // namespace
}  // namespace parley::test
