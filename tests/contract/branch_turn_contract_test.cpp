// Turns that fork: a further reply to a message, and a message in another one's place.
#include "branch_contract.hpp"

namespace parley::test {
namespace {

class branch_turn_contract : public branch_contract {
protected:
    /// The code and the param of a refused turn.
    std::string refusal(turn_draft const& draft) {
        auto const refused = await(conversations().begin_turn(draft));
        return refused ? "ok" : refused.error().code + "@" + refused.error().param;
    }
};
PARLEY_FOR_EVERY_STORE(branch_turn_contract);

TEST_P(branch_turn_contract, a_further_reply_is_a_sibling_on_a_branch_of_its_own) {
    auto const in = create(user_id::make());
    auto const turn = take_turn(in);
    auto const later = take_turn(in);
    auto const draft = draft_reply(in, turn.user_message.message_id, at(5));
    auto const again = begin(draft);
    EXPECT_EQ(again.lease.reply_id, draft.reply_id);
    EXPECT_GT(again.lease.epoch, later.lease.epoch);
    EXPECT_EQ(again.user_message, turn.user_message);
    EXPECT_EQ(again.reply.status, message_status::in_progress);
    EXPECT_EQ(again.reply.parent_id, turn.user_message.message_id);
    EXPECT_EQ(again.reply.parent_seq, 1);
    EXPECT_EQ(again.reply.branch_id, draft.fork);
    EXPECT_EQ(again.reply.seq, 5);
    EXPECT_EQ(again.reply.created_at, at(5));
    EXPECT_EQ(again.reply.sibling, (sibling_position{1, 2}));
    EXPECT_EQ(read_message(in, again.reply.message_id), again.reply);
    EXPECT_EQ(read_message(in, turn.reply.message_id).sibling, (sibling_position{0, 2}));
    EXPECT_EQ(read(in).active_branch, draft.fork);
    EXPECT_EQ(read(in).message_count, 5);
    EXPECT_EQ(seqs(in), (numbers{1, 5}));
    EXPECT_EQ(seqs(in, in.active_branch), (numbers{1, 2, 3, 4}));

    ASSERT_TRUE(await(conversations().checkpoint(again.lease, "so far")));
    auto const ended = reply_of(await(conversations().finish_turn(again.lease, outcome("other words"))));
    ASSERT_TRUE(ended.has_value());
    EXPECT_EQ(ended->sibling, (sibling_position{1, 2}));
    EXPECT_EQ(ended->branch_id, draft.fork);
    EXPECT_EQ(*ended, read_message(in, draft.reply_id));

    auto const third = take_turn(draft_reply(in, turn.user_message.message_id));
    EXPECT_EQ(third.reply.sibling, (sibling_position{2, 3}));
    EXPECT_EQ(third.reply.parent_id, turn.user_message.message_id);
    EXPECT_EQ(put(in).parent_id, third.reply.message_id);
}

TEST_P(branch_turn_contract, a_message_without_a_reply_gets_its_first_one_behind_it) {
    auto const in = create(user_id::make());
    auto const said = put_many(in, 2);
    auto const turn = take_turn(draft_reply(in, said[1].message_id));
    EXPECT_EQ(turn.user_message, said[1]);
    EXPECT_EQ(turn.reply.branch_id, in.active_branch);
    EXPECT_EQ(turn.reply.sibling, (sibling_position{0, 1}));
    EXPECT_EQ(seqs(in), (numbers{1, 2, 3}));

    // Also at the end of a branch that is not the active one.
    auto const forked = put(in, behind(said[0]));
    put(in, behind(turn.reply));
    ASSERT_EQ(read(in).active_branch, in.active_branch);
    auto const there = take_turn(draft_reply(in, forked.message_id));
    EXPECT_EQ(there.reply.branch_id, forked.branch_id);
    EXPECT_EQ(read(in).active_branch, forked.branch_id);
    EXPECT_EQ(seqs(in), (numbers{1, 4, 6}));
}

TEST_P(branch_turn_contract, a_reply_that_was_interrupted_is_written_again_beside_it) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    ASSERT_TRUE(await(conversations().expire_turn(running().at(0), at(9))));
    auto const again = begin(draft_reply(in, turn.user_message.message_id));
    EXPECT_EQ(again.reply.sibling, (sibling_position{1, 2}));
    auto const expired = await(conversations().expire_turn(running().at(0), at(9)));
    ASSERT_TRUE(expired && *expired);
    EXPECT_EQ((*expired)->sibling, (sibling_position{1, 2}));
    EXPECT_EQ((*expired)->branch_id, again.reply.branch_id);
}

TEST_P(branch_turn_contract, only_a_users_message_is_replied_to) {
    auto const in = create(user_id::make());
    auto const turn = take_turn(in);
    auto const elsewhere = put(create(in.user_id));
    auto const theirs = put(create(user_id::make()));
    auto const with = [&](message_id const& asked) { return refusal(draft_reply(in, asked)); };
    EXPECT_EQ(with(turn.reply.message_id), "not_a_user_message@");
    EXPECT_EQ(with(message_id::make()), "message_not_found@parent_id");
    EXPECT_EQ(with(elsewhere.message_id), "message_not_found@parent_id");
    EXPECT_EQ(with(theirs.message_id), "message_not_found@parent_id") << "as if it were not there";
    auto taken = draft_reply(in, turn.user_message.message_id);
    taken.reply_id = theirs.message_id;
    EXPECT_EQ(refusal(taken), "message_exists@");
    EXPECT_EQ(every_message(in).size(), 2U);
    EXPECT_EQ(read(in).active_branch, in.active_branch);
    EXPECT_TRUE(running().empty());
}

TEST_P(branch_turn_contract, a_further_reply_never_waits) {
    auto const in = create(user_id::make());
    auto const first = take_turn(in);
    auto const turn = begin(in);
    auto draft = draft_reply(in, first.user_message.message_id);
    draft.may_wait = true;
    EXPECT_EQ(refusal(draft), "turn_in_progress@" + turn.reply.message_id.text());
    ASSERT_TRUE(await(conversations().finish_turn(turn.lease, outcome("done"))));
    EXPECT_EQ(begin(draft).reply.status, message_status::in_progress);
}

TEST_P(branch_turn_contract, a_message_in_anothers_place_forks_and_is_replied_to) {
    auto const in = create(user_id::make());
    auto const first = take_turn(in);
    auto const second = take_turn(in);
    auto draft = draft_turn(in, "Rather this");
    draft.place = behind(first.reply);
    auto const edited = take_turn(draft);
    EXPECT_EQ(edited.user_message.branch_id, draft.fork);
    EXPECT_EQ(edited.user_message.parent_id, first.reply.message_id);
    EXPECT_EQ(edited.user_message.sibling, (sibling_position{1, 2}));
    EXPECT_EQ(edited.reply.branch_id, draft.fork);
    EXPECT_EQ(edited.reply.parent_id, edited.user_message.message_id);
    EXPECT_EQ(edited.reply.sibling, (sibling_position{0, 1}));
    EXPECT_EQ(seqs(in), (numbers{1, 2, 5, 6}));
    EXPECT_EQ(read_message(in, second.user_message.message_id).sibling, (sibling_position{0, 2}));

    // The first message of all; then the edited one, which stands on a branch of its own.
    draft = draft_turn(in, "From the beginning");
    draft.place = before_all();
    auto const begun = take_turn(draft);
    EXPECT_EQ(begun.user_message.parent_id, std::nullopt);
    EXPECT_EQ(begun.user_message.sibling, (sibling_position{1, 2}));
    EXPECT_EQ(begun.reply.parent_id, begun.user_message.message_id);
    EXPECT_EQ(seqs(in), (numbers{7, 8}));
    draft = draft_turn(in, "Once more");
    draft.place = message_place{edited.user_message.parent_id};
    auto const once_more = take_turn(draft);
    EXPECT_EQ(once_more.user_message.sibling, (sibling_position{2, 3}));
    EXPECT_EQ(seqs(in), (numbers{1, 2, 9, 10}));
}

TEST_P(branch_turn_contract, a_place_at_the_end_of_a_branch_continues_it) {
    auto const in = create(user_id::make());
    auto const first = take_turn(in);
    auto const further = take_turn(draft_reply(in, first.user_message.message_id));
    auto draft = draft_turn(in);
    draft.place = behind(first.reply);
    auto const on_root = take_turn(draft);
    EXPECT_EQ(on_root.user_message.branch_id, in.active_branch);
    EXPECT_EQ(on_root.user_message.sibling, (sibling_position{0, 1}));
    EXPECT_EQ(seqs(in), (numbers{1, 2, 4, 5}));
    EXPECT_EQ(seqs(in, further.reply.branch_id), (numbers{1, 3}));
}

TEST_P(branch_turn_contract, a_fork_is_repeated_after_every_step) {
    auto const in = create(user_id::make());
    auto const first = take_turn(in);
    put(in);
    auto regenerated = draft_reply(in, first.user_message.message_id);
    auto edited = draft_turn(in);
    edited.place = behind(first.reply);
    for (auto draft : {regenerated, edited}) {
        auto const turn = begin(draft);
        draft.fork = branch_id::make();
        draft.now = at(50);
        auto const again = begin(draft);
        EXPECT_EQ(again.lease, turn.lease);
        EXPECT_EQ(again.reply, turn.reply);
        EXPECT_EQ(again.user_message, turn.user_message);
        auto const ended = reply_of(await(conversations().finish_turn(turn.lease, outcome("done"))));
        ASSERT_TRUE(ended.has_value());
        EXPECT_EQ(begin(draft).reply, *ended);
        // On another branch, under another reply.
        auto other = draft_turn(in);
        other.place = before_all();
        auto const running_turn = begin(other);
        EXPECT_EQ(begin(draft).reply, *ended);
        EXPECT_EQ(read(in).active_branch, other.fork);
        EXPECT_EQ(code_of(messages(in, {}, draft.fork)), "branch_not_found");
        ASSERT_TRUE(await(conversations().finish_turn(running_turn.lease, outcome("done"))));
    }
    EXPECT_EQ(every_message(in).size(), 3U + 1 + 2 + 2 + 2);
}

TEST_P(branch_turn_contract, a_hundred_copies_of_a_fork_are_one) {
    auto const in = create(user_id::make());
    auto const first = take_turn(in);
    auto const draft = draft_reply(in, first.user_message.message_id);
    std::vector<task<result<turn_start>>> racing;
    for (int i = 0; i < 100; ++i) racing.push_back(conversations().begin_turn(draft));
    auto const outcomes = loops().run_all(std::move(racing));
    auto const stored = read_message(in, draft.reply_id);
    EXPECT_EQ(stored.sibling, (sibling_position{1, 2}));
    for (auto const& one : outcomes) {
        ASSERT_TRUE(one.has_value()) << one.error().code;
        EXPECT_EQ(one->lease, outcomes[0]->lease);
        EXPECT_EQ(one->reply, stored);
    }
    EXPECT_EQ(every_message(in).size(), 3U);
    EXPECT_EQ(running().size(), 1U);
}

}  // namespace
}  // namespace parley::test
