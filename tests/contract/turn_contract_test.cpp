#include "store_contract.hpp"

#include <algorithm>

namespace parley::test {
namespace {

class turn_contract : public store_contract {
protected:
    message stored(turn_lease const& lease) {
        auto found = await(conversations().get_message(lease.user_id, lease.interaction_id, lease.reply_id));
        EXPECT_TRUE(found.has_value());
        return found.value_or(message{});
    }
};
PARLEY_FOR_EVERY_STORE(turn_contract);

TEST_P(turn_contract, begins_with_the_users_message_and_an_empty_reply_behind_it) {
    auto const in = create(user_id::make());
    auto const before = append(in, "earlier");
    ASSERT_TRUE(before.has_value());
    auto draft = draft_turn(in, "What now?", at(5));
    draft.user_message->metadata = {{"k", "v"}};
    draft.transformed_content = "What now? [masked]";
    auto const turn = begin(draft);

    EXPECT_EQ(turn.lease.user_id, in.user_id);
    EXPECT_EQ(turn.lease.interaction_id, in.interaction_id);
    EXPECT_EQ(turn.lease.reply_id, draft.reply_id);
    EXPECT_EQ(turn.lease.owner, draft.owner);
    message asked;
    asked.interaction_id = in.interaction_id;
    asked.message_id = draft.user_message_id;
    asked.parent_id = before->message_id;
    asked.branch_id = in.active_branch;
    asked.seq = 2;
    asked.parent_seq = 1;
    asked.created_at = at(5);
    asked.role = message_role::user;
    asked.content = "What now?";
    asked.transformed_content = "What now? [masked]";
    asked.metadata = {{"k", "v"}};
    EXPECT_EQ(turn.user_message, asked);
    message reply;
    reply.interaction_id = in.interaction_id;
    reply.message_id = draft.reply_id;
    reply.parent_id = asked.message_id;
    reply.branch_id = in.active_branch;
    reply.seq = 3;
    reply.parent_seq = 2;
    reply.created_at = at(5);
    reply.role = message_role::assistant;
    reply.content = std::string{};
    reply.status = message_status::in_progress;
    reply.model_name = "test-model";
    EXPECT_EQ(turn.reply, reply);

    EXPECT_EQ(all_messages(in), (std::vector{*before, asked, reply}));
    auto const after = read(in);
    EXPECT_EQ(after.message_count, 3);
    EXPECT_EQ(after.last_message_at, at(5));
    EXPECT_EQ(after.updated_at, at(5));
    EXPECT_EQ(after.version, in.version);
}

TEST_P(turn_contract, a_running_turn_keeps_others_out_and_names_its_reply) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto const second = await(conversations().begin_turn(draft_turn(in)));
    EXPECT_EQ(code_of(second), "turn_in_progress");
    EXPECT_EQ(second.error().kind, error_kind::conflict);
    EXPECT_EQ(second.error().param, turn.lease.reply_id.text());
    auto const appended = append(in, "meanwhile");
    EXPECT_EQ(code_of(appended), "turn_in_progress");
    EXPECT_EQ(appended.error().param, turn.lease.reply_id.text());
    EXPECT_EQ(all_messages(in).size(), 2U);

    // Another interaction of the same user is free.
    EXPECT_EQ(code_of(append(create(in.user_id), "elsewhere")), "ok");

