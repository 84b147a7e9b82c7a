// Users, names and keys as MongoDB keeps them.
#include "adapters/mongo/driver.hpp"
#include "identity_fixture.hpp"

namespace parley::test {
namespace {

class mongo_identity : public identities {
protected:
    std::unique_ptr<mongo_store> second_ = open(direct());
};

TEST_F(mongo_identity, a_user_is_kept_as_it_is) {
    auto value = a_user();
    value.is_admin = true;
    value.limits = {.requests_per_minute = 0, .concurrent_streams = 3, .queued_generations = {}};
    ASSERT_TRUE(await(straight_->create_user(value)));
    EXPECT_EQ(*await(second_->get_user(value.user_id)), value);
    EXPECT_EQ(code_of(await(second_->create_user(value))), "user_exists");
}

TEST_F(mongo_identity, a_patch_replaces_all_limits) {
    auto value = stored_user();
    value.limits = {.requests_per_minute = 5};
    value.is_admin = true;
    auto const changed =
        await(straight_->update_user(value.user_id, {.is_admin = value.is_admin, .limits = value.limits}));
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(*changed, value);
    value.limits = {};
    value.is_admin = false;
    ASSERT_TRUE(
        await(straight_->update_user(value.user_id, {.is_admin = value.is_admin, .limits = value.limits})));
    EXPECT_EQ(*await(second_->get_user(value.user_id)), value);
}

TEST_F(mongo_identity, users_are_listed_in_both_directions_without_deleted_ones) {
    std::vector<user> all;
    for (int i = 0; i < 7; ++i) all.push_back(stored_user(std::to_string(i)));
    ASSERT_TRUE(await(straight_->delete_user(all[3].user_id, at(1))));
    all.erase(all.begin() + 3);
    page_query<user_id> query{.limit = 4, .order = page_order::ascending};
    auto const first = await(straight_->list_users(query));
    ASSERT_TRUE(first.has_value()) << first.error().detail;
    EXPECT_EQ(first->data, (std::vector(all.begin(), all.begin() + 4)));
    EXPECT_TRUE(first->has_more && !first->has_previous);
    query.after = first->data.back().user_id;
    auto const second = await(straight_->list_users(query));
    EXPECT_EQ(second->data, (std::vector(all.begin() + 4, all.end())));
    EXPECT_TRUE(!second->has_more && second->has_previous);
    query.order = page_order::descending;
    auto const back = await(straight_->list_users(query));
    EXPECT_EQ(back->data, (std::vector{all[2], all[1], all[0]}));
    query = {.limit = 2, .order = page_order::descending, .before = all[1].user_id};
    EXPECT_EQ(await(straight_->list_users(query))->data, (std::vector{all[3], all[2]}));
}

TEST_F(mongo_identity, the_local_user_is_an_administrator_and_can_be_made_anew) {
    auto const first = await(straight_->local_user(at(1)));
    ASSERT_TRUE(first.has_value());
    EXPECT_TRUE(first->is_admin);
    ASSERT_TRUE(await(straight_->update_user(first->user_id, {.is_admin = false})));
    EXPECT_FALSE(await(second_->local_user(at(2)))->is_admin);
    ASSERT_TRUE(await(straight_->delete_user(first->user_id, at(3))));
    auto const other = await(second_->local_user(at(4)));
    ASSERT_TRUE(other.has_value()) << other.error().detail;
    EXPECT_NE(other->user_id, first->user_id);
    EXPECT_EQ(other->created_at, at(4));
    EXPECT_TRUE(other->is_admin);
}

TEST_F(mongo_identity, a_name_leads_to_one_user) {
    auto const fresh = a_user();
    EXPECT_EQ(*await(straight_->external_user(name_, fresh)), fresh);
    EXPECT_EQ(*await(second_->external_user(name_, a_user("somebody else"))), fresh);
    EXPECT_EQ(*await(second_->get_user(fresh.user_id)), fresh);
    // Neither half of the pair is a name, nor what the halves make together.
    for (auto const& [issuer, subject] :
         {std::pair{name_.issuer, "eve"}, std::pair{std::string{"https://other.example"}, "ada"},
          std::pair{name_.issuer + "a", "da"}, std::pair{std::string{"ada"}, "https://issuer.example"}}) {
        auto const another = a_user(issuer);
        EXPECT_EQ(*await(second_->external_user({issuer, subject}, another)), another);
    }
}

TEST_F(mongo_identity, two_stores_that_see_somebody_at_once_make_one_user) {
    for (int round = 0; round < 5; ++round) {
        external_identity const name{"issuer", std::to_string(round)};
        std::vector<std::future<result<user>>> seeing;
        for (std::size_t i = 0; i < 8; ++i) {
            auto& store = i % 2 == 0 ? *straight_ : *second_;
            seeing.push_back(loops_.start(store.external_user(name, a_user(std::to_string(i))), i));
        }
        auto const first = seeing[0].get();
        ASSERT_TRUE(first.has_value()) << first.error().detail;
        for (std::size_t i = 1; i < seeing.size(); ++i) {
            auto const one = seeing[i].get();
            ASSERT_TRUE(one.has_value()) << one.error().detail;
            EXPECT_EQ(*one, *first);
        }
        EXPECT_EQ(count("users"), round + 1);
    }
}

TEST_F(mongo_identity, a_key_is_kept_as_it_is_and_found_by_its_hash) {
    auto const owner = stored_user();
    auto key = a_key(owner.user_id);
    key.expires_at = at(-5);  // expired ones are found, too
    key.limits.requests_per_minute = 7;
    key.scopes = {.read = false, .write = false, .admin = true};
    ASSERT_TRUE(await(straight_->create_key(key)));
    EXPECT_EQ(*await(second_->find_key(key.hash)), (held_key{key, false, owner.limits}));
    ASSERT_TRUE(await(straight_->update_user(owner.user_id, {.is_admin = true, .limits = usage_limits{}})));
    EXPECT_EQ(*await(second_->find_key(key.hash)), (held_key{key, true, {}}));
    EXPECT_EQ(*await(second_->find_key(sha256("another"))), std::nullopt);
}

TEST_F(mongo_identity, neither_the_id_nor_the_text_of_a_key_is_taken_twice) {
    auto const owner = stored_user();
    auto const key = stored_key(owner.user_id);
    EXPECT_EQ(code_of(await(second_->create_key(key))), "key_exists");
    auto same_text = a_key(stored_user().user_id);
    same_text.hash = key.hash;
    EXPECT_EQ(code_of(await(second_->create_key(same_text))), "key_exists");
    auto same_id = a_key(owner.user_id);
    same_id.key_id = key.key_id;
    EXPECT_EQ(code_of(await(second_->create_key(same_id))), "key_exists");
    EXPECT_EQ(*await(second_->find_key(key.hash)), (held_key{key, false, owner.limits}));
    EXPECT_EQ(code_of(await(second_->create_key(a_key(user_id::make())))), "user_not_found");
}

TEST_F(mongo_identity, a_user_has_so_many_keys_and_no_more) {
    auto const owner = stored_user();
    auto const last = stored_key(owner.user_id);
    for (std::size_t i = 1; i < limits::keys_of_user; ++i) stored_key(owner.user_id);
    EXPECT_EQ(code_of(await(straight_->create_key(a_key(owner.user_id)))), "too_many_keys");
    ASSERT_TRUE(await(straight_->create_key(a_key(stored_user().user_id)))) << "another's do not count";
    ASSERT_TRUE(await(straight_->delete_key(owner.user_id, last.key_id)));
    EXPECT_EQ(code_of(await(straight_->create_key(a_key(owner.user_id)))), "ok");
}

TEST_F(mongo_identity, keys_are_listed_newest_first_and_deleted_by_their_owner) {
    auto const owner = stored_user();
    auto const other = stored_user();
    auto const first = stored_key(owner.user_id, 1);
    auto const second = stored_key(owner.user_id, 2);
    stored_key(other.user_id);
    EXPECT_EQ(*await(second_->list_keys(owner.user_id)), (std::vector{second, first}));
    EXPECT_EQ(code_of(await(second_->list_keys(user_id::make()))), "user_not_found");
    EXPECT_EQ(code_of(await(second_->delete_key(other.user_id, first.key_id))), "key_not_found");
    EXPECT_EQ(code_of(await(second_->delete_key(owner.user_id, first.key_id))), "ok");
    EXPECT_EQ(code_of(await(second_->delete_key(owner.user_id, first.key_id))), "key_not_found");
    EXPECT_EQ(*await(straight_->find_key(first.hash)), std::nullopt);
    EXPECT_EQ(*await(straight_->list_keys(owner.user_id)), std::vector{second});
}

TEST_F(mongo_identity, the_last_use_of_a_key_does_not_go_back) {
    auto const owner = stored_user();
    auto key = stored_key(owner.user_id);
    ASSERT_TRUE(await(straight_->key_used(key.key_id, at(60))));
    ASSERT_TRUE(await(second_->key_used(key.key_id, at(30))));
    key.last_used_at = at(60);
    EXPECT_EQ(*await(straight_->list_keys(owner.user_id)), std::vector{key});
    ASSERT_TRUE(await(straight_->key_used(key_id::make(), at(60))));
    EXPECT_EQ(count("keys"), 1);
}

}  // namespace
}  // namespace parley::test
