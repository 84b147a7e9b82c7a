// What goes over the wire: how safe writes are, and how many round trips an intention takes
// (docs/mongodb.md).
#include "mongo_fixture.hpp"

#include <algorithm>

namespace parley::test {
namespace {

class wire : public mongo_fixture {
protected:
    std::vector<std::string> names() {
        std::vector<std::string> out;
        for (auto const& one : proxy_.take_commands()) out.push_back(wire_proxy::name_of(one));
        return out;
    }
    std::unique_ptr<mongo_store> store_ = open(proxy_.uri());
};
using words = std::vector<std::string>;

TEST_F(wire, round_trips_of_a_turn_and_of_opening_an_interaction) {
    auto const in = create(*store_);
    static_cast<void>(names());

    // As the server does it: settings, begin, the prompt's messages, end.
    ASSERT_TRUE(await(store_->get_interaction(in.user_id, in.interaction_id)));
    auto const turn = await(store_->begin_turn(draft_in(in)));
    ASSERT_TRUE(turn.has_value());
    ASSERT_TRUE(await(store_->page_of_branch(in.user_id, in.interaction_id, {})));
    ASSERT_TRUE(await(store_->finish_turn(turn->lease, complete("done"))));
    EXPECT_EQ(names(), (words{"find", "findAndModify", "insert", "aggregate", "findAndModify", "update"}));

    auto const next = await(store_->begin_turn(draft_in(in)));
    static_cast<void>(names());
    ASSERT_TRUE(await(store_->checkpoint(next->lease, "so far")));
    EXPECT_EQ(names(), words{"update"});

    ASSERT_TRUE(await(store_->page_of_branch(in.user_id, in.interaction_id, {})));
    EXPECT_EQ(names(), words{"aggregate"});
    ASSERT_TRUE(await(store_->get_message(in.user_id, in.interaction_id, turn->reply.message_id)));
    EXPECT_EQ(names(), (words{"find", "find"}));
    ASSERT_TRUE(await(store_->list_interactions(in.user_id, {})));
    EXPECT_EQ(names(), words{"find"});
}

TEST_F(wire, round_trips_of_usage) {
    auto const in = create(*store_);
    auto const day = std::chrono::floor<std::chrono::days>(at(1));
    auto const turn = await(store_->begin_turn(draft_in(in)));
    ASSERT_TRUE(turn.has_value());
    auto ended = complete("done");
    ended.usage = token_usage{1, 0, 1, false, 1};
    static_cast<void>(names());
    ASSERT_TRUE(await(store_->finish_turn(turn->lease, ended)));
    EXPECT_EQ(names(), (words{"findAndModify", "update"})) << "none for the usage";
    ASSERT_TRUE(
        await(store_->add_usage({message_id::make(), in.user_id, at(1), "titles", {1, 0, 1, false, {}}})));
    EXPECT_EQ(names(), words{"insert"});
    EXPECT_EQ(await(store_->usage_by_day(in.user_id, day, day))->size(), 2U);
    EXPECT_EQ(names(), (words{"find", "find"}));
    ASSERT_TRUE(await(store_->delete_interaction(in.user_id, in.interaction_id, {})));
    EXPECT_EQ(names(), (words{"update", "find", "insert", "delete", "delete"}));
    auto const unused = create(*store_);
    static_cast<void>(names());
    ASSERT_TRUE(await(store_->delete_interaction(unused.user_id, unused.interaction_id, {})));
    EXPECT_EQ(names(), (words{"update", "find", "delete", "delete"}));
}

TEST_F(wire, round_trips_of_who_asks) {
    user const fresh{user_id::make(), "Ada", {}, at(0)};
    external_identity const name{"issuer", "ada"};
    static_cast<void>(names());
    ASSERT_TRUE(await(store_->external_user(name, fresh)));
    EXPECT_EQ(names(), (words{"find", "insert", "insert"})) << "at first sight";
    ASSERT_TRUE(await(store_->external_user(name, fresh)));
    EXPECT_EQ(names(), (words{"find", "find"}));
    ASSERT_TRUE(await(store_->get_user(fresh.user_id)));
    EXPECT_EQ(names(), words{"find"});
    api_key key;
    key.key_id = key_id::make();
    key.user_id = fresh.user_id;
    key.scopes.read = true;
    ASSERT_TRUE(await(store_->create_key(key)));
    EXPECT_EQ(names(), (words{"find", "count", "insert"}));
    ASSERT_TRUE(await(store_->find_key(key.hash)).value());
    EXPECT_EQ(names(), (words{"find", "find"}));
    ASSERT_TRUE(await(store_->key_used(key.key_id, at(1))));
    EXPECT_EQ(names(), words{"update"});
    ASSERT_TRUE(await(store_->list_users({})));
    EXPECT_EQ(names(), words{"find"});
    ASSERT_TRUE(await(store_->delete_user(fresh.user_id, at(2))));
    EXPECT_EQ(names(), (words{"update", "delete", "delete", "delete"}));
    ASSERT_TRUE(await(store_->purge_users(10, earliest_timestamp)));
    EXPECT_EQ(names(), (words{"find", "find", "delete", "delete", "delete", "delete", "delete", "delete"}));
}

TEST_F(wire, round_trips_of_a_turn_under_a_key) {
    auto const in = create(*store_);
    static_cast<void>(names());
    remembered_request const asked{
        .user_id = in.user_id, .key = "k", .interaction_id = in.interaction_id, .at = at(1)};
    ASSERT_TRUE(await(store_->remember(asked)));
    ASSERT_TRUE(await(store_->get_interaction(in.user_id, in.interaction_id)));
    auto const turn = await(store_->begin_turn(draft_in(in)));
    ASSERT_TRUE(turn.has_value());
    ASSERT_TRUE(await(store_->page_of_branch(in.user_id, in.interaction_id, {})));
    ASSERT_TRUE(await(store_->finish_turn(turn->lease, complete("done"))));
    EXPECT_EQ(names(),
              (words{"insert", "find", "findAndModify", "insert", "aggregate", "findAndModify", "update"}));
}

TEST_F(wire, round_trips_of_branches_and_of_turns_that_wait) {
    auto const in = create(*store_);
    auto const first = await(store_->begin_turn(draft_in(in)));
    ASSERT_TRUE(first.has_value());
    static_cast<void>(names());
    ASSERT_TRUE(await(store_->begin_turn(patient_draft_in(in))));
    EXPECT_EQ(names(),
              (words{"findAndModify", "find", "find", "find", "update", "find", "find", "insert", "update"}));
    ASSERT_TRUE(await(store_->begin_turn(patient_draft_in(in))));
    EXPECT_EQ(names(), (words{"findAndModify", "find", "find", "insert", "update"}));
    ASSERT_TRUE(await(store_->finish_turn(first->lease, complete("done"))));
    EXPECT_EQ(names(), (words{"findAndModify", "update", "find", "update"}));
    ASSERT_TRUE(await(store_->waiting_interactions(10)));
    EXPECT_EQ(names(), words{"find"});
    auto const next = await(store_->next_turn(in.user_id, in.interaction_id, owner_, at(2)));
    ASSERT_TRUE(next && *next);
    EXPECT_EQ(names(), (words{"find", "findAndModify", "findAndModify", "find"}));
    ASSERT_TRUE(await(store_->finish_turn((*next)->lease, complete("done"))));
    EXPECT_EQ(names(), (words{"findAndModify", "find", "update"}));
    ASSERT_TRUE(await(store_->withdraw_turns(in.user_id, in.interaction_id, std::nullopt, at(3))));
    EXPECT_EQ(names(), (words{"find", "findAndModify", "findAndModify", "update"}));

    auto again = another_reply(first->user_message);
    again.user_id = in.user_id;
    auto const forked = await(store_->begin_turn(again));
    ASSERT_TRUE(forked.has_value()) << forked.error().code;
    EXPECT_EQ(names(), (words{"find", "find", "findAndModify", "insert"}));
    ASSERT_TRUE(await(store_->finish_turn(forked->lease, complete("done"))));
    EXPECT_EQ(names(), (words{"findAndModify", "find", "update"}));
    ASSERT_TRUE(await(store_->page_of_branch(in.user_id, in.interaction_id, {})));
    EXPECT_EQ(names(), (words{"aggregate", "find"}));
    interaction_patch back;
    back.active_branch = in.active_branch;
    ASSERT_TRUE(await(store_->update_interaction(in.user_id, in.interaction_id, back, {}, at(4))));
    EXPECT_EQ(names(), (words{"find", "findAndModify"}));
    ASSERT_TRUE(await(store_->suggest_title(in.user_id, in.interaction_id, "A name", at(5))));
    EXPECT_EQ(names(), words{"findAndModify"});
}

TEST_F(wire, a_page_that_is_too_large_for_a_document_is_read_in_two_steps) {
    auto const in = create(*store_);
    for (int second = 1; second <= 3; ++second) {
        ASSERT_TRUE(await(store_->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                 {message_role::user, "x", {}}, at(second))));
    }
    auto const at_once = await(store_->page_of_branch(in.user_id, in.interaction_id, {}));
    ASSERT_TRUE(at_once.has_value());
    EXPECT_EQ(at_once->data.size(), 3U);

