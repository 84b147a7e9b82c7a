#include "store_contract.hpp"

#include <algorithm>
#include <set>

namespace parley::test {
namespace {

class message_contract : public store_contract {
protected:
    static std::vector<std::int64_t> seqs(result<message_page> const& found) {
        std::vector<std::int64_t> out;
        if (found) {
            for (auto const& one : found->data) out.push_back(one.seq);
        }
        return out;
    }
    using numbers = std::vector<std::int64_t>;
};
PARLEY_FOR_EVERY_STORE(message_contract);

TEST_P(message_contract, stores_a_message_with_all_its_fields) {
    auto const in = create(user_id::make());
    auto const id = message_id::make();
    message_draft const draft{
        message_role::user, "Grüezi \xf0\x9f\x98\x80", {{"source", "test"}, {"n", "\"1\""}}};
    auto const stored =
        await(conversations().append_message(in.user_id, in.interaction_id, id, draft, at(3)));
    ASSERT_TRUE(stored.has_value());
    message expected;
    expected.interaction_id = in.interaction_id;
    expected.message_id = id;
    expected.branch_id = in.active_branch;
    expected.seq = 1;
    expected.created_at = at(3);
    expected.role = message_role::user;
    expected.content = draft.content;
    expected.metadata = draft.metadata;
    EXPECT_EQ(*stored, expected);
    EXPECT_EQ(all_messages(in), std::vector{expected});
    EXPECT_EQ(*await(conversations().get_message(in.user_id, in.interaction_id, id)), expected);
}

TEST_P(message_contract, a_page_of_long_messages_is_cut_and_leads_on) {
    auto const in = create(user_id::make());
    for (int i = 0; i < 9; ++i) ASSERT_TRUE(append(in, std::string(300'000, 'x')));
    page_query<std::int64_t> query{.limit = 100, .order = page_order::ascending};
    auto page = messages(in, query);
    EXPECT_EQ(seqs(page), (numbers{1, 2, 3}));
    EXPECT_TRUE(page->has_more);
    query.after = 3;
    page = messages(in, query);
    EXPECT_EQ(seqs(page), (numbers{4, 5, 6}));
    EXPECT_TRUE(page->has_more && page->has_previous);
    query.after = 6;
    page = messages(in, query);
    EXPECT_EQ(seqs(page), (numbers{7, 8, 9}));
    EXPECT_FALSE(page->has_more);
    query.after.reset();
    query.before = 9;
    page = messages(in, query);
    EXPECT_EQ(seqs(page), (numbers{6, 7, 8})) << "the nearest ones";
    EXPECT_TRUE(page->has_previous && page->has_more);
}

TEST_P(message_contract, a_page_names_the_branch_that_was_read) {
    auto const in = create(user_id::make());
    EXPECT_EQ(messages(in, {})->branch, in.active_branch);
    EXPECT_EQ(messages(in, {}, in.active_branch)->branch, in.active_branch);
}

TEST_P(message_contract, keeps_content_of_every_kind) {
    auto const in = create(user_id::make());
    std::vector<message_content> const contents{
        std::string{"a\0b", 3}, std::string(262'144, 'x'),
        content_parts{text_part{"first \"part\""}, text_part{"zweiter Teil: \xc3\xa4"},
                      text_part{std::string{"nul \0", 5}}, image_part{"data:image/png;base64,AAAA"}},
        content_parts{text_part{"only"}}};
    for (auto const& content : contents) {
        auto const stored = await(conversations().append_message(
            in.user_id, in.interaction_id, message_id::make(), {message_role::user, content, {}}, at(1)));
        ASSERT_TRUE(stored.has_value());
        auto const found =
            await(conversations().get_message(in.user_id, in.interaction_id, stored->message_id));
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->content, content);
    }
}

TEST_P(message_contract, messages_are_numbered_from_one_and_chained) {
    auto const in = create(user_id::make());
    std::optional<message_id> previous;
    for (std::int64_t seq = 1; seq <= 5; ++seq) {
        auto const stored = append(in, "message " + std::to_string(seq));
        ASSERT_TRUE(stored.has_value());
        EXPECT_EQ(stored->seq, seq);
        EXPECT_EQ(stored->parent_id, previous);
        EXPECT_EQ(stored->branch_id, in.active_branch);
        previous = stored->message_id;
    }
}

TEST_P(message_contract, a_message_is_counted_and_dates_its_interaction) {
    auto const in = create(user_id::make(), at(0));
    ASSERT_TRUE(append(in, "one", at(10)).has_value());
    ASSERT_TRUE(await(conversations().append_message(in.user_id, in.interaction_id, message_id::make(),
                                                     {message_role::system, "not counted", {}}, at(20))));
    ASSERT_TRUE(append(in, "with an earlier clock", at(5)).has_value());
    auto expected = in;
    expected.message_count = 2;
    expected.updated_at = at(20);
    expected.last_message_at = at(20);
    EXPECT_EQ(read(in), expected);
}

TEST_P(message_contract, a_repeated_append_gives_what_was_stored_and_stores_nothing) {
    auto const in = create(user_id::make());
    auto const id = message_id::make();
    auto const first = append(in, "first", at(1), id);
    ASSERT_TRUE(first && append(in, "between", at(2)));
    auto const before = read(in);
    auto const again = append(in, "other text", at(9), id);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, *first);
    EXPECT_EQ(read(in), before);
    EXPECT_EQ(all_messages(in).size(), 2U);
}

TEST_P(message_contract, racing_repeats_of_one_append_store_it_once) {
    auto const in = create(user_id::make());
    auto const id = message_id::make();
    std::vector<task<result<message>>> racing;
    for (int i = 0; i < 20; ++i) {
        racing.push_back(conversations().append_message(in.user_id, in.interaction_id, id,
                                                        {message_role::user, "again", {}}, at(i)));
    }
    auto const outcomes = loops().run_all(std::move(racing));
    auto const stored = all_messages(in);
    ASSERT_EQ(stored.size(), 1U);
    for (auto const& one : outcomes) {
        ASSERT_TRUE(one.has_value());
        EXPECT_EQ(*one, stored[0]);
    }
}

TEST_P(message_contract, eight_writers_get_every_number_once_without_gaps) {
    auto const in = create(user_id::make());
    constexpr std::size_t writers = 8;
    constexpr std::size_t each = 25;
    std::vector<task<result<message>>> racing;
    for (std::size_t i = 0; i < writers * each; ++i) {
        racing.push_back(conversations().append_message(in.user_id, in.interaction_id, message_id::make(),
                                                        {message_role::user, std::to_string(i), {}}, at(1)));
    }
    std::set<std::int64_t> numbers;
    for (auto const& one : loops().run_all(std::move(racing))) {
        ASSERT_TRUE(one.has_value());
        numbers.insert(one->seq);
    }
    EXPECT_EQ(numbers.size(), writers * each);
    EXPECT_EQ(*numbers.begin(), 1);
    EXPECT_EQ(*numbers.rbegin(), static_cast<std::int64_t>(writers * each));
    EXPECT_EQ(read(in).message_count, static_cast<std::int64_t>(writers * each));

    // The chain of parents is the order of the numbers.
    auto const tail = messages(in, {.limit = 100});
    ASSERT_TRUE(tail.has_value());
    for (std::size_t i = 0; i + 1 < tail->data.size(); ++i) {
        EXPECT_EQ(tail->data[i].parent_id, tail->data[i + 1].message_id);
    }
}

TEST_P(message_contract, one_failing_write_does_not_spoil_its_neighbours) {
    auto const in = create(user_id::make());
    auto const absent = interaction_id::make();
    std::vector<task<result<message>>> mixed;
    for (int i = 0; i < 60; ++i) {
        mixed.push_back(conversations().append_message(in.user_id, i % 3 == 0 ? absent : in.interaction_id,
                                                       message_id::make(), {message_role::user, "x", {}},
                                                       at(1)));
    }
    auto const outcomes = loops().run_all(std::move(mixed));
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        EXPECT_EQ(code_of(outcomes[i]), i % 3 == 0 ? "interaction_not_found" : "ok");
    }
    EXPECT_EQ(all_messages(in).size(), 40U);
}

TEST_P(message_contract, a_write_is_seen_by_every_reader_once_it_is_acknowledged) {
    auto const in = create(user_id::make());
    for (std::size_t i = 1; i <= 20; ++i) {
        auto const stored = append(in, std::to_string(i));
        ASSERT_TRUE(stored.has_value());
        auto const found =
            loops().run(conversations().get_message(in.user_id, in.interaction_id, stored->message_id), i);
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(*found, *stored);
    }
}

TEST_P(message_contract, an_absent_message_is_not_found) {
    auto const in = create(user_id::make());
    auto const found = await(conversations().get_message(in.user_id, in.interaction_id, message_id::make()));
    EXPECT_EQ(code_of(found), "message_not_found");
    EXPECT_EQ(found.error().kind, error_kind::not_found);
    auto const other = create(in.user_id);
    auto const said = append(other, "elsewhere");
    ASSERT_TRUE(said.has_value());
    EXPECT_EQ(code_of(await(conversations().get_message(in.user_id, in.interaction_id, said->message_id))),
              "message_not_found");
}

TEST_P(message_contract, an_absent_branch_is_not_found) {
    auto const in = create(user_id::make());
    EXPECT_EQ(code_of(messages(in, {}, branch_id::make())), "branch_not_found");
    auto const other = create(in.user_id);
    EXPECT_EQ(code_of(messages(in, {}, other.active_branch)), "branch_not_found");
    EXPECT_EQ(code_of(messages(in, {}, in.active_branch)), "ok");
}

TEST_P(message_contract, an_empty_conversation_is_an_empty_page) {
    auto const found = messages(create(user_id::make()), {});
    ASSERT_TRUE(found.has_value());
    EXPECT_TRUE(found->data.empty());
    EXPECT_FALSE(found->has_more);
    EXPECT_FALSE(found->has_previous);
}

TEST_P(message_contract, pages_both_ways_in_both_orders) {
    auto const in = create(user_id::make());
    auto const neighbour = create(in.user_id);
    for (int i = 0; i < 7; ++i) {
        ASSERT_TRUE(append(in, std::to_string(i)).has_value());
        ASSERT_TRUE(append(neighbour, std::to_string(i)).has_value());
    }
    struct expectation {
        page_query<std::int64_t> query;
        numbers found;
        bool has_more;
        bool has_previous;
    };
    auto const down = page_order::descending;
    auto const up = page_order::ascending;
    for (auto const& [query, found, has_more, has_previous] : std::vector<expectation>{
             {{.limit = 3, .order = down}, {7, 6, 5}, true, false},
             {{.limit = 3, .order = down, .after = 5}, {4, 3, 2}, true, true},
             {{.limit = 3, .order = down, .after = 2}, {1}, false, true},
             {{.limit = 3, .order = down, .before = 4}, {7, 6, 5}, true, false},
             {{.limit = 2, .order = down, .before = 4}, {6, 5}, true, true},
             {{.limit = 3, .order = up}, {1, 2, 3}, true, false},
             {{.limit = 3, .order = up, .after = 3}, {4, 5, 6}, true, true},
             {{.limit = 3, .order = up, .after = 6}, {7}, false, true},
             {{.limit = 3, .order = up, .before = 4}, {1, 2, 3}, true, false},
             {{.limit = 2, .order = up, .before = 4}, {2, 3}, true, true},
             {{.limit = 7, .order = up}, {1, 2, 3, 4, 5, 6, 7}, false, false},
             {{.limit = 3, .order = up, .after = 7}, {}, false, true},
             {{.limit = 3, .order = down, .after = 1}, {}, false, true},
             {{.limit = 3, .order = up, .before = 1}, {}, true, false},
             {{.limit = 3, .order = down, .before = 7}, {}, true, false},
             {{.limit = 3, .order = up, .after = 4'611'686'018'427'387'904}, {}, false, true},
             {{.limit = 3, .order = down, .after = -5}, {}, false, true}}) {
        auto const got = messages(in, query);
        ASSERT_TRUE(got.has_value());
        EXPECT_EQ(seqs(got), found);
        EXPECT_EQ(got->has_more, has_more) << "after " << query.after.value_or(-1);
        EXPECT_EQ(got->has_previous, has_previous) << "after " << query.after.value_or(-1);
    }
}

TEST_P(message_contract, a_walk_backwards_is_not_disturbed_by_new_messages) {
    auto const in = create(user_id::make());
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(append(in, std::to_string(i)).has_value());
    EXPECT_EQ(seqs(messages(in, {.limit = 2})), (numbers{6, 5}));
    ASSERT_TRUE(append(in, "new").has_value());
    EXPECT_EQ(seqs(messages(in, {.limit = 2, .after = 5})), (numbers{4, 3}));
    EXPECT_EQ(seqs(messages(in, {.limit = 2, .before = 6})), numbers{7});
}

}  // namespace
}  // namespace parley::test
