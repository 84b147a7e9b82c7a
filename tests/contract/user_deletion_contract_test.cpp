// Deleting a user ends all access at once, and what was theirs goes bit by bit.
#include "services/usage_sums.hpp"
#include "user_contract.hpp"

#include <algorithm>

namespace parley::test {
namespace {

class user_deletion_contract : public user_contract {
protected:
    bool is_there(interaction const& in) {
        auto const found = await(conversations().get_interaction(in.user_id, in.interaction_id));
        auto const code = code_of(found);
        EXPECT_TRUE(code == "ok" || code == "interaction_not_found") << code;
        return found.has_value();
    }
    std::vector<usage_day> used(user_id const& user) {
        auto found = await(usage().usage_by_day(user, day_of(at(0)) - std::chrono::days{9},
                                                day_of(at(0)) + std::chrono::days{9}));
        EXPECT_TRUE(found.has_value());
        return found.value_or(std::vector<usage_day>{});
    }
    void use(user_id const& user) {
        usage_entry const entry{message_id::make(), user, at(1), "m", {5, 0, 1, false, std::nullopt}};
        EXPECT_EQ(code_of(await(usage().add_usage(entry))), "ok");
    }
    static remembered_request request(interaction const& in, std::string key) {
        return {.user_id = in.user_id,
                .key = std::move(key),
                .fingerprint = sha256("asked"),
                .interaction_id = in.interaction_id,
                .first = message_id::make(),
                .second = message_id::make(),
                .branch = branch_id::make(),
                .at = at(1)};
    }
    bool is_remembered(remembered_request const& known) {
        auto probe = known;
        probe.first = message_id::make();
        auto const there = await(requests().remember(probe));
        EXPECT_TRUE(there.has_value());
        if (there && *there == known) return true;
        EXPECT_TRUE(await(requests().forget(probe)));
        return false;
    }
    turn_start waiting(interaction const& in) {
        auto draft = draft_turn(in);
        draft.may_wait = true;
        return begin(draft);
    }
    std::size_t listed(user_id const& user) {
        auto const found = await(conversations().list_interactions(user, {}));
        EXPECT_TRUE(found.has_value());
        return found ? found->data.size() : 0;
    }
};
PARLEY_FOR_EVERY_STORE(user_deletion_contract);

TEST_P(user_deletion_contract, access_ends_at_once) {
    external_identity const name{"issuer", "ada"};
    auto const gone = seen_as(name, new_user("Ada"));
    auto const kept = add_user("Bob");
    ASSERT_TRUE(await(identities().get_user(gone.user_id)));
    delete_user(gone.user_id);
    EXPECT_EQ(code_of(await(identities().get_user(gone.user_id))), "user_not_found");
    EXPECT_EQ(code_of(await(identities().update_user(gone.user_id, {.name = "x"}))), "user_not_found");
    EXPECT_EQ(code_of(await(identities().get_user(gone.user_id))), "user_not_found");
    EXPECT_EQ(code_of(await(identities().delete_user(gone.user_id, at(6)))), "user_not_found");
    EXPECT_EQ(await(identities().list_users({}))->data, std::vector{kept});
}

TEST_P(user_deletion_contract, whoever_comes_back_by_a_name_is_somebody_new) {
    external_identity const name{"issuer", "ada"};
    auto const gone = seen_as(name, new_user("Ada"));
    delete_user(gone.user_id);
    auto const fresh = seen_as(name, new_user("Ada again"));
    EXPECT_EQ(fresh.name, "Ada again");
    EXPECT_NE(fresh.user_id, gone.user_id);
    auto const in = create(fresh.user_id);
    EXPECT_EQ(purge(10, at(100)), 0U);
    EXPECT_EQ(seen_as(name, new_user("third")), fresh) << "a purge takes the old name's user only";
    EXPECT_TRUE(is_there(in));
}

TEST_P(user_deletion_contract, an_id_is_not_given_twice) {
    auto again = add_user();
    delete_user(again.user_id);
    again.name = "Bob";
    EXPECT_EQ(code_of(await(identities().create_user(again))), "user_exists");
    EXPECT_EQ(code_of(await(identities().get_user(again.user_id))), "user_not_found");
}

TEST_P(user_deletion_contract, nothing_of_the_user_is_found_afterwards) {
    auto const gone = add_user().user_id;
    auto const talk = create(gone);
    auto const ended = take_turn(talk);
    auto fork = draft_turn(talk);
    fork.place = message_place{std::in_place, std::nullopt};
    take_turn(fork);
    auto const busy = create(gone, at(0), [](interaction& in) { in.pinned = in.archived = true; });
    auto const running_turn = begin(busy);
    waiting(busy);
    auto const expired = create(gone, at(0), [](interaction& in) { in.expires_at = at(-1'000'000); });
    create(gone);
    use(gone);
    auto const known = request(talk, "about");
    auto elsewhere = request(talk, "elsewhere");
    elsewhere.interaction_id = interaction_id::make();
    for (auto const& one : {known, elsewhere}) ASSERT_TRUE(await(requests().remember(one)));

    delete_user(gone);
    EXPECT_EQ(purge(100), 4U);
    EXPECT_EQ(purge(100), 0U);

    for (auto const& in : {talk, busy, expired}) {
        auto const id = in.interaction_id;
        EXPECT_FALSE(is_there(in));
        EXPECT_EQ(code_of(messages(in, {.limit = 100})), "interaction_not_found");
        EXPECT_EQ(code_of(append(in, "late")), "interaction_not_found");
        EXPECT_EQ(code_of(await(conversations().begin_turn(draft_turn(in)))), "interaction_not_found");
        EXPECT_EQ(code_of(await(conversations().update_interaction(gone, id, {.title = "x"}, {}, at(9)))),
                  "interaction_not_found");
        EXPECT_EQ(code_of(await(conversations().suggest_title(gone, id, "x", at(9)))),
                  "interaction_not_found");
        EXPECT_EQ(code_of(await(conversations().withdraw_turns(gone, id, {}, at(9)))),
                  "interaction_not_found");
        EXPECT_EQ(code_of(await(conversations().delete_interaction(gone, id, {}))), "interaction_not_found");
    }
    EXPECT_EQ(code_of(await(conversations().get_message(gone, talk.interaction_id, ended.reply.message_id))),
              "interaction_not_found");
    EXPECT_EQ(code_of(await(conversations().checkpoint(running_turn.lease, "x"))), "turn_lost");
    EXPECT_EQ(code_of(await(conversations().finish_turn(running_turn.lease, outcome("x")))), "turn_lost");
    EXPECT_EQ(listed(gone), 0U);
    EXPECT_TRUE(running().empty());
    EXPECT_TRUE(await(conversations().waiting_interactions(10))->empty());
    EXPECT_EQ(await(conversations().delete_expired(at(9), 10)), 0U);
    EXPECT_TRUE(used(gone).empty());
    EXPECT_FALSE(is_remembered(known));
    EXPECT_FALSE(is_remembered(elsewhere));
    EXPECT_EQ(await(requests().sweep(at(100), 10)), 0U);
}

TEST_P(user_deletion_contract, so_many_interactions_go_at_once_and_no_more) {
    auto const one = add_user().user_id;
    auto const other = add_user("Bob").user_id;
    for (auto const& owner : {one, other, one}) take_turn(create(owner));
    for (auto const& owner : {one, other}) delete_user(owner);
    for (std::size_t left = 3; left > 0; --left) {
        EXPECT_EQ(listed(one) + listed(other), left);
        EXPECT_EQ(purge(1, at(100)), 1U) << "nobody who has something left is forgotten";
    }
    EXPECT_EQ(listed(one) + listed(other), 0U);
    EXPECT_EQ(purge(1, at(100)), 0U);
}

TEST_P(user_deletion_contract, what_comes_late_goes_with_a_later_purge) {
    auto const gone = add_user().user_id;
    create(gone);
    delete_user(gone);
    auto const during = create(gone);
    EXPECT_EQ(purge(10), 2U);
    EXPECT_FALSE(is_there(during));
    for (int round = 0; round < 2; ++round) {
        auto const late = create(gone);
        append(late, "late");
        use(gone);
        auto const known = request(late, "late");
        ASSERT_TRUE(await(requests().remember(known)));
        EXPECT_EQ(purge(10), 1U);
        EXPECT_EQ(listed(gone), 0U);
        EXPECT_TRUE(used(gone).empty());
        EXPECT_FALSE(is_remembered(known));
    }
    use(gone);
    EXPECT_EQ(purge(10), 0U);
    EXPECT_TRUE(used(gone).empty()) << "also where no interaction goes";
}

TEST_P(user_deletion_contract, who_was_deleted_is_remembered_until_told_to_forget) {
    auto const gone = add_user().user_id;
    delete_user(gone, at(5));
    EXPECT_EQ(purge(10, at(5)), 0U) << "deleted at that very moment, not before";
    create(gone);
    EXPECT_EQ(purge(10, at(5)), 1U);
    EXPECT_EQ(purge(10, at(6)), 0U);
    auto const stranger = create(gone);
    EXPECT_EQ(purge(10, at(6)), 0U) << "nobody knows any more who that was";
    EXPECT_TRUE(is_there(stranger));
}

TEST_P(user_deletion_contract, what_others_have_stays) {
    external_identity const name{"issuer", "bob"};
    auto const gone = add_user().user_id;
    auto const kept = seen_as(name, new_user("Bob"));
    auto const key = add_key(new_key(kept.user_id));
    auto const local = *await(identities().local_user(at(0)));
    auto const unknown = create(user_id::make());
    auto const talk = create(kept.user_id);
    auto const turn = take_turn(talk);
    auto const running_turn = begin(create(kept.user_id));
    for (auto const& user : {gone, kept.user_id}) {
        use(user);
        create(user);
    }
    auto const known = request(talk, "key");
    ASSERT_TRUE(await(requests().remember(known)));
    auto const before = used(kept.user_id);
    ASSERT_FALSE(before.empty());

    delete_user(gone);
    EXPECT_EQ(purge(100, at(100)), 1U);
    EXPECT_EQ(purge(100, at(100)), 0U);

    EXPECT_TRUE(is_there(talk));
    EXPECT_TRUE(is_there(unknown));
    EXPECT_EQ(listed(kept.user_id), 3U);
    EXPECT_EQ(all_messages(talk), (std::vector<message>{turn.user_message, turn.reply}));
    EXPECT_EQ(code_of(await(conversations().finish_turn(running_turn.lease, outcome("done")))), "ok");
    EXPECT_EQ(used(kept.user_id), before);
    EXPECT_TRUE(is_remembered(known));
    EXPECT_EQ(find(key), (held_key{key, false, {}}));
    EXPECT_EQ(seen_as(name, new_user("other")), kept);
    EXPECT_EQ(await(identities().local_user(at(9))), local);
}

TEST_P(user_deletion_contract, several_may_purge_at_once) {
    auto const gone = add_user().user_id;
    for (int i = 0; i < 12; ++i) append(create(gone), "hello");
    delete_user(gone);
    for (bool more = true; more;) {
        std::vector<task<result<std::size_t>>> racing;
        for (int i = 0; i < 4; ++i) racing.push_back(identities().purge_users(2, at(0)));
        more = false;
        for (auto const& one : loops().run_all(std::move(racing))) {
            ASSERT_TRUE(one.has_value()) << one.error().code << one.error().detail;
            more = more || *one > 0;
        }
    }
    EXPECT_EQ(listed(gone), 0U);
}

}  // namespace
}  // namespace parley::test
