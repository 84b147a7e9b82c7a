// Replies that wait for their turn: what is stored, in which order they are taken up, how they are withdrawn.
#include "branch_contract.hpp"

#include <algorithm>
#include <map>

namespace parley::test {
namespace {

class waiting_contract : public branch_contract {
protected:
    turn_draft draft_waiting(interaction const& in, std::string text = "Hello?") {
        auto draft = draft_turn(in, std::move(text));
        draft.may_wait = true;
        return draft;
    }
    turn_start queue(interaction const& in) { return begin(draft_waiting(in)); }

    std::optional<turn_start> next(interaction const& in, timestamp now = at(3)) {
        auto taken = await(conversations().next_turn(in.user_id, in.interaction_id, owner_, now));
        EXPECT_TRUE(taken.has_value()) << taken.error().code << taken.error().detail;
        return taken.value_or(std::nullopt);
    }
    std::vector<message> withdraw(interaction const& in, std::optional<message_id> const& only = {},
                                  timestamp now = at(4)) {
        auto done = await(conversations().withdraw_turns(in.user_id, in.interaction_id, only, now));
        EXPECT_TRUE(done.has_value()) << done.error().code << done.error().detail;
        return done.value_or(std::vector<message>{});
    }
    std::vector<waiting_interaction> waiting(std::size_t limit = 100) {
        auto found = await(conversations().waiting_interactions(limit));
        EXPECT_TRUE(found.has_value());
        return found.value_or(std::vector<waiting_interaction>{});
    }
    void finish(turn_start const& turn) {
        EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, outcome("done")))), "ok");
    }
    /// The code and the param of a refused turn.
    std::string refusal(turn_draft const& draft) {
        auto const refused = await(conversations().begin_turn(draft));
        return refused ? "ok" : refused.error().code + "@" + refused.error().param;
    }
    static std::vector<waiting_interaction> only(interaction const& in) {
        return {{in.user_id, in.interaction_id}};
    }
};
PARLEY_FOR_EVERY_STORE(waiting_contract);

TEST_P(waiting_contract, a_turn_that_may_wait_is_stored_behind_a_running_one) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto draft = draft_waiting(in, "And then?");
    draft.now = at(5);
    draft.transformed_content = "And then? [masked]";
    auto const queued = begin(draft);
    EXPECT_EQ(queued.lease.reply_id, draft.reply_id);
    EXPECT_EQ(queued.lease.epoch, 0) << "nobody writes it";
    EXPECT_EQ(queued.ahead, 1U) << "the one that is being written";
    EXPECT_EQ(queued.user_message.parent_id, turn.reply.message_id);
    EXPECT_EQ(queued.user_message.status, message_status::complete);
    EXPECT_EQ(queued.user_message.transformed_content, draft.transformed_content);
    EXPECT_EQ(queued.reply.parent_id, queued.user_message.message_id);
    EXPECT_EQ(queued.reply.status, message_status::queued);
    EXPECT_EQ(queued.reply.role, message_role::assistant);
    EXPECT_EQ(queued.reply.model_name, "test-model");
    EXPECT_EQ(plain_text(queued.reply.content), "");
    EXPECT_EQ(queued.reply.branch_id, in.active_branch);
    EXPECT_EQ(all_messages(in),
              (std::vector{turn.user_message, turn.reply, queued.user_message, queued.reply}));
    auto const after = read(in);
    EXPECT_EQ(after.message_count, 4);
    EXPECT_EQ(after.last_message_at, at(5));
    EXPECT_EQ(after.updated_at, at(5));
    ASSERT_EQ(running().size(), 1U);
    EXPECT_EQ(running()[0].lease, turn.lease);
    EXPECT_EQ(code_of(await(conversations().checkpoint(turn.lease, "on it goes"))), "ok");
}

TEST_P(waiting_contract, where_nothing_runs_nobody_waits) {
    auto const in = create(user_id::make());
    auto const turn = queue(in);
    EXPECT_EQ(turn.reply.status, message_status::in_progress);
    EXPECT_GT(turn.lease.epoch, 0);
    EXPECT_EQ(next(in), std::nullopt);
    EXPECT_TRUE(waiting().empty());
    finish(turn);
    EXPECT_EQ(next(in), std::nullopt);
    EXPECT_EQ(next(create(in.user_id)), std::nullopt) << "an empty one";
}