    ASSERT_TRUE(await(conversations().finish_turn(turn.lease, outcome("done"))));
    EXPECT_EQ(code_of(append(in, "afterwards")), "ok");
    EXPECT_EQ(code_of(await(conversations().begin_turn(draft_turn(in)))), "ok");
}

TEST_P(turn_contract, of_a_hundred_racing_turns_one_wins) {
    auto const in = create(user_id::make());
    std::vector<turn_draft> drafts;
    std::vector<task<result<turn_start>>> racing;
    for (int i = 0; i < 100; ++i) {
        drafts.push_back(draft_turn(in, "turn " + std::to_string(i)));
        racing.push_back(conversations().begin_turn(drafts.back()));
    }
    auto const outcomes = loops().run_all(std::move(racing));
    auto const winner = std::ranges::find_if(outcomes, [](auto const& one) { return one.has_value(); });
    ASSERT_NE(winner, outcomes.end());
    for (auto one = outcomes.begin(); one != outcomes.end(); ++one) {
        if (one == winner) continue;
        ASSERT_EQ(code_of(*one), "turn_in_progress");
        EXPECT_EQ(one->error().param, (*winner)->lease.reply_id.text());
    }
    EXPECT_EQ(all_messages(in), (std::vector{(*winner)->user_message, (*winner)->reply}));
    EXPECT_EQ(read(in).message_count, 2);
}

TEST_P(turn_contract, a_repeated_begin_gives_what_was_stored) {
    auto const in = create(user_id::make());
    auto const draft = draft_turn(in);
    auto const first = begin(draft);
    auto again = draft;
    again.user_message->content = "other words";
    again.now = at(99);
    auto const second = begin(again);
    EXPECT_EQ(second.lease, first.lease);
    EXPECT_EQ(second.user_message, first.user_message);
    EXPECT_EQ(second.reply, first.reply);
    EXPECT_EQ(all_messages(in).size(), 2U);
    EXPECT_EQ(read(in).message_count, 2);

    auto foreign = draft;
    foreign.owner = process_id::make();
    EXPECT_EQ(begin(foreign).lease, first.lease) << "the lease tells who writes the reply";
}

TEST_P(turn_contract, a_hundred_copies_of_one_turn_are_one) {
    auto const in = create(user_id::make());
    auto const draft = draft_turn(in);
    std::vector<task<result<turn_start>>> racing;
    for (int i = 0; i < 100; ++i) racing.push_back(conversations().begin_turn(draft));
    auto const outcomes = loops().run_all(std::move(racing));
    auto const stored = all_messages(in);
    ASSERT_EQ(stored.size(), 2U);
    for (auto const& one : outcomes) {
        ASSERT_TRUE(one.has_value()) << one.error().code;
        EXPECT_EQ(one->lease, outcomes[0]->lease);
        EXPECT_EQ(one->user_message, stored[0]);
        EXPECT_EQ(one->reply, stored[1]);
    }
    EXPECT_EQ(read(in).message_count, 2);
    EXPECT_EQ(running().size(), 1U);
    EXPECT_EQ(code_of(await(conversations().finish_turn(outcomes[0]->lease, outcome("done")))), "ok");
}

TEST_P(turn_contract, a_begin_is_repeated_whatever_happens_meanwhile) {
    auto const in = create(user_id::make());
    auto draft = draft_turn(in);
    auto const first = take_turn(draft, "one");
    auto const next = begin(in);
    draft.now = at(99);
    auto const again = begin(draft);
    EXPECT_EQ(again.lease.epoch, first.lease.epoch);
    EXPECT_EQ(again.user_message, first.user_message);
    EXPECT_EQ(again.reply, first.reply);
    ASSERT_EQ(running().size(), 1U);
    EXPECT_EQ(running()[0].lease, next.lease);

    // An expired one is nobody's any more.
    auto const seen = running();
    ASSERT_TRUE(await(conversations().expire_turn(seen[0], at(60))));
    auto lost = draft_turn(in);
    lost.user_message_id = next.user_message.message_id;
    lost.reply_id = next.reply.message_id;
    auto const expired = begin(lost);
    EXPECT_EQ(expired.lease.epoch, 0);
    EXPECT_EQ(expired.reply.status, message_status::interrupted);
    EXPECT_EQ(code_of(await(conversations().finish_turn(expired.lease, outcome("x")))), "turn_lost");
    EXPECT_EQ(all_messages(in).size(), 4U);
}

TEST_P(turn_contract, a_begin_repeated_after_the_end_gives_the_ended_reply_and_claims_nothing) {
    auto const in = create(user_id::make());
    auto const draft = draft_turn(in);
    auto const first = begin(draft);
    auto const ended = reply_of(await(conversations().finish_turn(first.lease, outcome("done"))));
    ASSERT_TRUE(ended.has_value());
    auto const second = begin(draft);
    EXPECT_EQ(second.reply, *ended);
    EXPECT_TRUE(running().empty());
    EXPECT_EQ(code_of(await(conversations().checkpoint(second.lease, "more"))), "turn_lost");
    EXPECT_EQ(all_messages(in).size(), 2U);
}

TEST_P(turn_contract, a_turn_takes_up_a_message_that_is_the_last_of_the_branch) {
    auto const in = create(user_id::make());
    auto draft = draft_turn(in);
    auto const said = append(in, "said before", at(1), draft.user_message_id);
    ASSERT_TRUE(said.has_value());
    auto const turn = begin(draft);
    EXPECT_EQ(turn.user_message, *said);
    EXPECT_EQ(turn.reply.seq, 2);
    EXPECT_EQ(turn.reply.parent_id, said->message_id);
    EXPECT_EQ(all_messages(in), (std::vector{*said, turn.reply}));
}

TEST_P(turn_contract, a_turn_does_not_take_ids_that_belong_to_other_messages) {
    auto const in = create(user_id::make());
    auto const old = append(in, "old");
    auto const last = append(in, "last");
    auto const theirs = append(create(user_id::make()), "theirs");
    ASSERT_TRUE(old && last && theirs);
    auto const with = [&](message_id const& user_message, message_id const& reply) {
        auto draft = draft_turn(in);
        draft.user_message_id = user_message;
        draft.reply_id = reply;
        return code_of(await(conversations().begin_turn(draft)));
    };
    EXPECT_EQ(with(old->message_id, message_id::make()), "message_exists");
    EXPECT_EQ(with(theirs->message_id, message_id::make()), "message_exists");
    EXPECT_EQ(with(message_id::make(), old->message_id), "message_exists");
    EXPECT_EQ(with(message_id::make(), theirs->message_id), "message_exists");
    EXPECT_EQ(with(old->message_id, last->message_id), "message_exists")
        << "last follows old, but is no reply";
    EXPECT_EQ(all_messages(in).size(), 2U);
    EXPECT_TRUE(running().empty());
}

TEST_P(turn_contract, a_checkpoint_keeps_the_text_and_shows_progress) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto const fresh = running();
    ASSERT_EQ(fresh.size(), 1U);
    EXPECT_EQ(fresh[0].lease, turn.lease);
    ASSERT_TRUE(await(conversations().checkpoint(turn.lease, "Once upon")));
    auto const moved = running();
    ASSERT_EQ(moved.size(), 1U);
    EXPECT_NE(moved[0].progress, fresh[0].progress);
    auto const reply = stored(turn.lease);
    EXPECT_EQ(plain_text(reply.content), "Once upon");
    EXPECT_EQ(reply.status, message_status::in_progress);
    // The same text again is progress too: it renews the lease.
    ASSERT_TRUE(await(conversations().checkpoint(turn.lease, "Once upon")));
    EXPECT_NE(running()[0].progress, moved[0].progress);
}

