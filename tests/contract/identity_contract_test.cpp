// Users: how they are made, found, changed and listed.
#include "user_contract.hpp"

#include <algorithm>
#include <ranges>

namespace parley::test {
namespace {

class identity_contract : public user_contract {
protected:
    page<user> list(page_query<user_id> const& query) {
        auto found = await(identities().list_users(query));
        EXPECT_TRUE(found.has_value()) << found.error().detail;
        return found.value_or(page<user>{});
    }
    std::vector<user> walk(page_query<user_id> query) {
        std::vector<user> seen;
        for (bool more = true; more;) {
            auto const found = list(query);
            EXPECT_EQ(found.has_previous, query.after.has_value());
            EXPECT_LE(found.data.size(), query.limit);
            if (found.data.empty()) break;
            std::ranges::copy(found.data, std::back_inserter(seen));
            more = found.has_more;
            query.after = found.data.back().user_id;
        }
        return seen;
    }
    /// The same from the far end, which is behind `from`.
    std::vector<user> walk_back(page_query<user_id> query, user_id const& from) {
        std::vector<user> seen;
        query.before = from;
        for (bool more = true; more;) {
            auto const found = list(query);
            EXPECT_EQ(found.has_more, !seen.empty());
            if (found.data.empty()) break;
            std::ranges::copy(std::views::reverse(found.data), std::back_inserter(seen));
            more = found.has_previous;
            query.before = found.data.front().user_id;
        }
        std::ranges::reverse(seen);
        return seen;
    }

