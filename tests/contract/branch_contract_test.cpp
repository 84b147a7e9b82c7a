// Branches: where messages are put, what a path shows, who is whose sibling, which branch is active.
#include "branch_contract.hpp"

namespace parley::test {
namespace {

PARLEY_FOR_EVERY_STORE(branch_contract);

TEST_P(branch_contract, a_message_behind_one_that_goes_on_forks_a_branch) {
    auto const in = create(user_id::make());
    auto const root = put_many(in, 4);
    auto const wanted = addition(in, behind(root[1]), at(7));
    auto const forked = await(conversations().add_message(wanted));
    ASSERT_TRUE(forked.has_value()) << forked.error().code;
    EXPECT_EQ(forked->branch_id, wanted.fork);
    EXPECT_EQ(forked->parent_id, root[1].message_id);
    EXPECT_EQ(forked->parent_seq, 2);
    EXPECT_EQ(forked->seq, 5);
    EXPECT_EQ(forked->sibling, (sibling_position{1, 2}));
    EXPECT_EQ(read_message(in, forked->message_id), *forked);

    auto const after = read(in);
    EXPECT_EQ(after.active_branch, wanted.fork);
    EXPECT_EQ(after.message_count, 5);
    EXPECT_EQ(after.last_message_at, at(7));
    EXPECT_EQ(after.version, in.version);
    auto const list = await(conversations().list_interactions(in.user_id, {}));
    ASSERT_TRUE(list.has_value());
    EXPECT_EQ(list->data, std::vector{after});

    EXPECT_EQ(seqs(in), (numbers{1, 2, 5}));
    EXPECT_EQ(seqs(in, in.active_branch), (numbers{1, 2, 3, 4}));
    EXPECT_EQ(read_message(in, root[2].message_id).sibling, (sibling_position{0, 2}));
    EXPECT_EQ(read_message(in, root[3].message_id).sibling, (sibling_position{0, 1}));
    EXPECT_EQ(messages(in, {})->branch, wanted.fork);
}

TEST_P(branch_contract, a_branch_is_continued_behind_its_last_message) {
    auto const in = create(user_id::make());
    auto const root = put_many(in, 3);
    auto const there = put(in, behind(root[2]));
    EXPECT_EQ(there.branch_id, in.active_branch);
    auto const forked = put(in, behind(root[0]));
    auto const further = put(in, behind(forked));
    EXPECT_EQ(further.branch_id, forked.branch_id);
    EXPECT_EQ(further.parent_id, forked.message_id);
    EXPECT_EQ(further.sibling, (sibling_position{0, 1}));
    EXPECT_EQ(seqs(in), (numbers{1, 5, 6}));

    // Also one that is not the active one, which it becomes.
    auto const back = put(in, behind(there));
    EXPECT_EQ(back.branch_id, in.active_branch);
    EXPECT_EQ(back.parent_id, there.message_id);
    EXPECT_EQ(back.parent_seq, 4);
    EXPECT_EQ(back.seq, 7);
    EXPECT_EQ(read(in).active_branch, in.active_branch);
    EXPECT_EQ(seqs(in), (numbers{1, 2, 3, 4, 7}));
    EXPECT_EQ(seqs(in, forked.branch_id), (numbers{1, 5, 6}));
    EXPECT_EQ(put(in).parent_id, back.message_id);
}

TEST_P(branch_contract, the_first_message_has_siblings_too) {
    auto const in = create(user_id::make());
    auto const first = put(in, before_all());
    EXPECT_EQ(first.branch_id, in.active_branch) << "nothing was there to be beside";
    EXPECT_EQ(first.seq, 1);
    auto const second = put(in);
    auto const edited = put(in, before_all());
    EXPECT_EQ(edited.parent_id, std::nullopt);
    EXPECT_EQ(edited.parent_seq, 0);
    EXPECT_EQ(edited.seq, 3);
    EXPECT_EQ(edited.sibling, (sibling_position{1, 2}));
    auto const again = put(in, before_all());
    EXPECT_EQ(again.sibling, (sibling_position{2, 3}));
    EXPECT_EQ(seqs(in), numbers{4});
    EXPECT_EQ(put(in).parent_id, again.message_id);
    EXPECT_EQ(seqs(in), (numbers{4, 5}));
    EXPECT_EQ(seqs(in, edited.branch_id), numbers{3});
    EXPECT_EQ(seqs(in, in.active_branch), (numbers{1, 2}));
    EXPECT_EQ(read_message(in, first.message_id).sibling, (sibling_position{0, 3}));
    EXPECT_EQ(read_message(in, edited.message_id).sibling, (sibling_position{1, 3}));
    EXPECT_EQ(read_message(in, second.message_id).sibling, (sibling_position{0, 1}));
}

TEST_P(branch_contract, each_sibling_is_found_from_each_other) {
    auto const in = create(user_id::make());
    auto const root = put_many(in, 3);
    std::vector const firsts{root[0], put(in, before_all()), put(in, before_all())};
    std::vector const seconds{root[1], put(in, behind(root[0]))};
    std::vector const on_fork{put(in), put(in, behind(seconds[1])), put(in, behind(seconds[1]))};
    // Where others were written before the branch went on: the root, and a fork.
    std::vector const late{put(in, behind(root[2])), put(in, behind(root[2]))};
    std::vector const late_on_fork{put(in, behind(on_fork[1])), put(in, behind(on_fork[1]))};
    EXPECT_EQ(late[0].branch_id, in.active_branch);
    EXPECT_EQ(late_on_fork[0].branch_id, on_fork[1].branch_id);
    for (auto const& siblings : {firsts, seconds, on_fork, late, late_on_fork, {root[2]}}) {
        expect_siblings(in, siblings);
    }
}

TEST_P(branch_contract, a_reply_that_is_being_written_is_found_as_a_sibling) {
    auto const in = create(user_id::make());
    auto const turn = take_turn(in);
    auto const again = await(conversations().begin_turn(draft_reply(in, turn.user_message.message_id)));
    ASSERT_TRUE(again.has_value()) << again.error().code;
    expect_siblings(in, {turn.reply, again->reply});
    expect_siblings(in, {turn.user_message});
}

TEST_P(branch_contract, a_sibling_that_is_not_there_is_not_found) {
    auto const in = create(user_id::make());
    auto const root = put_many(in, 2);
    put(in, behind(root[0]));
    for (std::int64_t const index : {std::int64_t{-1}, std::int64_t{2}, INT64_MAX, INT64_MIN}) {
        auto const none = read_sibling(in, root[1], index);
        EXPECT_EQ(code_of(none), "message_not_found") << index;
        EXPECT_EQ(none.error().kind, error_kind::not_found);
    }
    EXPECT_EQ(code_of(read_sibling(in, root[0], 1)), "message_not_found");
    auto const other = create(in.user_id);
    auto const elsewhere = put(other);
    EXPECT_EQ(code_of(read_sibling(in, elsewhere, 0)), "message_not_found");
    EXPECT_EQ(code_of(read_sibling(other, root[1], 0)), "message_not_found");
    auto foreign = in;
    foreign.user_id = user_id::make();
    EXPECT_EQ(code_of(read_sibling(foreign, root[1], 0)), "interaction_not_found");
}

TEST_P(branch_contract, forks_of_forks_lead_back_to_the_root) {
    auto const nest = make_nest();
    EXPECT_EQ(seqs(nest.in, nest.root), (numbers{1, 2, 3, 4}));
    EXPECT_EQ(seqs(nest.in, nest.middle), (numbers{1, 2, 5, 6}));
    EXPECT_EQ(seqs(nest.in, nest.leaf), (numbers{1, 2, 5, 7, 8, 9}));
    auto const path = messages(nest.in, {.limit = 100, .order = page_order::ascending}, nest.leaf);
    ASSERT_TRUE(path.has_value());
    EXPECT_EQ(path->branch, nest.leaf);
    std::vector<branch_id> branches;
    std::vector<sibling_position> siblings;
    std::optional<message_id> previous;
    for (auto const& one : path->data) {
        EXPECT_EQ(one.parent_id, previous);
        EXPECT_EQ(one, read_message(nest.in, one.message_id));
        previous = one.message_id;
        branches.push_back(one.branch_id);
        siblings.push_back(one.sibling);
    }
    EXPECT_EQ(branches, (std::vector{nest.root, nest.root, nest.middle, nest.leaf, nest.leaf, nest.leaf}));
    EXPECT_EQ(siblings, (std::vector<sibling_position>{{0, 1}, {0, 1}, {1, 2}, {1, 2}, {0, 1}, {0, 1}}));
}

TEST_P(branch_contract, a_path_is_paged_both_ways_in_both_orders) {
    auto const nest = make_nest();
    numbers const up{1, 2, 5, 7, 8, 9};
    numbers const down{9, 8, 7, 5, 2, 1};
    for (std::size_t limit = 1; limit <= 7; ++limit) {
        EXPECT_EQ(walk(nest.in, nest.leaf, limit, page_order::ascending), up) << limit;
        EXPECT_EQ(walk(nest.in, nest.leaf, limit, page_order::descending), down) << limit;
        EXPECT_EQ(walk_back(nest.in, nest.leaf, limit, page_order::ascending, 9), (numbers{1, 2, 5, 7, 8}));
        EXPECT_EQ(walk_back(nest.in, nest.leaf, limit, page_order::descending, 1), (numbers{9, 8, 7, 5, 2}));
    }
    // From places that are not on the path.
    EXPECT_EQ(seqs(messages(nest.in, {.limit = 2, .after = 6}, nest.leaf)), (numbers{5, 2}));
    EXPECT_EQ(seqs(messages(nest.in, {.limit = 2, .order = page_order::ascending, .after = 3}, nest.leaf)),
              (numbers{5, 7}));
}

TEST_P(branch_contract, a_cursor_stays_on_its_branch) {
    auto const in = create(user_id::make());
    auto const root = put_many(in, 5);
    auto const first = messages(in, {.limit = 2});
    EXPECT_EQ(seqs(first), (numbers{5, 4}));
    put(in, behind(root[1]));
    EXPECT_EQ(seqs(messages(in, {.limit = 2, .after = 4}, first->branch)), (numbers{3, 2}));
    EXPECT_EQ(seqs(messages(in, {.limit = 2, .before = 3}, first->branch)), (numbers{5, 4}));
}

TEST_P(branch_contract, all_branches_are_listed_in_order_of_their_numbers) {
    auto const nest = make_nest();
    numbers const up{1, 2, 3, 4, 5, 6, 7, 8, 9};
    numbers const down{9, 8, 7, 6, 5, 4, 3, 2, 1};
    EXPECT_EQ(walk(nest.in, std::nullopt, 4, page_order::ascending), up);
    EXPECT_EQ(walk(nest.in, std::nullopt, 4, page_order::descending), down);
    EXPECT_EQ(walk_back(nest.in, std::nullopt, 4, page_order::descending, 1),
              (numbers{9, 8, 7, 6, 5, 4, 3, 2}));
    message_query query{{.limit = 100}, branch_id::make(), true};
    auto const all = await(conversations().page_of_branch(nest.in.user_id, nest.in.interaction_id, query));
    ASSERT_TRUE(all.has_value()) << "the branch is not looked at";
    EXPECT_TRUE(all->branch.is_nil());
    for (auto const& one : all->data) EXPECT_EQ(one, read_message(nest.in, one.message_id));
    auto const foreign =
        await(conversations().page_of_branch(user_id::make(), nest.in.interaction_id, query));
    EXPECT_EQ(code_of(foreign), "interaction_not_found");
}

TEST_P(branch_contract, branches_of_others_and_none_are_not_found) {
    auto const nest = make_nest();
    auto const other = create(nest.in.user_id);
    EXPECT_EQ(code_of(messages(other, {}, nest.leaf)), "branch_not_found");
    EXPECT_EQ(code_of(messages(nest.in, {}, branch_id::make())), "branch_not_found");
    EXPECT_EQ(code_of(messages(nest.in, {}, branch_id{})), "branch_not_found");
}

TEST_P(branch_contract, nothing_is_put_behind_what_is_not_there) {
    auto const in = create(user_id::make());
    auto const said = put(in);
    auto const elsewhere = put(create(in.user_id));
    auto const theirs = put(create(user_id::make()));
    for (auto const& parent : {message_id::make(), elsewhere.message_id, theirs.message_id}) {
        auto const place = message_place{parent};
        auto const refused = await(conversations().add_message(addition(in, place)));
        EXPECT_EQ(code_of(refused), "message_not_found");
        EXPECT_EQ(refused.error().kind, error_kind::not_found);
        EXPECT_EQ(refused.error().param, "parent_id");
        auto draft = draft_turn(in);
        draft.place = place;
        auto const turn = await(conversations().begin_turn(draft));
        EXPECT_EQ(code_of(turn), "message_not_found");
        EXPECT_EQ(turn.error().param, "parent_id");
    }
    EXPECT_EQ(every_message(in), std::vector{said});
    EXPECT_TRUE(running().empty());
}

TEST_P(branch_contract, a_repeated_addition_gives_what_was_stored_and_forks_nothing) {
    auto const in = create(user_id::make());
    auto const root = put_many(in, 2);
    auto const wanted = addition(in, behind(root[0]));
    auto const first = await(conversations().add_message(wanted));
    ASSERT_TRUE(first.has_value());
    put(in);
    put(in, behind(root[1]));
    auto const before = read(in);
    auto again = wanted;
    again.fork = branch_id::make();
    for (auto const& place :
         {wanted.place, message_place{}, behind(root[1]), message_place{message_id::make()}}) {
        again.place = place;
        auto const second = await(conversations().add_message(again));
        ASSERT_TRUE(second.has_value()) << second.error().code;
        EXPECT_EQ(*second, *first);
    }
    EXPECT_EQ(read(in), before);
    EXPECT_EQ(code_of(messages(in, {}, again.fork)), "branch_not_found");
    begin(in);
    EXPECT_EQ(*await(conversations().add_message(wanted)), *first) << "also while a reply is being written";
}

TEST_P(branch_contract, racing_copies_of_one_addition_make_one_branch) {
    auto const in = create(user_id::make());
    auto const root = put_many(in, 2);
    auto const wanted = addition(in, behind(root[0]));
    std::vector<task<result<message>>> racing;
    for (int i = 0; i < 40; ++i) racing.push_back(conversations().add_message(wanted));
    for (auto const& one : loops().run_all(std::move(racing))) {
        ASSERT_TRUE(one.has_value()) << one.error().code;
        EXPECT_EQ(*one, read_message(in, wanted.message_id));
    }
    EXPECT_EQ(every_message(in).size(), 3U);
    EXPECT_EQ(read_message(in, wanted.message_id).sibling, (sibling_position{1, 2}));
}

TEST_P(branch_contract, racing_forks_at_one_place_are_siblings_in_order) {
    auto const in = create(user_id::make());
    auto const root = put_many(in, 2);
    std::vector<task<result<message>>> racing;
    for (int i = 0; i < 20; ++i) racing.push_back(conversations().add_message(addition(in, behind(root[0]))));
    for (auto const& one : loops().run_all(std::move(racing)))
        ASSERT_TRUE(one.has_value()) << one.error().code;
    auto const all = every_message(in);
    ASSERT_EQ(all.size(), 22U);
    for (std::size_t i = 1; i < all.size(); ++i) {
        EXPECT_EQ(all[i].seq, static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(all[i].sibling, (sibling_position{static_cast<std::int64_t>(i) - 1, 21}));
        EXPECT_EQ(seqs(in, all[i].branch_id), (numbers{1, all[i].seq}));
    }
}

TEST_P(branch_contract, an_interaction_has_only_so_many_branches) {
    auto const in = create(user_id::make());
    auto const turn = take_turn(in);
    constexpr std::size_t at_once = 20;
    for (std::size_t made = 0; made < limits::forks; made += at_once) {
        std::vector<task<result<message>>> racing;
        for (std::size_t i = 0; i < at_once; ++i) {
            racing.push_back(conversations().add_message(addition(in, behind(turn.user_message))));
        }
        for (auto const& one : loops().run_all(std::move(racing))) ASSERT_EQ(code_of(one), "ok");
    }
    auto const before = read(in);
    auto const refused = await(conversations().add_message(addition(in, behind(turn.user_message))));
    EXPECT_EQ(code_of(refused), "too_many_branches");
    EXPECT_EQ(refused.error().kind, error_kind::conflict);
    EXPECT_EQ(code_of(await(conversations().begin_turn(draft_reply(in, turn.user_message.message_id)))),
              "too_many_branches");
    EXPECT_EQ(code_of(await(conversations().add_message(addition(in, before_all())))), "too_many_branches");
    EXPECT_EQ(read(in), before);
    // Those that are there go on.
    EXPECT_EQ(put(in).branch_id, before.active_branch);
    EXPECT_EQ(put(in, behind(turn.reply)).branch_id, in.active_branch);
    EXPECT_EQ(read_message(in, turn.reply.message_id).sibling, (sibling_position{0, limits::forks + 1}));
}

TEST_P(branch_contract, deleting_takes_the_branches_along) {
    auto const nest = make_nest();
    ASSERT_TRUE(
        await(conversations().delete_interaction(nest.in.user_id, nest.in.interaction_id, std::nullopt)));
    auto fresh = *make_interaction(nest.in.user_id, {}, at(9));
    fresh.interaction_id = nest.in.interaction_id;
    ASSERT_TRUE(await(conversations().create_interaction(fresh)));
    EXPECT_EQ(code_of(messages(fresh, {}, nest.leaf)), "branch_not_found");
    EXPECT_EQ(put_many(fresh, 2)[1].sibling, (sibling_position{0, 1}));
    EXPECT_EQ(every_message(fresh).size(), 2U);
}

}  // namespace
}  // namespace parley::test