TEST_P(turn_contract, a_finished_reply_has_everything_that_is_known_of_it) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    ASSERT_TRUE(await(conversations().checkpoint(turn.lease, "par")));
    auto end = outcome("part and whole", message_status::complete, at(30));
    end.finish_reason = finish_reason::length;
    end.usage = token_usage{100, 60, 7, true};
    end.timings = turn_timings{12, 34, 567};
    auto const ended = reply_of(await(conversations().finish_turn(turn.lease, end)));
    ASSERT_TRUE(ended.has_value());
    auto expected = turn.reply;
    expected.status = message_status::complete;
    expected.content = std::string{"part and whole"};
    expected.finish_reason = finish_reason::length;
    expected.usage = end.usage;
    expected.timings = end.timings;
    EXPECT_EQ(*ended, expected);
    EXPECT_EQ(stored(turn.lease), expected);
    EXPECT_TRUE(running().empty());
    auto const after = read(in);
    EXPECT_EQ(after.updated_at, at(30));
    EXPECT_EQ(after.last_message_at, turn.reply.created_at);
    EXPECT_EQ(after.message_count, 2);
}

TEST_P(turn_contract, a_turn_ends_in_every_way) {
    for (auto const status : {message_status::complete, message_status::stopped, message_status::interrupted,
                              message_status::failed}) {
        auto const turn = begin(create(user_id::make()));
        auto end = outcome("text", status);
        end.timings = turn_timings{1, std::nullopt, 2};
        if (status == message_status::failed) end.error = message_error{"model_failed", "It broke."};
        auto const ended = reply_of(await(conversations().finish_turn(turn.lease, end)));
        ASSERT_TRUE(ended.has_value());
        EXPECT_EQ(ended->status, status);
        EXPECT_EQ(ended->error, end.error);
        EXPECT_EQ(ended->usage, std::nullopt);
        EXPECT_EQ(ended->timings, end.timings);
        EXPECT_EQ(ended->finish_reason, std::nullopt);
        EXPECT_EQ(stored(turn.lease), *ended);
    }
}

