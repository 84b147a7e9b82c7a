#include "store_contract.hpp"

namespace parley::test {
namespace {

class identity_contract : public store_contract {};
PARLEY_FOR_EVERY_STORE(identity_contract);

TEST_P(identity_contract, the_local_user_is_made_once) {
    auto const first = await(identities().local_user(at(1)));
    ASSERT_TRUE(first.has_value());
    EXPECT_FALSE(first->user_id.is_nil());
    EXPECT_EQ(first->created_at, at(1));
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

TEST_P(identity_contract, an_absent_user_is_not_found) {
    auto const found = await(identities().get_user(user_id::make()));
    EXPECT_EQ(code_of(found), "user_not_found");
    EXPECT_EQ(found.error().kind, error_kind::not_found);
    EXPECT_EQ(code_of(await(identities().update_user(user_id::make(), {.name = "x"}))), "user_not_found");
}

}  // namespace
}  // namespace parley::test