TEST_P(waiting_contract, only_the_end_of_the_active_branch_is_a_place_to_wait_at) {
    auto const nest = make_nest();
    auto const said = put(nest.in);
    auto const turn = begin(nest.in);
    auto const busy = "turn_in_progress@" + turn.reply.message_id.text();
    EXPECT_EQ(refusal(draft_turn(nest.in)), busy) << "it may not wait";
    auto draft = draft_waiting(nest.in);
    for (auto const& place : {behind(said), behind(turn.user_message), before_all(),
                              message_place{messages(nest.in, {}, nest.root)->data[0].message_id},
                              message_place{message_id::make()}}) {
        draft.place = place;
        EXPECT_EQ(refusal(draft), busy);
    }
    draft.place = behind(turn.reply);
    auto const queued = begin(draft);
    EXPECT_EQ(queued.reply.status, message_status::queued);
    EXPECT_EQ(queued.user_message.parent_id, turn.reply.message_id);
    EXPECT_EQ(queued.user_message.branch_id, nest.leaf);
    draft = draft_waiting(nest.in);
    draft.place = behind(queued.reply);
    EXPECT_EQ(begin(draft).user_message.parent_id, queued.reply.message_id);
}

TEST_P(waiting_contract, replies_that_wait_keep_others_out_when_none_is_written) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto const first = queue(in);
    auto const second = queue(in);
    EXPECT_EQ(refusal(draft_turn(in)), "turn_in_progress@" + turn.reply.message_id.text());
    finish(turn);
    auto const busy = "turn_in_progress@" + first.reply.message_id.text();
    EXPECT_EQ(refusal(draft_turn(in)), busy);
    auto const appended = append(in, "meanwhile");
    EXPECT_EQ(code_of(appended), "turn_in_progress");
    EXPECT_EQ(appended.error().param, first.reply.message_id.text());
    EXPECT_EQ(append(in, "again", at(1), second.user_message.message_id).value(), second.user_message);
    auto const third = queue(in);
    EXPECT_EQ(third.reply.status, message_status::queued) << "behind those that came before";
    EXPECT_EQ(third.ahead, 2U);
    EXPECT_EQ(third.user_message.parent_id, second.reply.message_id);
}

TEST_P(waiting_contract, the_end_of_a_turn_tells_whether_others_wait) {
    auto const in = create(user_id::make());
    auto const others_wait_behind = [&](turn_start const& turn) {
        auto const ended = await(conversations().finish_turn(turn.lease, outcome("done")));
        EXPECT_TRUE(ended.has_value());
        return ended && ended->others_wait;
    };
    EXPECT_FALSE(others_wait_behind(begin(in)));
    auto const turn = begin(in);
    queue(in);
    EXPECT_TRUE(others_wait_behind(turn));
    EXPECT_TRUE(others_wait_behind(turn)) << "asked again";
    auto const taken =
        await(conversations().next_turn(in.user_id, in.interaction_id, process_id::make(), at(3)));
    ASSERT_TRUE(taken && *taken);
    EXPECT_FALSE(others_wait_behind(**taken));
}