    static user_id last_id() {
        user_id id;
        id.value.fill(0xff);
        return id;
    }
};
PARLEY_FOR_EVERY_STORE(identity_contract);

TEST_P(identity_contract, the_local_user_is_made_once) {
    auto const first = await(identities().local_user(at(1)));
    ASSERT_TRUE(first.has_value());
    EXPECT_FALSE(first->user_id.is_nil());
    EXPECT_EQ(first->created_at, at(1));
    EXPECT_TRUE(first->is_admin);
    EXPECT_TRUE(first->limits.empty());
    auto const second = await(identities().local_user(at(2)));
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(*second, *first);
    auto const found = await(identities().get_user(first->user_id));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(*found, *first);
}

TEST_P(identity_contract, racing_first_calls_get_the_same_local_user) {
    std::vector<task<result<user>>> racing;
    for (int i = 0; i < 20; ++i) racing.push_back(identities().local_user(at(i)));
    auto const outcomes = loops().run_all(std::move(racing));
    for (auto const& one : outcomes) {
        ASSERT_TRUE(one.has_value());
        EXPECT_EQ(*one, *outcomes[0]);
    }
}

TEST_P(identity_contract, changes_what_the_patch_names) {
    auto const before = *await(identities().local_user(at(1)));
    auto expected = before;
    expected.name = "Ada \xc3\xa4\xf0\x9f\x98\x80";
    auto const named = await(identities().update_user(before.user_id, {.name = expected.name}));
    ASSERT_TRUE(named.has_value());
    EXPECT_EQ(*named, expected);
    expected.extra = {{"team", "\"engines\""}, {"empty", ""}};
    ASSERT_TRUE(await(identities().update_user(before.user_id, {.extra = expected.extra})));
    EXPECT_EQ(*await(identities().get_user(before.user_id)), expected);
    EXPECT_EQ(*await(identities().local_user(at(9))), expected);
    expected.extra.clear();
    expected.name.clear();
    ASSERT_TRUE(await(identities().update_user(before.user_id, {.name = "", .extra = attributes{}})));
    EXPECT_EQ(*await(identities().get_user(before.user_id)), expected);
}

TEST_P(identity_contract, a_patch_makes_an_administrator_and_replaces_all_limits) {
    auto expected = add_user();
    EXPECT_FALSE(expected.is_admin);
    auto const change = [&](user_patch const& patch) {
        auto const changed = await(identities().update_user(expected.user_id, patch));
        EXPECT_EQ(changed, expected);
        EXPECT_EQ(await(identities().get_user(expected.user_id)), expected);
    };
    expected.limits = {.requests_per_minute = 60,
                       .concurrent_streams = 0,
                       .queued_generations = std::nullopt,
                       .tokens_per_day = limits::usage_limit};
    change({.limits = expected.limits});
    expected.is_admin = true;
    change({.is_admin = true});
    expected.limits = {.requests_per_minute = std::nullopt,
                       .concurrent_streams = std::nullopt,
                       .queued_generations = 7,
                       .tokens_per_day = std::nullopt};
    change({.limits = expected.limits});
    change({});
    expected.limits = {};
    expected.is_admin = false;
    change({.is_admin = false, .limits = usage_limits{}});
}

TEST_P(identity_contract, an_absent_user_is_not_found) {
    auto const found = await(identities().get_user(user_id::make()));
    EXPECT_EQ(code_of(found), "user_not_found");
    EXPECT_EQ(found.error().kind, error_kind::not_found);
    EXPECT_EQ(code_of(await(identities().update_user(user_id::make(), {.name = "x"}))), "user_not_found");
    EXPECT_EQ(code_of(await(identities().delete_user(user_id::make(), at(1)))), "user_not_found");
}

TEST_P(identity_contract, a_user_is_made_with_all_fields_and_once) {
    auto const whole = add_user({.user_id = user_id::make(),
                                 .name = "Gr\xc3\xa4"
                                         "fin",
                                 .extra = {{"$team.x", "\"engines\""}, {"empty", ""}},
                                 .created_at = at(7),
                                 .is_admin = true,
                                 .limits = {1, 2, 3, 4}});
    EXPECT_EQ(await(identities().get_user(whole.user_id)), whole);
    auto other = new_user("Bob");
    other.user_id = whole.user_id;
    EXPECT_EQ(code_of(await(identities().create_user(other))), "user_exists");
    EXPECT_EQ(await(identities().get_user(whole.user_id)), whole);
}

TEST_P(identity_contract, users_are_listed_in_both_orders_and_directions) {
    EXPECT_TRUE(list({}).data.empty());
    std::vector<user> all{*await(identities().local_user(at(0)))};
    for (int i = 1; i < 8; ++i) all.push_back(add_user(new_user(std::to_string(i), at(100 - i))));
    all[3].limits.tokens_per_day = 5;
    ASSERT_TRUE(await(identities().update_user(all[3].user_id, {.limits = all[3].limits})));
    std::ranges::sort(all, {}, &user::user_id);
    for (std::size_t const limit : {1U, 3U, 8U, 100U}) {
        SCOPED_TRACE(limit);
        EXPECT_EQ(walk({.limit = limit, .order = page_order::ascending}), all);
        EXPECT_EQ(walk_back({.limit = limit, .order = page_order::ascending}, last_id()), all);
    }
    std::ranges::reverse(all);
    for (std::size_t const limit : {1U, 3U, 8U, 100U}) {
        SCOPED_TRACE(limit);
        EXPECT_EQ(walk({.limit = limit, .order = page_order::descending}), all);
        EXPECT_EQ(walk_back({.limit = limit, .order = page_order::descending}, user_id{}), all);
    }
}

TEST_P(identity_contract, a_page_of_long_users_ends_early_and_leads_on) {
    attributes extra;
    for (int i = 0; i < 60; ++i) extra.emplace(std::to_string(i), std::string(limits::metadata_value, 'x'));
    std::vector<user> all;
    for (int i = 0; i < 20; ++i) {
        auto one = new_user("Ada");
        one.extra = extra;
        all.push_back(add_user(std::move(one)));
    }
    std::ranges::sort(all, {}, &user::user_id);
    page_query<user_id> const query{.limit = 100, .order = page_order::ascending};
    auto const first = list(query);
    EXPECT_TRUE(first.has_more);
    EXPECT_EQ(first.data.size(), page_bytes / text_bytes(all[0]));
    EXPECT_TRUE(walk(query) == all);
    EXPECT_TRUE(walk_back(query, last_id()) == all);
}

TEST_P(identity_contract, whom_somebody_else_names_is_made_at_first_sight) {
    external_identity const name{"https://issuer.example", "ada"};
    auto const first = seen_as(name, new_user("Ada"));
    EXPECT_EQ(first.name, "Ada");
    EXPECT_EQ(await(identities().get_user(first.user_id)), first);
    EXPECT_EQ(seen_as(name, new_user("Bob")), first);
    ASSERT_TRUE(await(identities().update_user(first.user_id, {.name = "Countess"})));
    EXPECT_EQ(seen_as(name, new_user("Bob")).name, "Countess") << "as the user is now";
    EXPECT_EQ(list({}).data.size(), 1U) << "whoever was not needed is not there";
}

TEST_P(identity_contract, names_are_told_apart_by_every_byte_of_both_parts) {
    std::string longest = "x";
    while (longest.size() < limits::external_name_bytes) longest += "\xc3\xa4";
    std::vector<external_identity> const names{
        {"i", "a"},        {"i", "A"},           {"i ", "a"},
        {"i", "a "},       {"a", "i"},           {"ia", "i"},
        {"i", "ai"},       {"\xc3\xa4", "$a.b"}, {"i", std::string{"a\0b", 3}},
        {longest, longest}};
    std::vector<user> made;
    for (auto const& name : names) made.push_back(seen_as(name, new_user(name.subject.substr(0, 1) + "?")));
    for (std::size_t i = 0; i < names.size(); ++i) {
        SCOPED_TRACE(i);
        EXPECT_EQ(seen_as(names[i], new_user("other")), made[i]);
    }
    EXPECT_EQ(list({}).data.size(), names.size());
}

TEST_P(identity_contract, of_twenty_who_see_somebody_first_all_get_one_user) {
    external_identity const name{"issuer", "ada"};
    std::vector<task<result<user>>> racing;
    for (int i = 0; i < 20; ++i)
        racing.push_back(identities().external_user(name, new_user("Ada " + std::to_string(i))));
    auto const outcomes = loops().run_all(std::move(racing));
    for (auto const& one : outcomes) {
        ASSERT_TRUE(one.has_value()) << one.error().code << one.error().detail;
        EXPECT_EQ(*one, *outcomes[0]);
    }
    EXPECT_EQ(seen_as(name, new_user("late")), *outcomes[0]);
    EXPECT_EQ(list({}).data, std::vector{*outcomes[0]});
}

}  // namespace
}  // namespace parley::test
