// A MongoDB database as an archive: what a dead process left half done in it, and connections that break.
#include "adapters/mongo/driver.hpp"
#include "adapters/mongo/mongo_archive.hpp"
#include "mongo_fixture.hpp"

namespace parley::test {
namespace {

class archive_over_mongo : public mongo_fixture {
protected:
    using fault = wire_proxy::fault;

    std::unique_ptr<store_archive> archive(std::string const& uri, bool to_fill) {
        auto opened = open_mongo_archive(settings(uri), to_fill);
        if (!opened) throw std::runtime_error(opened.error().message + opened.error().detail);
        return std::move(*opened);
    }
};

TEST_F(archive_over_mongo, what_was_stored_and_never_acknowledged_is_not_there) {
    auto const straight = open(direct());
    auto const in = create(*straight);
    auto const kept = await(straight->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                     {message_role::user, "kept", {}}, at(1)));
    ASSERT_TRUE(kept.has_value());
    auto const other = create(*straight);
    {
        auto const broken = open(proxy_.uri());
        proxy_.break_at(fault::die, 3);  // find, insert, and no update
        EXPECT_NE(code_of(await(broken->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                       {message_role::user, "half", {}}, at(2)))),
                  "ok");
        ASSERT_TRUE(proxy_.struck());
        proxy_.heal();
    }
    auto const from = archive(direct(), false);
    EXPECT_EQ(from->count()->messages, 2) << "the quick count does not look";
    auto const parts = from->conversations_after({});
    ASSERT_TRUE(parts.has_value());
    ASSERT_EQ(parts->size(), 2);
    EXPECT_EQ((*parts)[0].messages, std::vector{*kept});
    EXPECT_EQ((*parts)[0].interaction.last_seq, 1);
    EXPECT_TRUE((*parts)[0].is_last);
    EXPECT_EQ((*parts)[1].interaction.value, other);
}

TEST_F(archive_over_mongo, a_reply_that_was_withdrawn_by_halves_does_not_wait) {
    auto const straight = open(direct());
    auto const in = create(*straight);
    auto const first = await(straight->begin_turn(draft_in(in)));
    ASSERT_TRUE(first.has_value());
    auto const gone = await(straight->begin_turn(patient_draft_in(in)));
    auto const kept = await(straight->begin_turn(patient_draft_in(in)));
    ASSERT_TRUE(gone && kept);
    ASSERT_TRUE(await(straight->finish_turn(first->lease, complete("done"))));
    {
        auto const broken = open(proxy_.uri());
        proxy_.break_at(fault::die, 3);  // it was stopped, and still stands among those that wait
        EXPECT_NE(code_of(await(
                      broken->withdraw_turns(in.user_id, in.interaction_id, gone->reply.message_id, at(3)))),
                  "ok");
        ASSERT_TRUE(proxy_.struck());
        proxy_.heal();
    }
    auto const parts = archive(direct(), false)->conversations_after({});
    ASSERT_TRUE(parts.has_value());
    ASSERT_EQ(parts->size(), 1);
    EXPECT_EQ((*parts)[0].interaction.waiting, std::vector{kept->reply.message_id});
    ASSERT_EQ((*parts)[0].messages.size(), 6);
    EXPECT_EQ((*parts)[0].messages[3].status, message_status::stopped);
}

TEST_F(archive_over_mongo, a_batch_whose_answer_was_lost_is_there_once) {
    conversation_part part;
    part.interaction.value = *make_interaction(user_id::make(), {}, at(0));
    part.interaction.root_branch = part.interaction.value.active_branch;
    for (std::int64_t seq = 1; seq <= 3; ++seq) {
        message one;
        one.interaction_id = part.interaction.value.interaction_id;
        one.branch_id = part.interaction.root_branch;
        one.message_id = message_id::make();
        one.seq = seq;
        one.content = "text";
        part.messages.push_back(one);
    }
    part.interaction.last_seq = 3;
    auto const to = archive(proxy_.uri(), true);
    ASSERT_EQ(*to->receive_from("ada"), reception::fresh);
    for (auto const what : {fault::lose_reply, fault::lose_request}) {
        for (int command = 1; command <= 2; ++command) {
            ASSERT_TRUE(to->remove_conversations(std::span{&part.interaction.value.interaction_id, 1}));
            proxy_.break_at(what, command);
            auto const put = to->put_conversations(std::span{&part, 1});
            ASSERT_TRUE(put.has_value()) << put.error().detail;
            EXPECT_TRUE(proxy_.struck());
            proxy_.heal();
            auto const found = to->conversations_after({});
            ASSERT_TRUE(found.has_value());
            ASSERT_EQ(found->size(), 1);
            EXPECT_EQ((*found)[0].messages, part.messages);
            EXPECT_EQ(*to->count(), (archive_counts{0, 1, 3}));
        }
    }
}

