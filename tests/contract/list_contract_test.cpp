#include "store_contract.hpp"

#include <algorithm>
#include <ranges>

namespace parley::test {
namespace {

class list_contract : public store_contract {
protected:
    page<interaction> list(user_id const& user, interaction_query const& query) {
        auto found = await(conversations().list_interactions(user, query));
        EXPECT_TRUE(found.has_value()) << found.error().detail;
        return found.value_or(page<interaction>{});
    }

    static interaction_position position_of(interaction const& value, interaction_sort sort) {
        return {sort == interaction_sort::created_at ? value.created_at : value.last_message_at,
                value.interaction_id};
    }

    /// Reads page after page; checks the flags at both ends.
    std::vector<interaction_id> walk(user_id const& user, interaction_query query) {
        std::vector<interaction_id> seen;
        for (bool more = true; more;) {
            auto const found = list(user, query);
            EXPECT_EQ(found.has_previous, query.page.after.has_value());
            for (auto const& value : found.data) seen.push_back(value.interaction_id);
            more = found.has_more;
            if (more) query.page.after = position_of(found.data.back(), query.sort);
        }
        return seen;
    }

    /// The same from the far end with `before`.
    std::vector<interaction_id> walk_back(user_id const& user, interaction_query query,
                                          interaction_position from) {
        std::vector<interaction_id> seen;
        query.page.before = from;
        for (bool more = true; more;) {
            auto const found = list(user, query);
            for (auto const& value : std::views::reverse(found.data)) seen.push_back(value.interaction_id);
            more = found.has_previous;
            if (more) query.page.before = position_of(found.data.front(), query.sort);
        }
        std::ranges::reverse(seen);
        return seen;
    }
};
PARLEY_FOR_EVERY_STORE(list_contract);

TEST_P(list_contract, nobody_has_nothing) {
    auto const found = list(user_id::make(), {});
    EXPECT_TRUE(found.data.empty());
    EXPECT_FALSE(found.has_more);
    EXPECT_FALSE(found.has_previous);
}

TEST_P(list_contract, pages_of_long_interactions_are_cut_and_lead_on) {
    auto const user = user_id::make();
    std::vector<interaction_id> newest_first;
    for (int i = 0; i < 9; ++i) {
        auto const made = create(user, at(i), [](interaction& value) {
            for (int k = 0; k < 10; ++k) value.metadata["k" + std::to_string(k)] = std::string(30'000, 'x');
        });
        newest_first.insert(newest_first.begin(), made.interaction_id);
    }
    interaction_query query;
    query.page.limit = 100;
    EXPECT_EQ(list(user, query).data.size(), 3U);
    EXPECT_EQ(walk(user, query), newest_first);
    auto const last = await(conversations().get_interaction(user, newest_first.back()));
    auto const all_but_last = std::vector(newest_first.begin(), newest_first.end() - 1);
    EXPECT_EQ(walk_back(user, query, position_of(*last, query.sort)), all_but_last);
}

TEST_P(list_contract, a_page_of_ids_is_bounded_by_its_limit_alone) {
    auto const user = user_id::make();
    std::vector<interaction_id> all;
    for (int i = 0; i < 5; ++i) {
        all.insert(all.begin(), create(user, at(i), [](interaction& value) {
                                    value.settings.prompt = std::string(400'000, 'p');
                                }).interaction_id);
    }
    ASSERT_LT(list(user, {.page = {.limit = 4}}).data.size(), 4U);
    for (auto const sort : {interaction_sort::last_message_at, interaction_sort::created_at}) {
        interaction_query query{.page = {.limit = 4}, .sort = sort, .ids_only = true};
        EXPECT_EQ(list(user, query).data.size(), 4U);
        EXPECT_EQ(walk(user, query), all);
    }
}

TEST_P(list_contract, gives_whole_interactions_of_the_user_newest_first) {
    auto const user = user_id::make();
    auto const a = create(user, at(1), [](interaction& value) {
        value.title = "a";
        value.settings.prompt = "Be brief.";
    });
    auto const b = create(user, at(3));
    auto const c = create(user, at(2));
    create(user_id::make(), at(4));
    EXPECT_EQ(list(user, {}).data, (std::vector{b, c, a}));
    EXPECT_EQ(list(user, {.page = {.order = page_order::ascending}}).data, (std::vector{a, c, b}));
}

TEST_P(list_contract, a_message_moves_its_interaction_to_the_front) {
    auto const user = user_id::make();
    auto const a = create(user, at(1));
    auto const b = create(user, at(2));
    ASSERT_TRUE(append(a, "hello", at(9)).has_value());
    auto const by_message = list(user, {});
    ASSERT_EQ(by_message.data.size(), 2U);
    EXPECT_EQ(by_message.data[0].interaction_id, a.interaction_id);
    EXPECT_EQ(by_message.data[0].last_message_at, at(9));
    EXPECT_EQ(list(user, {.sort = interaction_sort::created_at}).data[0].interaction_id, b.interaction_id);
}

TEST_P(list_contract, every_page_walk_meets_each_interaction_once_in_order) {
    auto const user = user_id::make();
    std::vector<interaction> all;
    // Several share a time, so that the id decides.
    for (int i = 0; i < 11; ++i) {
        all.push_back(create(user, at(i / 3), [i](interaction& value) {
            value.pinned = i % 2 == 0;
            value.archived = i % 5 == 0;
        }));
    }
    for (auto const sort : {interaction_sort::created_at, interaction_sort::last_message_at}) {
        for (auto const order : {page_order::ascending, page_order::descending}) {
            auto expected = all;
            std::ranges::sort(expected, {}, [sort](auto const& v) { return position_of(v, sort); });
            if (order == page_order::descending) std::ranges::reverse(expected);
            std::vector<interaction_id> ids;
            for (auto const& value : expected) ids.push_back(value.interaction_id);
            for (std::size_t const limit :
                 {std::size_t{1}, std::size_t{3}, std::size_t{11}, std::size_t{100}}) {
                interaction_query const query{
                    {.limit = limit, .order = order}, sort, std::nullopt, std::nullopt};
                EXPECT_EQ(walk(user, query), ids) << "limit " << limit;
                auto without_last = ids;
                without_last.pop_back();
                EXPECT_EQ(walk_back(user, query, position_of(expected.back(), sort)), without_last);
            }
        }
    }
}

TEST_P(list_contract, a_page_before_a_position_is_the_nearest_and_knows_both_sides) {
    auto const user = user_id::make();
    std::vector<interaction> all;
    for (int i = 0; i < 5; ++i) all.push_back(create(user, at(i)));
    auto const found = list(user, {.page = {.limit = 2, .before = position_of(all[0], {})}});
    EXPECT_EQ(found.data, (std::vector{all[2], all[1]}));
    EXPECT_TRUE(found.has_more);
    EXPECT_TRUE(found.has_previous);
}

TEST_P(list_contract, filters_by_pinned_and_archived) {
    auto const user = user_id::make();
    std::vector<interaction> all;
    for (int i = 0; i < 4; ++i) {
        all.push_back(create(user, at(i), [i](interaction& value) {
            value.pinned = (i & 1) != 0;
            value.archived = (i & 2) != 0;
        }));
    }
    auto const filtered = [&](std::optional<bool> archived, std::optional<bool> pinned) {
        return list(user, {.page = {.order = page_order::ascending}, .archived = archived, .pinned = pinned})
            .data;
    };
    EXPECT_EQ(filtered(std::nullopt, std::nullopt), all);
    EXPECT_EQ(filtered(false, std::nullopt), (std::vector{all[0], all[1]}));
    EXPECT_EQ(filtered(true, std::nullopt), (std::vector{all[2], all[3]}));
    EXPECT_EQ(filtered(std::nullopt, true), (std::vector{all[1], all[3]}));
    EXPECT_EQ(filtered(true, false), std::vector{all[2]});

    ASSERT_TRUE(await(conversations().update_interaction(user, all[2].interaction_id, {.pinned = true},
                                                         std::nullopt, at(50)))
                    .has_value());
    EXPECT_TRUE(filtered(true, false).empty());
    EXPECT_EQ(filtered(std::nullopt, true).size(), 3U);
}

TEST_P(list_contract, the_flags_of_an_empty_page_tell_where_the_others_are) {
    auto const user = user_id::make();
    auto const only = create(user, at(1));
    auto const behind = list(user, {.page = {.after = position_of(only, {})}});
    EXPECT_TRUE(behind.data.empty());
    EXPECT_FALSE(behind.has_more);
    EXPECT_TRUE(behind.has_previous);
    auto const ahead = list(user, {.page = {.before = position_of(only, {})}});
    EXPECT_TRUE(ahead.data.empty());
    EXPECT_TRUE(ahead.has_more);
    EXPECT_FALSE(ahead.has_previous);
}

TEST_P(list_contract, a_walk_survives_changes_behind_its_back) {
    auto const user = user_id::make();
    std::vector<interaction> all;
    for (int i = 0; i < 6; ++i) all.push_back(create(user, at(i)));
    auto const first = list(user, {.page = {.limit = 2}});
    ASSERT_EQ(first.data, (std::vector{all[5], all[4]}));

    // The one the cursor points at goes, another not yet seen moves to the front, a new one appears.
    ASSERT_TRUE(await(conversations().delete_interaction(user, all[4].interaction_id, std::nullopt)));
    ASSERT_TRUE(append(all[2], "to the front", at(90)).has_value());
    create(user, at(91));

    auto const rest = list(user, {.page = {.limit = 10, .after = position_of(all[4], {})}});
    EXPECT_EQ(rest.data, (std::vector{all[3], all[1], all[0]}));
    EXPECT_FALSE(rest.has_more);
    EXPECT_TRUE(rest.has_previous);
}

TEST_P(list_contract, pages_stay_in_order_while_others_write) {
    auto const user = user_id::make();
    std::vector<interaction> all;
    for (int i = 0; i < 12; ++i) all.push_back(create(user, at(i)));
    std::vector<task<result<message>>> writing;
    for (int i = 0; i < 60; ++i) {
        auto const& in = all[static_cast<std::size_t>(i) % all.size()];
        writing.push_back(conversations().append_message(user, in.interaction_id, message_id::make(),
                                                         {message_role::user, "x", {}}, at(100 + i)));
    }
    std::vector<std::future<result<message>>> running;
    for (std::size_t i = 0; i < writing.size(); ++i)
        running.push_back(loops().start(std::move(writing[i]), i + 1));
    for (int round = 0; round < 20; ++round) {
        auto const found = list(user, {.page = {.limit = 100}}).data;
        EXPECT_EQ(found.size(), all.size());
        EXPECT_TRUE(std::ranges::is_sorted(found, std::greater<>{},
                                           [](auto const& v) { return position_of(v, {}); }));
    }
    for (auto& one : running) EXPECT_TRUE(one.get().has_value());
}

}  // namespace
}  // namespace parley::test