TEST_P(turn_contract, a_repeated_finish_gives_the_stored_reply) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto const first = reply_of(await(conversations().finish_turn(turn.lease, outcome("done"))));
    auto const second =
        reply_of(await(conversations().finish_turn(turn.lease, outcome("other", message_status::stopped))));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*second, *first);
    EXPECT_EQ(stored(turn.lease), *first);

    // Also while the next turn runs, which it leaves alone.
    auto const next = begin(in);
    auto const third = reply_of(await(conversations().finish_turn(turn.lease, outcome("late"))));
    ASSERT_TRUE(third.has_value());
    EXPECT_EQ(*third, *first);
    EXPECT_EQ(stored(next.lease).status, message_status::in_progress);
    EXPECT_EQ(running().size(), 1U);
}

TEST_P(turn_contract, a_turn_does_not_end_with_a_status_that_still_changes) {
    auto const turn = begin(create(user_id::make()));
    EXPECT_EQ(
        code_of(await(conversations().finish_turn(turn.lease, outcome("x", message_status::in_progress)))),
        "internal_error");
    EXPECT_EQ(stored(turn.lease), turn.reply);
    EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, outcome("x")))), "ok");
}

TEST_P(turn_contract, a_lease_that_differs_in_anything_is_lost) {
    auto const turn = begin(create(user_id::make()));
    auto other_user = turn.lease;
    other_user.user_id = user_id::make();
    auto other_owner = turn.lease;
    other_owner.owner = process_id::make();
    auto other_reply = turn.lease;
    other_reply.reply_id = message_id::make();
    auto other_epoch = turn.lease;
    other_epoch.epoch += 1;
    auto other_interaction = turn.lease;
    other_interaction.interaction_id = interaction_id::make();
    for (auto const& lease : {other_user, other_owner, other_reply, other_epoch, other_interaction}) {
        auto const kept = await(conversations().checkpoint(lease, "stolen"));
        EXPECT_EQ(code_of(kept), "turn_lost");
        EXPECT_EQ(kept.error().kind, error_kind::conflict);
        EXPECT_EQ(code_of(await(conversations().finish_turn(lease, outcome("stolen")))), "turn_lost");
        auto const expired = await(conversations().expire_turn({lease, 0}, at(9)));
        ASSERT_TRUE(expired.has_value());
        EXPECT_EQ(*expired, std::nullopt);
    }
    EXPECT_EQ(stored(turn.lease), turn.reply);
    EXPECT_EQ(running().size(), 1U);
}