/// Users with all that belongs to them.
std::vector<user_record> some_users() {
    std::vector<user_record> out;
    for (int i = 0; i < 3; ++i) {
        user_record one{{user_id::make(), std::to_string(i), {{"team", "engines"}}, at(i), i == 0}, i == 0};
        one.value.limits.requests_per_minute = i;
        for (int n = i - 1; n >= 0; --n) {
            api_key key;
            key.key_id = key_id::make();
            key.user_id = one.value.user_id;
            key.name = std::to_string(n);
            key.scopes.read = true;
            key.hash = sha256(key.key_id.text());
            key.created_at = at(n);
            key.expires_at = at(100);
            key.last_used_at = at(60);
            one.keys.push_back(key);
            one.names.push_back({"issuer", std::to_string(i) + std::to_string(i - n)});
        }
        out.push_back(one);
    }
    return out;
}

TEST_F(archive_over_mongo, users_come_with_their_names_and_keys) {
    auto const wanted = some_users();
    for (auto const what : {fault::lose_reply, fault::lose_request}) {
        for (int command = 1; command <= 4; ++command) {
            {
                auto raw = mongo::driver::open(settings(direct()), {}, {});
                auto db = (*raw)->borrow();
                for (char const* const one : {"users", "keys", "names", "parley"}) {
                    ASSERT_TRUE(db.delete_all(one, {}));
                }
            }
            auto const to = archive(proxy_.uri(), true);
            ASSERT_EQ(*to->receive_from("ada"), reception::fresh);
            proxy_.break_at(what, command);
            auto const put = to->put_users(wanted);
            ASSERT_TRUE(put.has_value()) << put.error().detail;
            EXPECT_TRUE(proxy_.struck());
            proxy_.heal();
            ASSERT_TRUE(to->put_users(wanted)) << "again";
            EXPECT_EQ(*to->users_after({}), wanted);
            EXPECT_EQ(*to->users_after(wanted[1].value.user_id), std::vector{wanted[2]});
            EXPECT_TRUE(to->users_after(wanted[2].value.user_id)->empty());
            ASSERT_TRUE(to->end_reception());
        }
    }
    auto const store = open(direct());
    EXPECT_EQ(*await(store->local_user(at(9))), wanted[0].value);
    auto const& [last, is_local, names, keys] = wanted[2];
    EXPECT_EQ(*await(store->external_user(names[1], {})), last);
    EXPECT_EQ(await(store->find_key(keys[0].hash)).value()->key, keys[0]);
}

TEST_F(archive_over_mongo, names_and_keys_alone_make_a_database_that_is_not_empty) {
    open(direct())->close();
    for (char const* const collection : {"keys", "names"}) {
        auto raw = mongo::driver::open(settings(direct()), {}, {});
        auto db = (*raw)->borrow();
        mongo::array one;
        one.push(mongo::doc("_id", 1));
        ASSERT_FALSE(db.insert(collection, one).refused.has_value());
        EXPECT_EQ(code_of(archive(direct(), true)->receive_from("ada")), "store_not_empty") << collection;
        ASSERT_TRUE(db.delete_all(collection, {}));
    }
    EXPECT_EQ(*archive(direct(), true)->receive_from("ada"), reception::fresh);
}

TEST_F(archive_over_mongo, nothing_of_deleted_users_is_there) {
    auto const straight = open(direct());
    auto const kept = create(*straight);
    ASSERT_TRUE(await(straight->create_user({kept.user_id, "Ada", {}, at(0)})));
    auto const gone = create(*straight);
    ASSERT_TRUE(await(straight->create_user({gone.user_id, "Eve", {}, at(0)})));
    auto const turn = await(straight->begin_turn(draft_in(gone)));
    auto ended = complete("done");
    ended.usage = token_usage{1, 0, 1, false, {}};
    ASSERT_TRUE(turn && await(straight->finish_turn(turn->lease, ended)));
    for (int i = 0; i < 120; ++i) {
        ASSERT_TRUE(await(straight->create_interaction(*make_interaction(gone.user_id, {}, at(i)))));
    }
    ASSERT_TRUE(await(straight->delete_user(gone.user_id, at(1))));
    auto const from = archive(direct(), false);
    EXPECT_EQ(*from->count(), (archive_counts{1, 1, 0}));
    auto const users = from->users_after({});
    ASSERT_TRUE(users.has_value());
    ASSERT_EQ(users->size(), 1U);
    EXPECT_EQ((*users)[0].value.user_id, kept.user_id);
    auto const parts = from->conversations_after({});
    ASSERT_TRUE(parts.has_value());
    ASSERT_EQ(parts->size(), 1U);
    EXPECT_EQ((*parts)[0].interaction.value, kept);
    EXPECT_TRUE(from->usage_after({})->empty());
}

}  // namespace
}  // namespace parley::test
