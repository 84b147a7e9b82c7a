// Which branch is shown and continued, as a patch chooses it.
#include "branch_contract.hpp"

namespace parley::test {
namespace {

class active_branch_contract : public branch_contract {
protected:
    result<interaction> activate(interaction const& in, branch_id const& branch, timestamp now = at(9)) {
        interaction_patch patch;
        patch.active_branch = branch;
        return await(
            conversations().update_interaction(in.user_id, in.interaction_id, patch, std::nullopt, now));
    }
};
PARLEY_FOR_EVERY_STORE(active_branch_contract);

TEST_P(active_branch_contract, another_branch_is_shown_and_continued_at_its_end) {
    auto const nest = make_nest();
    auto const before = read(nest.in);
    auto const changed = activate(nest.in, nest.root);
    ASSERT_TRUE(changed.has_value()) << changed.error().code;
    auto expected = before;
    expected.active_branch = nest.root;
    expected.version = before.version + 1;
    expected.updated_at = at(9);
    EXPECT_EQ(*changed, expected);
    EXPECT_EQ(read(nest.in), expected);
    EXPECT_EQ(seqs(nest.in), (numbers{1, 2, 3, 4}));

    auto const on_root = put(nest.in);
    EXPECT_EQ(on_root.seq, 10);
    EXPECT_EQ(on_root.parent_seq, 4);
    EXPECT_EQ(on_root.branch_id, nest.root);
    EXPECT_EQ(on_root, read_message(nest.in, on_root.message_id));
    EXPECT_EQ(seqs(nest.in), (numbers{1, 2, 3, 4, 10}));

    ASSERT_TRUE(activate(nest.in, nest.leaf));
    EXPECT_EQ(seqs(nest.in), (numbers{1, 2, 5, 7, 8, 9}));
    EXPECT_EQ(put(nest.in).parent_seq, 9);
    ASSERT_TRUE(activate(nest.in, nest.middle));
    EXPECT_EQ(put(nest.in).parent_seq, 6);
    ASSERT_TRUE(activate(nest.in, nest.root));
    EXPECT_EQ(put(nest.in).parent_id, on_root.message_id);
    EXPECT_EQ(seqs(nest.in, nest.root), (numbers{1, 2, 3, 4, 10, 13}));
    EXPECT_EQ(seqs(nest.in, nest.leaf), (numbers{1, 2, 5, 7, 8, 9, 11}));
    EXPECT_EQ(seqs(nest.in, nest.middle), (numbers{1, 2, 5, 6, 12}));
    EXPECT_EQ(walk(nest.in, nest.root, 2, page_order::descending), (numbers{13, 10, 4, 3, 2, 1}));
    EXPECT_EQ(walk(nest.in, nest.leaf, 2, page_order::ascending), (numbers{1, 2, 5, 7, 8, 9, 11}));
}

TEST_P(active_branch_contract, a_turn_goes_on_where_the_active_branch_ends) {
    auto const nest = make_nest();
    ASSERT_TRUE(activate(nest.in, nest.middle));
    auto const turn = take_turn(nest.in);
    EXPECT_EQ(turn.user_message.branch_id, nest.middle);
    EXPECT_EQ(turn.user_message.parent_seq, 6);
    EXPECT_EQ(turn.reply.parent_id, turn.user_message.message_id);
    EXPECT_EQ(seqs(nest.in), (numbers{1, 2, 5, 6, 10, 11}));
}

TEST_P(active_branch_contract, what_is_active_already_needs_no_change) {
    auto const nest = make_nest();
    auto const before = read(nest.in);
    begin(nest.in);
    auto const same = activate(nest.in, nest.leaf);
    ASSERT_TRUE(same.has_value()) << same.error().code;
    EXPECT_EQ(same->version, before.version);
    EXPECT_EQ(same->active_branch, nest.leaf);
}

TEST_P(active_branch_contract, a_branch_that_is_not_there_is_not_found) {
    auto const nest = make_nest();
    auto const other = make_nest();
    auto const before = read(nest.in);
    for (auto const& branch : {branch_id::make(), other.leaf, other.root, branch_id{}}) {
        auto const refused = activate(nest.in, branch);
        EXPECT_EQ(code_of(refused), "branch_not_found");
        EXPECT_EQ(refused.error().kind, error_kind::not_found);
        EXPECT_EQ(refused.error().param, "active_branch");
    }
    EXPECT_EQ(read(nest.in), before);
    auto foreign = nest.in;
    foreign.user_id = user_id::make();
    EXPECT_EQ(code_of(activate(foreign, nest.root)), "interaction_not_found");
}

TEST_P(active_branch_contract, a_version_is_looked_at_first) {
    auto const nest = make_nest();
    interaction_patch patch;
    patch.title = "New";
    patch.active_branch = branch_id::make();
    auto const version = read(nest.in).version;
    auto const change = [&](std::int64_t wanted) {
        return code_of(await(conversations().update_interaction(nest.in.user_id, nest.in.interaction_id,
                                                                patch, wanted, at(9))));
    };
    EXPECT_EQ(change(version + 1), "version_mismatch");
    EXPECT_EQ(change(version), "branch_not_found");
    EXPECT_EQ(read(nest.in).title, "") << "all or nothing";
    patch.active_branch = nest.root;
    EXPECT_EQ(change(version), "ok");
    EXPECT_EQ(read(nest.in).title, "New");
    EXPECT_EQ(read(nest.in).active_branch, nest.root);
}

TEST_P(active_branch_contract, nothing_is_switched_under_a_reply) {
    auto const nest = make_nest();
    auto const turn = begin(nest.in);
    auto waiting = draft_turn(nest.in);
    waiting.may_wait = true;
    begin(waiting);
    auto const refused = activate(nest.in, nest.root);
    EXPECT_EQ(code_of(refused), "turn_in_progress");
    EXPECT_EQ(refused.error().kind, error_kind::conflict);
    EXPECT_EQ(refused.error().param, turn.reply.message_id.text());
    EXPECT_EQ(code_of(activate(nest.in, branch_id::make())), "branch_not_found");

    ASSERT_TRUE(await(conversations().finish_turn(turn.lease, outcome("done"))));
    auto const behind = activate(nest.in, nest.root);
    EXPECT_EQ(code_of(behind), "turn_in_progress");
    EXPECT_EQ(behind.error().param, waiting.reply_id.text());
    EXPECT_EQ(read(nest.in).active_branch, nest.leaf);
    ASSERT_TRUE(
        await(conversations().withdraw_turns(nest.in.user_id, nest.in.interaction_id, std::nullopt, at(9))));
    EXPECT_EQ(code_of(activate(nest.in, nest.root)), "ok");
}

}  // namespace
}  // namespace parley::test
