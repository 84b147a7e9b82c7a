// Users and keys when connections break at every command, and when a process dies between any two.
#include "adapters/mongo/driver.hpp"
#include "identity_fixture.hpp"

namespace parley::test {
namespace {

using mongo::doc;

class lost_identity : public identities {};

TEST_F(lost_identity, creating_changing_and_deleting_a_user) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto value = a_user();
            arm();
            EXPECT_EQ(code_of(await(broken_->create_user(value))), "ok");
            value.name = "Eve";
            auto const changed = await(broken_->update_user(value.user_id, {.name = "Eve"}));
            ASSERT_TRUE(changed.has_value()) << changed.error().code;
            EXPECT_EQ(*changed, value);
            EXPECT_EQ(code_of(await(broken_->delete_user(value.user_id, at(1)))), "ok");
            EXPECT_EQ(code_of(await(broken_->delete_user(value.user_id, at(1)))), "user_not_found");
        });
        EXPECT_EQ(commands, 8) << "insert; change; mark, keys, names, whether it is local; mark, look";
    }
}

TEST_F(lost_identity, somebody_who_exists_is_not_taken_for_ones_own) {
    auto const value = stored_user();
    auto const key = stored_key(value.user_id);
    for (auto const what : both) {
        at_every_command(what, [&](auto const& arm) {
            arm();
            EXPECT_EQ(code_of(await(broken_->create_user(value))), "user_exists");
            EXPECT_EQ(code_of(await(broken_->delete_key(user_id::make(), key.key_id))), "key_not_found");
            EXPECT_EQ(code_of(await(broken_->delete_user(user_id::make(), at(1)))), "user_not_found");
        });
    }
    EXPECT_TRUE(await(straight_->find_key(key.hash)).value().has_value());
}

TEST_F(lost_identity, creating_using_and_deleting_a_key) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const owner = stored_user();
            auto key = a_key(owner.user_id);
            arm();
            EXPECT_EQ(code_of(await(broken_->create_key(key))), "ok");
            EXPECT_EQ(code_of(await(broken_->key_used(key.key_id, at(60)))), "ok");
            key.last_used_at = at(60);
            auto const found = await(broken_->find_key(key.hash));
            ASSERT_TRUE(found && *found);
            EXPECT_EQ((*found)->key, key);
            EXPECT_EQ(await(broken_->list_keys(owner.user_id)).value(), std::vector{key});
            EXPECT_EQ(code_of(await(broken_->delete_key(owner.user_id, key.key_id))), "ok");
            EXPECT_EQ(*await(straight_->find_key(key.hash)), std::nullopt);
        });
        EXPECT_EQ(commands, 10);
    }
}

TEST_F(lost_identity, the_last_key_that_there_is_room_for) {
    at_every_command(fault::lose_reply, [&](auto const& arm) {
        auto const owner = stored_user();
        for (std::size_t i = 1; i < limits::keys_of_user; ++i) stored_key(owner.user_id);
        arm();
        EXPECT_EQ(code_of(await(broken_->create_key(a_key(owner.user_id)))), "ok");
    });
}

TEST_F(lost_identity, a_name_at_first_sight) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            external_identity const name{"issuer", user_id::make().text()};
            auto const fresh = a_user();
            arm();
            auto const made = await(broken_->external_user(name, fresh));
            ASSERT_TRUE(made.has_value()) << made.error().code;
            EXPECT_EQ(*made, fresh);
            EXPECT_EQ(*await(straight_->external_user(name, a_user())), fresh);
        });
        EXPECT_EQ(commands, 3) << "look, name, user";
    }
}

TEST_F(lost_identity, who_dies_within_a_first_sight_leaves_a_name_that_still_gets_one_user) {
    int const commands =
        dying_at_every_command([&] { return external_identity{"issuer", user_id::make().text()}; },
                               [&](mongo_store& dying, external_identity const& name) {
                                   static_cast<void>(await(dying.external_user(name, a_user("first"))));
                               },
                               [&](external_identity const& name) {
                                   auto const fresh = a_user("second");
                                   auto const seen = await(straight_->external_user(name, fresh));
                                   ASSERT_TRUE(seen.has_value()) << seen.error().code;
                                   EXPECT_EQ(*await(straight_->get_user(seen->user_id)), *seen);
                                   EXPECT_EQ(*await(straight_->external_user(name, a_user("third"))), *seen);
                                   EXPECT_EQ(count("names", doc("user", seen->user_id)), 1);
                               });
    EXPECT_EQ(commands, 3);
}

