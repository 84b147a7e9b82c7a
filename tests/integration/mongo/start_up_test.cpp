// Opening the store: what is made, what is refused, and that each refusal says what to do.
#include "adapters/mongo/driver.hpp"
#include "mongo_fixture.hpp"

#include <algorithm>

namespace parley::test {
namespace {

using mongo::doc;

class start_up : public mongo_fixture {
protected:
    /// Writes to the database by hand.
    void put(char const* collection, mongo::document const& what) {
        auto raw = mongo::driver::open(settings(direct()), {}, {});
        ASSERT_TRUE(raw.has_value());
        auto db = (*raw)->borrow();
        static_cast<void>(db.delete_all(collection, {}));
        mongo::array documents;
        documents.push(what);
        ASSERT_FALSE(db.insert(collection, documents).refused.has_value());
    }
    std::vector<std::string> indexes_of(char const* collection) {
        auto raw = mongo::driver::open(settings(direct()), {}, {});
        auto db = (*raw)->borrow();
        auto const listed = db.run(doc("listIndexes", collection));
        std::vector<std::string> out;
        if (!listed) return out;
        auto const cursor = mongo::view_at(*listed->get(), "cursor");
        auto const batch = mongo::view_at(*cursor, "firstBatch");
        mongo::for_each_document(
            *batch, [&](bson_t const& one) { out.push_back(mongo::text_at(one, "name").value_or("")); });
        std::ranges::sort(out);
        return out;
    }
    error refusal(store_config const& wanted, mongo_options const& how = {}) {
        auto opened = open_mongo_store(wanted, metrics_, how);
        return opened ? error{} : opened.error();
    }
};

TEST_F(start_up, makes_indexes_and_does_it_again_without_harm) {
    for (int round = 0; round < 2; ++round) {
        open(direct())->close();
        EXPECT_EQ(indexes_of("interactions"), (std::vector<std::string>{"_id_", "expiry", "list_by_creation",
                                                                        "list_by_last_message", "work"}));
        EXPECT_EQ(indexes_of("messages"), (std::vector<std::string>{"_id_", "branch", "number", "usage"}));
        EXPECT_EQ(indexes_of("usage"), (std::vector<std::string>{"_id_", "day"}));
        EXPECT_EQ(indexes_of("requests"), (std::vector<std::string>{"_id_", "age", "interaction"}));
        EXPECT_EQ(indexes_of("users"), (std::vector<std::string>{"_id_", "deletion"}));
        EXPECT_EQ(indexes_of("keys"), (std::vector<std::string>{"_id_", "hash", "user"}));
        EXPECT_EQ(indexes_of("names"), (std::vector<std::string>{"_id_", "user"}));
    }
}

/// An index of a large collection takes longer than a request may.
TEST_F(start_up, an_index_that_takes_long_is_waited_for) {
    for (int const command : {10, 23}) {  // after 9 questions: the first and the last that make an index
        auto wanted = settings(proxy_.uri());
        wanted.database = fresh_database();
        static_cast<void>(proxy_.take_commands());
        proxy_.break_at(wire_proxy::fault::late_reply, command);
        auto const opened = open_mongo_store(wanted, metrics_, {.answer = 900ms});
        EXPECT_TRUE(opened.has_value()) << opened.error().detail;
        EXPECT_TRUE(proxy_.struck());
        // The one that was late is not among those that went through.
        auto const others = proxy_.take_commands();
        EXPECT_EQ(std::ranges::count(others, "createIndexes", wire_proxy::name_of), 13);
    }
}

TEST_F(start_up, several_at_once_on_an_empty_database) {
    std::vector<std::future<error>> opening;
    for (int i = 0; i < 6; ++i) {
        opening.push_back(std::async(std::launch::async, [this] { return refusal(settings(direct())); }));
    }
    for (auto& one : opening) {
        auto const why = one.get();
        EXPECT_EQ(why.code, "") << why.message << ' ' << why.detail;
    }
}

TEST_F(start_up, a_newer_schema_is_refused) {
    open(direct())->close();
    put("parley", doc("_id", "schema").put("version", 99));
    auto const why = refusal(settings(direct()));
    EXPECT_EQ(why.code, "store_too_new");
    EXPECT_EQ(why.message, "The database \"" + database_ +
                               "\" was made by a newer Parley, version 99; this one knows 5. Run the newer "
                               "Parley, or choose another database (store.database).");
}

/// As versions 1 to 3 wrote it: without branches' ends, a message's parent_seq, and the collection of
/// requests; with a reply that was copied from another store and does not say whose it is.
TEST_F(start_up, an_older_database_goes_on) {
    auto const user = user_id::make();
    for (int const version : {1, 2, 3}) {
        auto const id = interaction_id::make();
        auto const root = branch_id::make();
        auto const said = message_id::make();
        put("interactions", doc("_id", id)
                                .put("user", user)
                                .put("flags", 0)
                                .put("created", at(0))
                                .put("updated", at(1))
                                .put("last_message", at(1))
                                .put("title", "")
                                .put("settings", doc("role", "system"))
                                .put("version", 1)
                                .put("root", root)
                                .put("active", root)
                                .put_array("forks", {})
                                .put("last_seq", 1)
                                .put("count", 1)
                                .put("head", said)
                                .put("work", 0)
                                .put("epoch", 0));
        put("messages", doc("_id", said)
                            .put("interaction", id)
                            .put("seq", 1)
                            .put("branch", root)
                            .put("created", at(1))
                            .put("role", "user")
                            .put("status", "complete")
                            .put("content", "old"));
        put("parley", doc("_id", "schema").put("version", version));
        auto const reply = message_id::make();
        {
            auto raw = mongo::driver::open(settings(direct()), {}, {});
            mongo::array more;
            for (auto const& [seq, of] : {std::pair{-1, id}, std::pair{-2, interaction_id::make()}}) {
                more.push(doc("_id", seq == -1 ? reply : message_id::make())
                              .put("interaction", of)
                              .put("seq", seq)
                              .put("created", at(1))
                              .put("role", "assistant")
                              .put("model", "m")
                              .put("status", "complete")
                              .put("content", "hi")
                              .put("usage", doc("input", 3).put("cached", 1).put("output", 2)));
            }
            auto db = (*raw)->borrow();
            ASSERT_FALSE(db.insert("messages", more).refused.has_value());
        }
        auto const store = open(direct());
        auto const day = std::chrono::floor<std::chrono::days>(at(1));
        EXPECT_EQ(*await(store->usage_by_day(user, day, day)),
                  (std::vector<usage_day>{{day, "m", 1, 3, 1, 2, 0, 0}}));
        EXPECT_EQ(indexes_of("requests"), (std::vector<std::string>{"_id_", "age", "interaction"}));
        auto const indexes = indexes_of("interactions");
        EXPECT_EQ(std::ranges::count(indexes, "expiry"), 1);
        EXPECT_EQ(*await(store->delete_expired(latest_timestamp, 10)), 0U);
        EXPECT_TRUE(await(store->get_interaction(user, id)).has_value());
        EXPECT_EQ(await(store->list_interactions(user, {}))->data.size(), 1U);
        auto const next = await(
            store->append_message(user, id, message_id::make(), {message_role::user, "new", {}}, at(2)));
        ASSERT_TRUE(next.has_value()) << next.error().code;
        EXPECT_EQ(next->parent_id, said);
        EXPECT_EQ(next->parent_seq, 1);
        auto const beside = await(store->add_message({.user_id = user,
                                                      .interaction_id = id,
                                                      .message_id = message_id::make(),
                                                      .message = {message_role::user, "fork", {}},
                                                      .place = std::optional{said},
                                                      .now = at(3)}));
        ASSERT_TRUE(beside.has_value()) << beside.error().code;
        EXPECT_EQ(beside->sibling, (sibling_position{1, 2}));
        interaction_patch back;
        back.active_branch = root;
        ASSERT_TRUE(await(store->update_interaction(user, id, back, {}, at(4))));
        EXPECT_EQ(await(store->page_of_branch(user, id, {}))->data.size(), 2U);
        store->close();
        put("parley", doc("_id", "schema").put("version", 6));
        EXPECT_EQ(refusal(settings(direct())).code, "store_too_new");
    }
}

/// Nobody was called an administrator: the local user becomes one, once; another one does not.
TEST_F(start_up, users_of_version_4_go_on) {
    auto const local = user_id::make();
    auto const other = user_id::make();
    auto const as_it_was = [](user_id const& id, char const* name) {
        return doc("_id", id).put("name", name).put_array("extra", {}).put("created", at(0));
    };
    put("parley", doc("_id", "local_user").put("user", local).put("created", at(0)));
    put("users", as_it_was(local, "Ada"));
    {
        auto raw = mongo::driver::open(settings(direct()), {}, {});
        auto db = (*raw)->borrow();
        mongo::array more;
        more.push(as_it_was(other, "Eve"));
        ASSERT_FALSE(db.insert("users", more).refused.has_value());
        mongo::array version;
        version.push(doc("_id", "schema").put("version", 4));
        ASSERT_FALSE(db.insert("parley", version).refused.has_value());
    }
    user const administrator{local, "Ada", {}, at(0), true};
    {
        auto const store = open(direct());
        EXPECT_EQ(*await(store->local_user(at(1))), administrator);
        EXPECT_EQ(*await(store->get_user(other)), (user{other, "Eve", {}, at(0)}));
        ASSERT_TRUE(await(store->update_user(other, {.limits = usage_limits{.tokens_per_day = 5}})));
        EXPECT_EQ(await(store->list_users({}))->data.size(), 2U);
        ASSERT_TRUE(await(store->update_user(local, {.is_admin = false})));
    }
    EXPECT_FALSE(await(open(direct())->get_user(local))->is_admin) << "the step is taken once";
}

TEST_F(start_up, another_programs_database_is_refused) {
    for (char const* const collection : {"users", "keys", "names"}) {
        put(collection, doc("_id", "ada"));
        EXPECT_EQ(refusal(settings(direct())).code, "store_not_ours") << collection;
        auto raw = mongo::driver::open(settings(direct()), {}, {});
        ASSERT_TRUE((*raw)->borrow().delete_all(collection, {}));
    }
    put("users", doc("_id", "ada"));
    auto const why = refusal(settings(direct()));
    EXPECT_EQ(why.message, "The database \"" + database_ +
                               "\" has collections of another program. Choose another one (store.database).");
}

TEST_F(start_up, a_server_out_of_reach_is_named) {
    auto const why = refusal(settings("mongodb://ada:secret@127.0.0.1:1,127.0.0.1:2/?replicaSet=rs0"),
                             {.select = 200ms, .start_patience = 0ms});
    EXPECT_EQ(why.code, "store_unavailable");
    EXPECT_NE(why.message.find("MongoDB at 127.0.0.1:1, 127.0.0.1:2 can not be reached"), std::string::npos);
    EXPECT_EQ((why.message + why.detail).find("secret"), std::string::npos);
}

TEST_F(start_up, something_that_is_no_address_is_refused_without_its_password) {
    for (char const* const uri :
         {"mongodb://ada:secret:b@@host", "mongodb://", "mongodb://ada:secret@h/?w=%"}) {
        auto const why = refusal(settings(uri));
        EXPECT_EQ(why.code, "store_uri_invalid") << uri;
        EXPECT_EQ((why.message + why.detail).find("secret"), std::string::npos);
    }
}

}  // namespace
}  // namespace parley::test
