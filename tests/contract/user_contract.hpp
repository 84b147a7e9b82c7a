// What the tests of users and keys share: short words for the usual steps.
#pragma once

#include "entities/api_key.hpp"
#include "store_contract.hpp"

#include <string>
#include <utility>
#include <vector>

namespace parley::test {

class user_contract : public store_contract {
protected:
    static user new_user(std::string name, timestamp now = at(0)) {
        return {.user_id = user_id::make(), .name = std::move(name), .extra = {}, .created_at = now};
    }
    user add_user(user value) {
        auto const done = await(identities().create_user(value));
        EXPECT_TRUE(done.has_value()) << done.error().code << done.error().detail;
        return value;
    }
    user add_user(std::string name = "Ada") { return add_user(new_user(std::move(name))); }

    user seen_as(external_identity const& name, user fresh) {
        auto found = await(identities().external_user(name, std::move(fresh)));
        EXPECT_TRUE(found.has_value()) << found.error().code << found.error().detail;
        return found.value_or(user{});
    }

    static api_key new_key(user_id const& owner, timestamp now = at(0)) {
        auto const text = new_key_text();
        return {.key_id = key_id::make(),
                .user_id = owner,
                .name = "a key",
                .hint = hint_of(text),
                .scopes = {.read = true, .write = true},
                .hash = sha256(text),
                .created_at = now};
    }
    api_key add_key(api_key value) {
        auto const done = await(identities().create_key(value));
        EXPECT_TRUE(done.has_value()) << done.error().code << done.error().detail;
        return value;
    }
    std::optional<held_key> find(api_key const& key) {
        auto found = await(identities().find_key(key.hash));
        EXPECT_TRUE(found.has_value()) << found.error().code << found.error().detail;
        return found.value_or(std::nullopt);
    }
    std::vector<api_key> keys_of(user_id const& id) {
        auto found = await(identities().list_keys(id));
        EXPECT_TRUE(found.has_value()) << found.error().code << found.error().detail;
        return found.value_or(std::vector<api_key>{});
    }

    void delete_user(user_id const& id, timestamp now = at(5)) {
        auto const done = await(identities().delete_user(id, now));
        EXPECT_TRUE(done.has_value()) << done.error().code << done.error().detail;
    }
    /// How many interactions went. Nobody is forgotten, unless `forget` says so.
    std::size_t purge(std::size_t limit, timestamp forget = at(-1'000'000)) {
        auto const done = await(identities().purge_users(limit, forget));
        EXPECT_TRUE(done.has_value()) << done.error().code << done.error().detail;
        return done.value_or(0);
    }
};

}  // namespace parley::test
