// Users with their names and keys, in a store that is moved; of those who were deleted nothing.
#include "archive_contract.hpp"
#include "entities/api_key.hpp"

#include <algorithm>

namespace parley::test {
namespace {

user named(std::string name) {
    return {.user_id = user_id::make(), .name = std::move(name), .extra = {}, .created_at = at(0)};
}

api_key key_of_user(user_id const& owner, timestamp now = at(0)) {
    auto const text = new_key_text();
    return {.key_id = key_id::make(),
            .user_id = owner,
            .name = "laptop",
            .hint = hint_of(text),
            .scopes = {.read = true, .write = true},
            .hash = sha256(text),
            .created_at = now};
}

/// Nobody, somebody with everything, the local user, and somebody with more than one of each.
std::vector<user_record> all_sorts_of_users() {
    auto whole = named(
        "Gr\xc3\xa4"
        "fin");
    whole.extra = {{"$k.ey", "v"}, {"empty", ""}};
    whole.is_admin = true;
    whole.limits = {1, 0, 3, limits::usage_limit};
    auto key = key_of_user(whole.user_id, at(3));
    key.scopes = {.read = false, .write = false, .admin = true};
    key.expires_at = latest_timestamp;
    key.last_used_at = at(60);
    key.limits = {std::nullopt, 5, std::nullopt, 0};
    auto const rich = named("Bob");
    std::vector<user_record> out{{named(""), false, {}, {}},
                                 {whole, false, {{"issuer", "ada"}}, {key}},
                                 {named("local"), true, {}, {}},
                                 {rich,
                                  false,
                                  {{"Issuer", "bob"}, {"issuer", "Bob"}, {"issuer", "bob"}},
                                  {key_of_user(rich.user_id, at(9)), key_of_user(rich.user_id, at(4))}}};
    std::ranges::sort(out, {}, [](user_record const& one) { return one.value.user_id; });
    return out;
}

std::vector<user_record> read_users(store_archive& from) {
    std::vector<user_record> all;
    for (user_id last;;) {
        auto batch = from.users_after(last);
        EXPECT_TRUE(batch.has_value()) << batch.error().detail;
        if (!batch || batch->empty()) return all;
        EXPECT_LE(batch->size(), archive_users);
        last = batch->back().value.user_id;
        std::ranges::move(*batch, std::back_inserter(all));
    }
}

class user_archive_contract : public archive_contract {
protected:
    /// Puts users as a server's callers would.
    void serve_with(store_under_test& served, user_record const& one) {
        auto& to = served.identities();
        if (one.names.empty()) {
            ASSERT_TRUE(await(to.create_user(one.value)));
        } else {
            ASSERT_TRUE(await(to.external_user(one.names[0], one.value)));
        }
        for (auto const& key : one.keys) ASSERT_TRUE(await(to.create_key(key)));
    }
    void expect_served(store_under_test& served, user_record const& one) {
        auto& in = served.identities();
        EXPECT_EQ(await(in.get_user(one.value.user_id)), one.value);
        for (auto const& name : one.names) {
            EXPECT_EQ(await(in.external_user(name, named("other"))), one.value);
        }
        EXPECT_EQ(*await(in.list_keys(one.value.user_id)), one.keys);
        for (auto const& key : one.keys) {
            held_key const held{key, one.value.is_admin, one.value.limits};
            EXPECT_EQ(*await(in.find_key(key.hash)), held);
        }
    }
};
PARLEY_FOR_EVERY_ARCHIVE(user_archive_contract);

TEST_P(user_archive_contract, names_and_keys_that_a_server_stored_are_read) {
    auto users = all_sorts_of_users();
    std::erase_if(users, [](user_record const& one) { return one.is_local || one.names.size() > 1; });
    ASSERT_EQ(users.size(), 2U);
    {
        auto const served = serve();
        for (auto const& one : users) serve_with(*served, one);
    }
    EXPECT_EQ(read_users(*archive()), users);
}

TEST_P(user_archive_contract, every_field_comes_back_and_is_served_and_a_repetition_changes_nothing) {
    auto const users = all_sorts_of_users();
    {
        auto const to = receiving();
        for (int round = 0; round < 2; ++round) ASSERT_TRUE(to->put_users(users));
        EXPECT_EQ(read_users(*to), users);
        ASSERT_TRUE(to->end_reception());
    }
    auto const served = serve();
    for (auto const& one : users) expect_served(*served, one);
    auto const local = std::ranges::find(users, true, &user_record::is_local);
    EXPECT_EQ(await(served->identities().local_user(at(99))), local->value);
}

TEST_P(user_archive_contract, those_that_are_removed_leave_nothing_and_may_come_again) {
    auto const users = all_sorts_of_users();
    auto const to = receiving();
    ASSERT_TRUE(to->put_users(users));
    std::vector<usage_record> used;
    for (auto const& one : users)
        used.push_back({one.value.user_id, usage_of_one({}, "m", {1, 0, 1, false, {}})});
    ASSERT_TRUE(to->put_usage(used));

    std::vector<user_id> ids{user_id::make()};
    for (auto const& one : users) {
        if (!one.is_local) ids.push_back(one.value.user_id);
    }
    ASSERT_TRUE(to->remove_users(ids));
    auto const left = read_users(*to);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_TRUE(left[0].is_local);
    auto const usage = *to->usage_after({});
    ASSERT_EQ(usage.size(), 1U);
    EXPECT_EQ(usage[0].user_id, left[0].value.user_id);

    ASSERT_TRUE(to->put_users(users)) << "their names and keys are free again";
    EXPECT_EQ(read_users(*to), users);
}

TEST_P(user_archive_contract, many_come_in_order_with_what_is_theirs) {
    std::vector<user_record> users;
    for (std::size_t i = 0; i < archive_users + 20; ++i) {
        auto one = named(std::to_string(i));
        auto key = key_of_user(one.user_id);
        users.push_back({one, false, {{"issuer", std::to_string(i)}}, {std::move(key)}});
    }
    std::ranges::sort(users, {}, [](user_record const& one) { return one.value.user_id; });
    auto const to = receiving();
    ASSERT_TRUE(to->put_users(std::span{users}.subspan(300)));
    ASSERT_TRUE(to->put_users(std::span{users}.first(300)));
    EXPECT_TRUE(read_users(*to) == users);
}

TEST_P(user_archive_contract, what_deleted_users_left_is_not_there) {
    auto const kept = named("Bob");
    interaction talk;
    {
        auto const served = serve();
        auto const gone = named("Ada");
        user_record const record{gone, false, {{"issuer", "ada"}}, {key_of_user(gone.user_id)}};
        serve_with(*served, record);
        serve_with(*served, {kept, false, {}, {}});
        for (auto const& owner : {gone, gone, kept}) {
            talk = *make_interaction(owner.user_id, {}, at(0));
            ASSERT_TRUE(await(served->conversations().create_interaction(talk)));
            message_draft const said{message_role::user, "Hello?", {}};
            ASSERT_TRUE(await(served->conversations().append_message(talk.user_id, talk.interaction_id,
                                                                     message_id::make(), said, at(1))));
            usage_entry const entry{message_id::make(), owner.user_id, at(1), "m", {1, 0, 1, false, {}}};
            ASSERT_TRUE(await(served->usage().add_usage(entry)));
        }
        ASSERT_TRUE(await(served->identities().delete_user(gone.user_id, at(5))));
    }
    auto const from = archive();
    EXPECT_EQ(read_users(*from), (std::vector<user_record>{{kept, false, {}, {}}}));
    auto const parts = read_all(*from);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0].interaction.value.interaction_id, talk.interaction_id);
    EXPECT_EQ(*from->count(), (archive_counts{1, 1, 1}));
    auto const used = from->usage_after({});
    ASSERT_TRUE(used && used->size() == 1U);
    EXPECT_EQ(used->front().user_id, kept.user_id);
}

/// Otherwise an older copy of what was theirs would be put, and go with the next purge.
TEST_P(user_archive_contract, a_store_whose_users_were_all_deleted_is_not_empty) {
    {
        auto const served = serve();
        auto const gone = named("Ada");
        ASSERT_TRUE(await(served->identities().create_user(gone)));
        ASSERT_TRUE(await(served->identities().delete_user(gone.user_id, at(5))));
    }
    EXPECT_EQ(code_of(archive(true)->receive_from("ada")), "store_not_empty");
}

}  // namespace
}  // namespace parley::test