TEST_P(turn_contract, a_turn_left_behind_is_interrupted_with_its_last_text) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    ASSERT_TRUE(await(conversations().checkpoint(turn.lease, "so far")));
    auto const seen = running();
    ASSERT_EQ(seen.size(), 1U);
    auto const expired = await(conversations().expire_turn(seen[0], at(60)));
    ASSERT_TRUE(expired && *expired);
    auto expected = turn.reply;
    expected.status = message_status::interrupted;
    expected.content = std::string{"so far"};
    EXPECT_EQ(**expired, expected);
    EXPECT_EQ(stored(turn.lease), expected);
    EXPECT_EQ(read(in).updated_at, at(60));
    EXPECT_TRUE(running().empty());

    // Its owner has lost it, whatever it tries.
    EXPECT_EQ(code_of(await(conversations().checkpoint(turn.lease, "more"))), "turn_lost");
    EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, outcome("more")))), "turn_lost");
    EXPECT_EQ(code_of(await(
                  conversations().finish_turn(turn.lease, outcome("so far", message_status::interrupted)))),
              "turn_lost");
    EXPECT_EQ(stored(turn.lease), expected);

    // Once more is nothing.
    auto const again = await(conversations().expire_turn(seen[0], at(61)));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, std::nullopt);
    EXPECT_EQ(code_of(append(in, "and on it goes")), "ok");
}

TEST_P(turn_contract, a_turn_that_has_moved_is_not_expired) {
    auto const turn = begin(create(user_id::make()));
    auto const seen = running();
    ASSERT_EQ(seen.size(), 1U);
    ASSERT_TRUE(await(conversations().checkpoint(turn.lease, "alive")));
    auto const expired = await(conversations().expire_turn(seen[0], at(60)));
    ASSERT_TRUE(expired.has_value());
    EXPECT_EQ(*expired, std::nullopt);
    EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, outcome("done")))), "ok");
}

TEST_P(turn_contract, each_claim_has_a_higher_epoch) {
    auto const in = create(user_id::make());
    auto const first = begin(in);
    ASSERT_TRUE(await(conversations().finish_turn(first.lease, outcome("one"))));
    auto const second = begin(in);
    EXPECT_GT(second.lease.epoch, first.lease.epoch);
    auto const seen = running();
    ASSERT_EQ(seen.size(), 1U);
    ASSERT_TRUE(await(conversations().expire_turn(seen[0], at(5))));
    EXPECT_GT(begin(in).lease.epoch, second.lease.epoch);
}

TEST_P(turn_contract, finishing_and_expiring_at_once_have_one_winner) {
    for (int round = 0; round < 10; ++round) {
        auto const in = create(user_id::make());
        auto const turn = begin(in);
        auto finishing = loops().start(conversations().finish_turn(turn.lease, outcome("done")), 1);
        auto expiring = loops().start(conversations().expire_turn({turn.lease, 0}, at(9)), 2);
        auto const finished = finishing.get();
        auto const expired = expiring.get();
        ASSERT_TRUE(expired.has_value());
        EXPECT_NE(finished.has_value(), expired->has_value());
        EXPECT_EQ(stored(turn.lease).status,
                  finished ? message_status::complete : message_status::interrupted);
    }
}

TEST_P(turn_contract, lists_running_turns_of_all_users_up_to_a_limit) {
    std::vector<message_id> replies;
    for (int i = 0; i < 5; ++i) replies.push_back(begin(create(user_id::make())).lease.reply_id);
    auto const some = await(conversations().active_turns(3));
    ASSERT_TRUE(some.has_value());
    EXPECT_EQ(some->size(), 3U);
    std::vector<message_id> seen;
    for (auto const& turn : running()) seen.push_back(turn.lease.reply_id);
    EXPECT_TRUE(std::ranges::is_permutation(seen, replies));
}

TEST_P(turn_contract, a_message_stored_before_the_turn_can_be_repeated_while_it_runs) {
    auto const in = create(user_id::make());
    auto const id = message_id::make();
    auto const said = append(in, "said", at(1), id);
    ASSERT_TRUE(said.has_value());
    begin(in);
    auto const again = append(in, "said", at(2), id);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, *said);
}

TEST_P(turn_contract, a_patch_during_a_turn_leaves_the_turn_alone) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    ASSERT_TRUE(await(conversations().update_interaction(
        in.user_id, in.interaction_id, {.title = "Renamed", .pinned = true}, in.version, at(3))));
    EXPECT_EQ(code_of(await(conversations().checkpoint(turn.lease, "text"))), "ok");
    EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, outcome("text")))), "ok");
    EXPECT_EQ(read(in).title, "Renamed");
}

}  // namespace
}  // namespace parley::test