TEST_P(waiting_contract, they_are_taken_up_in_the_order_in_which_they_came) {
    auto const in = create(user_id::make());
    auto const other = create(in.user_id);
    auto turn = begin(in);
    begin(other);
    std::vector<turn_start> queued;
    for (int i = 0; i < 3; ++i) {
        queued.push_back(queue(in));
        queue(other);
    }
    for (auto const& one : queued) {
        EXPECT_EQ(next(in), std::nullopt) << "one is being written";
        finish(turn);
        auto const taken = next(in, at(30));
        ASSERT_TRUE(taken.has_value());
        EXPECT_EQ(taken->user_message, one.user_message);
        auto expected = one.reply;
        expected.status = message_status::in_progress;
        EXPECT_EQ(taken->reply, expected);
        EXPECT_EQ(read_message(in, expected.message_id), expected);
        turn_lease const lease{in.user_id, in.interaction_id, expected.message_id, owner_,
                               taken->lease.epoch};
        EXPECT_EQ(taken->lease, lease);
        EXPECT_GT(lease.epoch, turn.lease.epoch);
        auto const turns = running();
        EXPECT_EQ(std::ranges::count(turns, lease, &active_turn::lease), 1);
        EXPECT_EQ(read(in).updated_at, at(30));
        EXPECT_EQ(code_of(await(conversations().checkpoint(lease, "so far"))), "ok");
        turn = *taken;
    }
    finish(turn);
    EXPECT_EQ(next(in), std::nullopt);
    EXPECT_EQ(code_of(append(in, "free again")), "ok");
    EXPECT_EQ(seqs(in), (numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_P(waiting_contract, interactions_in_which_replies_wait_are_found_when_none_is_written) {
    auto const in = create(user_id::make());
    auto const other = create(user_id::make());
    EXPECT_TRUE(waiting().empty());
    auto const turn = begin(in);
    auto const other_turn = begin(other);
    queue(in);
    queue(other);
    queue(other);
    EXPECT_TRUE(waiting().empty());
    finish(turn);
    EXPECT_EQ(waiting(), only(in));
    finish(other_turn);
    EXPECT_EQ(waiting().size(), 2U);
    EXPECT_EQ(waiting(1).size(), 1U);
    auto const taken = next(in);
    ASSERT_TRUE(taken.has_value());
    EXPECT_EQ(waiting(), only(other));
    finish(*taken);
    EXPECT_EQ(waiting(), only(other)) << "nothing waits in the first any more";
    withdraw(other);
    EXPECT_TRUE(waiting().empty());
}

TEST_P(waiting_contract, a_turn_left_behind_lets_the_next_one_in) {
    auto const in = create(user_id::make());
    begin(in);
    auto const queued = queue(in);
    auto const seen = running();
    ASSERT_EQ(seen.size(), 1U);
    auto const expired = await(conversations().expire_turn(seen[0], at(60)));
    ASSERT_TRUE(expired && *expired);
    EXPECT_EQ(read_message(in, queued.reply.message_id), queued.reply) << "it goes on waiting";
    EXPECT_EQ(waiting(), only(in));
    auto const taken = next(in);
    ASSERT_TRUE(taken.has_value());
    EXPECT_EQ(taken->reply.message_id, queued.reply.message_id);
    finish(*taken);
}

TEST_P(waiting_contract, one_is_withdrawn_and_the_others_go_on_waiting) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto const first = queue(in);
    auto const second = queue(in);
    auto const third = queue(in);
    auto stopped = second.reply;
    stopped.status = message_status::stopped;
    EXPECT_EQ(withdraw(in, second.reply.message_id, at(40)), std::vector{stopped});
    EXPECT_EQ(read_message(in, stopped.message_id), stopped);
    EXPECT_EQ(read(in).updated_at, at(40));
    EXPECT_TRUE(withdraw(in, second.reply.message_id, at(41)).empty()) << "it does not wait any more";
    for (auto const& id : {turn.reply.message_id, first.user_message.message_id, message_id::make()}) {
        EXPECT_TRUE(withdraw(in, id, at(42)).empty());
    }
    EXPECT_EQ(read(in).updated_at, at(40)) << "nothing was changed";
    EXPECT_EQ(read_message(in, turn.reply.message_id), turn.reply);
    finish(turn);
    auto taken = next(in);
    ASSERT_TRUE(taken.has_value());
    EXPECT_EQ(taken->reply.message_id, first.reply.message_id);
    EXPECT_TRUE(withdraw(in, taken->reply.message_id).empty()) << "it is being written";
    finish(*taken);
    taken = next(in);
    ASSERT_TRUE(taken.has_value());
    EXPECT_EQ(taken->reply.message_id, third.reply.message_id);
    EXPECT_EQ(taken->user_message.parent_id, stopped.message_id);
    finish(*taken);
    EXPECT_EQ(next(in), std::nullopt);
}

TEST_P(waiting_contract, all_are_withdrawn_in_their_order) {
    auto const in = create(user_id::make());
    auto const other = create(in.user_id);
    auto const turn = begin(in);
    begin(other);
    auto const elsewhere = queue(other);
    std::vector<message> expected;
    for (int i = 0; i < 3; ++i) {
        expected.push_back(queue(in).reply);
        expected.back().status = message_status::stopped;
    }
    EXPECT_EQ(withdraw(in), expected);
    EXPECT_TRUE(withdraw(in).empty());
    EXPECT_EQ(read_message(other, elsewhere.reply.message_id), elsewhere.reply);
    EXPECT_EQ(running().size(), 2U) << "what is being written goes on";
    finish(turn);
    EXPECT_EQ(next(in), std::nullopt);
    EXPECT_EQ(put(in).parent_id, expected.back().message_id);
    EXPECT_EQ(seqs(in), (numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_P(waiting_contract, another_users_are_like_absent_ones) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto const queued = queue(in);
    finish(turn);
    auto foreign = in;
    foreign.user_id = user_id::make();
    auto absent = in;
    absent.interaction_id = interaction_id::make();
    for (auto const& one : {foreign, absent}) {
        auto const id = one.interaction_id;
        EXPECT_EQ(code_of(await(conversations().next_turn(one.user_id, id, owner_, at(3)))),
                  "interaction_not_found");
        EXPECT_EQ(code_of(await(conversations().withdraw_turns(one.user_id, id, std::nullopt, at(3)))),
                  "interaction_not_found");
    }
    EXPECT_EQ(read_message(in, queued.reply.message_id), queued.reply);
}

TEST_P(waiting_contract, only_so_many_wait) {
    auto const in = create(user_id::make());
    begin(in);
    auto const first = draft_waiting(in);
    begin(first);
    for (std::size_t i = 1; i < limits::waiting_replies; ++i) queue(in);
    auto const one_more = draft_waiting(in);
    auto const refused = await(conversations().begin_turn(one_more));
    EXPECT_EQ(code_of(refused), "too_many_waiting");
    EXPECT_EQ(refused.error().kind, error_kind::conflict);
    EXPECT_EQ(begin(first).reply.status, message_status::queued) << "it is there already";
    EXPECT_EQ(read(in).message_count, static_cast<std::int64_t>(2 + 2 * limits::waiting_replies));
    withdraw(in, first.reply_id);
    EXPECT_EQ(begin(one_more).reply.status, message_status::queued);
}

TEST_P(waiting_contract, a_begin_is_repeated_after_every_step) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto draft = draft_waiting(in);
    auto const withdrawn_draft = draft_waiting(in);
    auto const queued = begin(draft);
    begin(withdrawn_draft);
    draft.now = at(90);
    auto const again = begin(draft);
    EXPECT_EQ(again.lease, queued.lease);
    EXPECT_EQ(again.user_message, queued.user_message);
    EXPECT_EQ(again.reply, queued.reply);
    draft.may_wait = false;
    EXPECT_EQ(begin(draft).reply, queued.reply);
    finish(turn);
    EXPECT_EQ(begin(draft).reply, queued.reply);

    auto const taker = process_id::make();
    auto const taken = await(conversations().next_turn(in.user_id, in.interaction_id, taker, at(3)));
    ASSERT_TRUE(taken && *taken);
    auto const seen = begin(draft);
    EXPECT_EQ(seen.lease, (*taken)->lease) << "it tells who writes the reply";
    EXPECT_EQ(seen.lease.owner, taker);
    EXPECT_EQ(seen.reply, (*taken)->reply);
    auto const ended = reply_of(await(conversations().finish_turn((*taken)->lease, outcome("done"))));
    ASSERT_TRUE(ended.has_value());
    EXPECT_EQ(begin(draft).reply, *ended);

    auto const stopped = withdraw(in);
    ASSERT_EQ(stopped.size(), 1U);
    auto const none = begin(withdrawn_draft);
    EXPECT_EQ(none.reply, stopped[0]);
    EXPECT_EQ(none.lease.epoch, 0);
    EXPECT_EQ(read(in).message_count, 6);
    EXPECT_TRUE(running().empty());
}

TEST_P(waiting_contract, the_lease_of_a_reply_that_waits_allows_nothing) {
    auto const in = create(user_id::make());
    begin(in);
    auto const queued = queue(in);
    auto const try_everything = [&] {
        EXPECT_EQ(code_of(await(conversations().checkpoint(queued.lease, "x"))), "turn_lost");
        EXPECT_EQ(code_of(await(conversations().finish_turn(queued.lease, outcome("x")))), "turn_lost");
        auto const expired = await(conversations().expire_turn({queued.lease, 0}, at(9)));
        ASSERT_TRUE(expired.has_value());
        EXPECT_EQ(*expired, std::nullopt);
    };
    try_everything();
    EXPECT_EQ(read_message(in, queued.reply.message_id), queued.reply);
    auto const stopped = withdraw(in);
    ASSERT_EQ(stopped.size(), 1U);
    try_everything();
    EXPECT_EQ(read_message(in, queued.reply.message_id), stopped[0]);
}

TEST_P(waiting_contract, of_racing_turns_one_starts_and_the_others_wait_in_a_chain) {
    auto const in = create(user_id::make());
    std::vector<task<result<turn_start>>> racing;
    constexpr std::size_t too_many = 5;
    for (std::size_t i = 0; i < limits::waiting_replies + 1 + too_many; ++i) {
        racing.push_back(conversations().begin_turn(draft_waiting(in, std::to_string(i))));
    }
    std::map<std::string, std::size_t> counts;
    for (auto const& one : loops().run_all(std::move(racing))) {
        ++counts[one ? std::string{to_text(one->reply.status)} : one.error().code];
    }
    EXPECT_EQ(counts,
              (std::map<std::string, std::size_t>{
                  {"in_progress", 1}, {"queued", limits::waiting_replies}, {"too_many_waiting", too_many}}));
    auto const stored = all_messages(in);
    ASSERT_EQ(stored.size(), 2 * (limits::waiting_replies + 1));
    std::optional<message_id> previous;
    for (std::size_t i = 0; i < stored.size(); ++i) {
        EXPECT_EQ(stored[i].parent_id, previous);
        EXPECT_EQ(stored[i].role, i % 2 == 0 ? message_role::user : message_role::assistant);
        EXPECT_EQ(stored[i].seq, static_cast<std::int64_t>(i) + 1);
        previous = stored[i].message_id;
    }
    for (std::size_t i = 1; i < stored.size(); i += 2) {
        ASSERT_EQ(running().size(), 1U);
        EXPECT_EQ(running()[0].lease.reply_id, stored[i].message_id);
        EXPECT_EQ(code_of(await(conversations().finish_turn(running()[0].lease, outcome("done")))), "ok");
        next(in);
    }
    EXPECT_TRUE(running().empty());
}

TEST_P(waiting_contract, a_hundred_copies_of_a_turn_that_waits_are_one) {
    auto const in = create(user_id::make());
    begin(in);
    auto const draft = draft_waiting(in);
    std::vector<task<result<turn_start>>> racing;
    for (int i = 0; i < 100; ++i) racing.push_back(conversations().begin_turn(draft));
    for (auto const& one : loops().run_all(std::move(racing))) {
        ASSERT_TRUE(one.has_value()) << one.error().code;
        EXPECT_EQ(one->reply, read_message(in, draft.reply_id));
    }
    EXPECT_EQ(read(in).message_count, 4);
    EXPECT_EQ(withdraw(in).size(), 1U);
}

TEST_P(waiting_contract, of_those_who_race_for_the_next_turn_one_gets_it) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto const first = queue(in);
    queue(in);
    finish(turn);
    std::vector<task<result<std::optional<turn_start>>>> racing;
    for (int i = 0; i < 20; ++i) {
        racing.push_back(conversations().next_turn(in.user_id, in.interaction_id, process_id::make(), at(3)));
    }
    std::vector<turn_start> won;
    for (auto const& one : loops().run_all(std::move(racing))) {
        ASSERT_TRUE(one.has_value()) << one.error().code;
        if (*one) won.push_back(**one);
    }
    ASSERT_EQ(won.size(), 1U);
    EXPECT_EQ(won[0].reply.message_id, first.reply.message_id);
    ASSERT_EQ(running().size(), 1U);
    EXPECT_EQ(running()[0].lease, won[0].lease);
}

TEST_P(waiting_contract, taking_up_and_withdrawing_at_once_have_one_winner) {
    for (int round = 0; round < 10; ++round) {
        auto const in = create(user_id::make());
        auto const turn = begin(in);
        auto const queued = queue(in);
        finish(turn);
        auto taking =
            loops().start(conversations().next_turn(in.user_id, in.interaction_id, owner_, at(3)), 1);
        auto withdrawing = loops().start(
            conversations().withdraw_turns(in.user_id, in.interaction_id, queued.reply.message_id, at(3)), 2);
        auto const taken = taking.get();
        auto const withdrawn = withdrawing.get();
        ASSERT_TRUE(taken && withdrawn);
        EXPECT_NE(taken->has_value(), withdrawn->size() == 1);
        EXPECT_EQ(read_message(in, queued.reply.message_id).status,
                  *taken ? message_status::in_progress : message_status::stopped);
        if (*taken) finish(**taken);
        EXPECT_EQ(code_of(append(in, "free again")), "ok");
    }
}

TEST_P(waiting_contract, deleting_takes_them_along) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    queue(in);
    finish(turn);
    ASSERT_TRUE(await(conversations().delete_interaction(in.user_id, in.interaction_id, std::nullopt)));
    EXPECT_TRUE(waiting().empty());
    EXPECT_EQ(code_of(await(conversations().next_turn(in.user_id, in.interaction_id, owner_, at(3)))),
              "interaction_not_found");
}

TEST_P(waiting_contract, a_patch_leaves_them_alone) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto const queued = queue(in);
    ASSERT_TRUE(await(conversations().update_interaction(in.user_id, in.interaction_id, {.title = "New"},
                                                         std::nullopt, at(3))));
    finish(turn);
    auto const taken = next(in);
    ASSERT_TRUE(taken.has_value());
    EXPECT_EQ(taken->reply.message_id, queued.reply.message_id);
}

}  // namespace
}  // namespace parley::test