/// From the mark on nobody comes in, and what the dead one has left goes with the next purge.
TEST_F(lost_identity, who_dies_while_he_deletes_a_user) {
    struct known {
        external_identity name;
        user value;
        api_key key;
    };
    int const commands = dying_at_every_command(
        [&] {
            external_identity const name{"issuer", user_id::make().text()};
            auto const value = *await(straight_->external_user(name, a_user()));
            conversation_of(value.user_id);
            return known{name, value, stored_key(value.user_id)};
        },
        [&](mongo_store& dying, known const& of) {
            static_cast<void>(await(dying.delete_user(of.value.user_id, at(1))));
        },
        [&](known const& of) {
            if (await(straight_->get_user(of.value.user_id))) {
                // It never came to the mark; who asks again is done with it.
                EXPECT_TRUE(await(straight_->find_key(of.key.hash)).value().has_value());
                ASSERT_TRUE(await(straight_->delete_user(of.value.user_id, at(2))));
            }
            expect_no_access(of.value, of.key);
            auto const anew = await(straight_->external_user(of.name, a_user("anew")));
            ASSERT_TRUE(anew.has_value()) << anew.error().code;
            EXPECT_NE(anew->user_id, of.value.user_id);
            expect_no_access(of.value, of.key);
            EXPECT_EQ(*await(straight_->purge_users(10, never)), 1U);
            EXPECT_EQ(count("keys", doc("user", of.value.user_id)), 0);
            EXPECT_EQ(count("names", doc("user", of.value.user_id)), 0);
            EXPECT_EQ(*await(straight_->get_user(anew->user_id)), *anew) << "that one stays";
            EXPECT_EQ(await(straight_->external_user(of.name, a_user()))->user_id, anew->user_id);
        });
    EXPECT_EQ(commands, 4) << "mark, keys, names, whether it is local";
}

TEST_F(lost_identity, who_dies_while_he_deletes_the_local_user) {
    dying_at_every_command([&] { return await(straight_->local_user(at(0)))->user_id; },
                           [&](mongo_store& dying, user_id const& local) {
                               static_cast<void>(await(dying.delete_user(local, at(1))));
                           },
                           [&](user_id const& local) {
                               bool const deleted = !await(straight_->get_user(local));
                               auto const next = await(straight_->local_user(at(2)));
                               ASSERT_TRUE(next.has_value()) << next.error().code;
                               EXPECT_EQ(next->user_id != local, deleted);
                           });
}

TEST_F(lost_identity, a_purge) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const gone = stored_user();
            auto const in = conversation_of(gone.user_id);
            remember(gone.user_id, "key");
            ASSERT_TRUE(await(straight_->delete_user(gone.user_id, at(5))));
            arm();
            auto const purged = await(broken_->purge_users(10, at(6)));
            ASSERT_TRUE(purged.has_value()) << purged.error().code;
            EXPECT_LE(*purged, 1U);
            EXPECT_TRUE(used(gone.user_id).empty());
            EXPECT_EQ(count("messages"), 0);
            EXPECT_EQ(count("requests"), 0);
            EXPECT_EQ(count("users"), 0);
        });
        EXPECT_EQ(commands, 13) << "marks; look, mark, messages, requests, look; keys, names, whether it is "
                                   "local, replies, usage, requests; forget";
    }
}

TEST_F(lost_identity, who_dies_within_a_purge_is_finished_by_the_next_and_the_sweeper) {
    dying_at_every_command(
        [&] {
            auto const gone = stored_user();
            conversation_of(gone.user_id);
            conversation_of(gone.user_id);
            remember(gone.user_id, "key");
            EXPECT_TRUE(await(straight_->delete_user(gone.user_id, at(5))));
            return gone.user_id;
        },
        [&](mongo_store& dying, user_id const&) { static_cast<void>(await(dying.purge_users(10, at(6)))); },
        [&](user_id const& gone) {
            // It may come in between, and keeps what replies have used as for any deleted interaction.
            ASSERT_TRUE(await(straight_->sweep_deleted(never)));
            while (*await(straight_->purge_users(10, at(6))) > 0) continue;
            EXPECT_TRUE(used(gone).empty());
            ASSERT_TRUE(await(straight_->sweep_deleted(timestamp::max())));
            for (char const* const collection : {"interactions", "messages", "requests", "usage", "users"}) {
                EXPECT_EQ(count(collection), 0) << collection;
            }
        });
}

}  // namespace
}  // namespace parley::test