    static_cast<void>(names());
    proxy_.break_at(wire_proxy::fault::refuse_size);
    auto const in_steps = await(store_->page_of_branch(in.user_id, in.interaction_id, {}));
    ASSERT_TRUE(in_steps.has_value()) << in_steps.error().detail;
    EXPECT_TRUE(proxy_.struck());
    EXPECT_EQ(names(), (words{"find", "find"}));
    EXPECT_EQ(in_steps->data, at_once->data);

    // The next page is tried at once again.
    ASSERT_TRUE(await(store_->page_of_branch(in.user_id, in.interaction_id, {})));
    EXPECT_EQ(names(), words{"aggregate"});
}

TEST_F(wire, every_write_waits_for_a_majority_and_its_journal) {
    auto const in = create(*store_);
    ASSERT_TRUE(await(store_->update_interaction(in.user_id, in.interaction_id, {.title = "x"}, {}, at(1))));
    ASSERT_TRUE(await(store_->append_message(in.user_id, in.interaction_id, message_id::make(),
                                             {message_role::user, "x", {}}, at(1))));
    auto const turn = await(store_->begin_turn(draft_in(in)));
    ASSERT_TRUE(turn && await(store_->checkpoint(turn->lease, "x")));
    ASSERT_TRUE(await(store_->finish_turn(turn->lease, complete("x"))));
    ASSERT_TRUE(await(store_->local_user(at(1))));
    remembered_request const asked{
        .user_id = in.user_id, .key = "k", .interaction_id = in.interaction_id, .at = at(1)};
    ASSERT_TRUE(await(store_->remember(asked)) && await(store_->forget(asked)));
    ASSERT_TRUE(await(store_->add_usage({message_id::make(), in.user_id, at(1), "m", {}})));
    ASSERT_TRUE(await(store_->delete_interaction(in.user_id, in.interaction_id, {})));
    auto const ada = await(store_->external_user({"issuer", "ada"}, {in.user_id, "Ada", {}, at(0)}));
    api_key key;
    key.key_id = key_id::make();
    key.user_id = in.user_id;
    ASSERT_TRUE(ada && await(store_->create_key(key)));
    ASSERT_TRUE(await(store_->key_used(key.key_id, at(1))));
    ASSERT_TRUE(await(store_->delete_key(in.user_id, key.key_id)));
    ASSERT_TRUE(await(store_->delete_user(in.user_id, at(2))));
    ASSERT_TRUE(await(store_->purge_users(10, at(3))));

    std::string const majority{"\x02w\0\x09\0\0\0majority\0", 16};
    std::string const journal{"\x08j\0\x01", 4};
    std::size_t writes = 0;
    for (auto const& message : proxy_.take_commands()) {
        auto const name = wire_proxy::name_of(message);
        if (name == "find" || name == "aggregate" || name == "count" || name == "createIndexes") continue;
        ++writes;
        auto const concern = message.find("writeConcern");
        ASSERT_NE(concern, std::string::npos) << name;
        EXPECT_NE(message.find(majority, concern), std::string::npos) << name;
        EXPECT_NE(message.find(journal, concern), std::string::npos) << name;
    }
    EXPECT_GE(writes, 31U);
}

TEST_F(wire, an_address_can_not_weaken_it) {
    for (char const* const option : {"w=1", "w=0", "w=3", "journal=false", "w=majority&journal=false"}) {
        auto const opened = open_mongo_store(settings(with_option(direct(), option)), metrics_);
        ASSERT_FALSE(opened.has_value()) << option;
        EXPECT_EQ(opened.error().code, "store_uri_invalid");
        EXPECT_NE(opened.error().message.find("w=majority and journal=true"), std::string::npos);
    }
    for (char const* const option : {"w=majority", "journal=true", "w=majority&journal=true"}) {
        EXPECT_TRUE(open_mongo_store(settings(with_option(direct(), option)), metrics_).has_value())
            << option;
    }
}

}  // namespace
}  // namespace parley::test
