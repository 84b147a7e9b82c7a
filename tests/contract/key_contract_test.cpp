// Keys: found by what is kept of them, until they are deleted or their user is.
#include "user_contract.hpp"

#include <algorithm>
#include <future>

namespace parley::test {
namespace {

class key_contract : public user_contract {
protected:
    std::string add(api_key const& key) { return code_of(await(identities().create_key(key))); }
    std::string remove(user_id const& user, key_id const& key) {
        return code_of(await(identities().delete_key(user, key)));
    }
    void use(api_key& key, timestamp now) {
        auto const done = await(identities().key_used(key.key_id, now));
        EXPECT_TRUE(done.has_value()) << done.error().code << done.error().detail;
        key.last_used_at = now;
    }
};
PARLEY_FOR_EVERY_STORE(key_contract);

TEST_P(key_contract, a_key_is_found_with_all_fields_and_what_its_user_is_now) {
    auto const owner = add_user();
    auto key = new_key(owner.user_id, at(3));
    key.name = "laptop \xf0\x9f\x98\x80";
    key.scopes = {.read = false, .write = false, .admin = true};
    key.expires_at = at(99);
    key.last_used_at = at(4);
    key.limits = {.requests_per_minute = 0,
                  .concurrent_streams = std::nullopt,
                  .queued_generations = 3,
                  .tokens_per_day = limits::usage_limit};
    add_key(key);
    EXPECT_EQ(find(key), (held_key{key, false, {}}));
    usage_limits const less{.tokens_per_day = 10};
    ASSERT_TRUE(await(identities().update_user(owner.user_id, {.is_admin = true, .limits = less})));
    EXPECT_EQ(find(key), (held_key{key, true, less}));
    EXPECT_EQ(find(new_key(owner.user_id)), std::nullopt);
}

TEST_P(key_contract, every_set_of_scopes_comes_back) {
    auto const owner = add_user();
    for (int bits = 1; bits < 8; ++bits) {
        auto key = new_key(owner.user_id);
        key.scopes = {.read = bits % 2 == 1, .write = bits / 2 % 2 == 1, .admin = bits / 4 == 1};
        add_key(key);
        EXPECT_EQ(find(key), (held_key{key, false, {}})) << bits;
    }
}

TEST_P(key_contract, one_that_has_expired_is_found) {
    auto key = new_key(add_user().user_id);
    key.expires_at = at(-1'000'000);
    add_key(key);
    EXPECT_EQ(find(key), (held_key{key, false, {}}));
}

TEST_P(key_contract, only_a_user_has_keys) {
    auto const key = new_key(user_id::make());
    EXPECT_EQ(add(key), "user_not_found");
    EXPECT_EQ(find(key), std::nullopt);
    EXPECT_EQ(code_of(await(identities().list_keys(key.user_id))), "user_not_found");
    EXPECT_EQ(remove(key.user_id, key.key_id), "key_not_found");
}

TEST_P(key_contract, neither_id_nor_text_may_be_another_keys) {
    auto const key = add_key(new_key(add_user().user_id));
    auto const other = add_user("Bob");
    for (auto const& owner : {key.user_id, other.user_id}) {
        auto same_id = new_key(owner);
        same_id.key_id = key.key_id;
        EXPECT_EQ(add(same_id), "key_exists");
        EXPECT_EQ(find(same_id), std::nullopt);
        auto same_text = new_key(owner);
        same_text.hash = key.hash;
        EXPECT_EQ(add(same_text), "key_exists");
    }
    EXPECT_EQ(find(key), (held_key{key, false, {}}));
    EXPECT_TRUE(keys_of(other.user_id).empty());
}

TEST_P(key_contract, keys_are_listed_newest_first_and_each_with_its_user) {
    auto const owner = add_user();
    auto const other = add_key(new_key(add_user("Bob").user_id));
    EXPECT_TRUE(keys_of(owner.user_id).empty());
    std::vector<api_key> all;
    for (int const time : {5, 1, 3, 3, 9, 3}) all.push_back(add_key(new_key(owner.user_id, at(time))));
    std::ranges::sort(all, std::ranges::greater{},
                      [](api_key const& one) { return std::pair{one.created_at, one.key_id}; });
    EXPECT_EQ(keys_of(owner.user_id), all);
    EXPECT_EQ(keys_of(other.user_id), std::vector{other});
}

TEST_P(key_contract, a_user_has_so_many_and_no_more) {
    auto const owner = add_user();
    std::vector<task<result<void>>> adding;
    std::vector<api_key> all;
    for (std::size_t i = 0; i < limits::keys_of_user; ++i) {
        all.push_back(new_key(owner.user_id));
        adding.push_back(identities().create_key(all.back()));
    }
    for (auto const& one : loops().run_all(std::move(adding))) EXPECT_EQ(code_of(one), "ok");
    auto const further = new_key(owner.user_id);
    EXPECT_EQ(add(further), "too_many_keys");
    EXPECT_EQ(find(further), std::nullopt);
    EXPECT_EQ(add(new_key(add_user("Bob").user_id)), "ok") << "others have their own";
    EXPECT_EQ(remove(owner.user_id, all[50].key_id), "ok");
    EXPECT_EQ(add(further), "ok");
    EXPECT_EQ(keys_of(owner.user_id).size(), limits::keys_of_user);
}

TEST_P(key_contract, a_deleted_key_is_found_no_more) {
    auto const owner = add_user();
    auto const gone = add_key(new_key(owner.user_id));
    auto const kept = add_key(new_key(owner.user_id));
    EXPECT_EQ(remove(owner.user_id, gone.key_id), "ok");
    EXPECT_EQ(find(gone), std::nullopt);
    EXPECT_EQ(remove(owner.user_id, gone.key_id), "key_not_found");
    EXPECT_EQ(keys_of(owner.user_id), std::vector{kept});
    EXPECT_EQ(find(kept), (held_key{kept, false, {}}));
}

TEST_P(key_contract, nobody_deletes_anothers_key) {
    auto const key = add_key(new_key(add_user().user_id));
    auto const other = add_user("Bob");
    auto const refused = await(identities().delete_key(other.user_id, key.key_id));
    ASSERT_EQ(code_of(refused), "key_not_found");
    EXPECT_EQ(refused.error().kind, error_kind::not_found);
    EXPECT_EQ(remove(other.user_id, key_id::make()), "key_not_found");
    EXPECT_EQ(find(key), (held_key{key, false, {}}));
}

TEST_P(key_contract, use_is_noted) {
    auto key = add_key(new_key(add_user().user_id));
    auto const other = add_key(new_key(key.user_id));
    for (auto const when : {at(60), at(120), at(120)}) {
        use(key, when);
        EXPECT_EQ(find(key), (held_key{key, false, {}}));
    }
    EXPECT_EQ(find(other), (held_key{other, false, {}}));
}

TEST_P(key_contract, use_brings_no_deleted_key_back) {
    auto key = add_key(new_key(add_user().user_id));
    EXPECT_EQ(remove(key.user_id, key.key_id), "ok");
    use(key, at(60));
    EXPECT_EQ(find(key), std::nullopt);
    EXPECT_TRUE(keys_of(key.user_id).empty());
    use(key, at(120));
}

TEST_P(key_contract, a_deleted_users_keys_are_found_no_more) {
    auto const gone = add_key(new_key(add_user().user_id));
    auto const kept = add_key(new_key(add_user("Bob").user_id));
    delete_user(gone.user_id);
    EXPECT_EQ(find(gone), std::nullopt);
    EXPECT_EQ(code_of(await(identities().list_keys(gone.user_id))), "user_not_found");
    EXPECT_EQ(add(new_key(gone.user_id)), "user_not_found");
    EXPECT_EQ(remove(gone.user_id, gone.key_id), "key_not_found");
    EXPECT_EQ(find(kept), (held_key{kept, false, {}}));
}

TEST_P(key_contract, a_key_that_is_made_while_its_user_is_deleted_is_of_no_use) {
    for (int round = 0; round < 20; ++round) {
        auto const key = new_key(add_user().user_id);
        auto making = loops().start(identities().create_key(key), 0);
        auto deleting = loops().start(identities().delete_user(key.user_id, at(5)), 1);
        auto const made = code_of(making.get());
        EXPECT_TRUE(made == "ok" || made == "user_not_found") << made;
        EXPECT_EQ(code_of(deleting.get()), "ok");
        EXPECT_EQ(find(key), std::nullopt);
    }
}

}  // namespace
}  // namespace parley::test
