// Requests that are remembered by their key.
#include "store_contract.hpp"

namespace parley::test {
namespace {

class request_contract : public store_contract {
protected:
    static remembered_request request(user_id const& user, std::string key, timestamp now = at(1),
                                      interaction_id const& about = interaction_id::make()) {
        return {.user_id = user,
                .key = std::move(key),
                .fingerprint = sha256(about.text()),
                .interaction_id = about,
                .first = message_id::make(),
                .second = message_id::make(),
                .branch = branch_id::make(),
                .at = now};
    }
    remembered_request remember(remembered_request const& wanted) {
        auto known = await(requests().remember(wanted));
        EXPECT_TRUE(known.has_value()) << known.error().code << known.error().detail;
        return known.value_or(remembered_request{});
    }
    /// Whether a request under this key is new.
    bool is_free(user_id const& user, std::string const& key) {
        auto const probe = request(user, key);
        if (remember(probe) != probe) return false;
        EXPECT_TRUE(await(requests().forget(probe)));
        return true;
    }
    std::size_t sweep(timestamp before, std::size_t limit = 100) {
        auto const swept = await(requests().sweep(before, limit));
        EXPECT_TRUE(swept.has_value());
        return swept.value_or(0);
    }

    user_id const user_ = user_id::make();
};
PARLEY_FOR_EVERY_STORE(request_contract);

TEST_P(request_contract, the_first_under_a_key_is_remembered_with_all_its_fields) {
    std::string const key(limits::idempotency_key, '~');
    auto const first = request(user_, key);
    EXPECT_EQ(remember(first), first);
    EXPECT_EQ(remember(first), first);
    EXPECT_EQ(remember(request(user_, key, at(50))), first);
}

TEST_P(request_contract, keys_belong_to_their_user) {
    auto const mine = remember(request(user_, "key"));
    auto const theirs = request(user_id::make(), "key");
    EXPECT_EQ(remember(theirs), theirs);
    EXPECT_EQ(remember(request(user_, "key")), mine);
    auto const other = request(user_, "KEY");
    EXPECT_EQ(remember(other), other) << "and differ by a letter's case";
}

TEST_P(request_contract, of_a_hundred_racing_requests_one_is_remembered) {
    std::vector<task<result<remembered_request>>> racing;
    for (int i = 0; i < 100; ++i) racing.push_back(requests().remember(request(user_, "key", at(i))));
    auto const outcomes = loops().run_all(std::move(racing));
    for (auto const& one : outcomes) {
        ASSERT_TRUE(one.has_value()) << one.error().code;
        EXPECT_EQ(*one, *outcomes[0]);
    }
    EXPECT_EQ(sweep(at(1000)), 1U);
}

TEST_P(request_contract, a_key_is_free_again_once_its_request_is_forgotten) {
    auto const refused = remember(request(user_, "key"));
    ASSERT_TRUE(await(requests().forget(refused)));
    EXPECT_EQ(code_of(await(requests().forget(refused))), "ok") << "repeatable";
    auto const next = request(user_, "key");
    EXPECT_EQ(remember(next), next);
    ASSERT_TRUE(await(requests().forget(refused)));
    EXPECT_EQ(remember(request(user_, "key")), next) << "the key stands for another request now";
}

TEST_P(request_contract, a_key_that_a_copy_has_asked_for_is_not_forgotten) {
    auto const about = interaction_id::make();
    auto const first = remember(request(user_, "key", at(1), about));
    auto const copy = request(user_, "key", at(2), about);
    EXPECT_EQ(remember(copy), first) << "and goes on under these ids, in another process";
    ASSERT_TRUE(await(requests().forget(first)));
    EXPECT_EQ(remember(request(user_, "key", at(3), about)), first) << "or a third would do it once more";

    auto const other = remember(request(user_, "other"));
    EXPECT_EQ(remember(request(user_, "other")), other) << "something else, which nobody carries out";
    ASSERT_TRUE(await(requests().forget(other)));
    EXPECT_TRUE(is_free(user_, "other"));

    auto const alone = remember(request(user_, "alone"));
    EXPECT_EQ(remember(alone), alone) << "its own repetition is no copy";
    ASSERT_TRUE(await(requests().forget(alone)));
    EXPECT_TRUE(is_free(user_, "alone"));
}

TEST_P(request_contract, forgetting_needs_the_same_user_key_and_first_id) {
    auto const kept = remember(request(user_, "key"));
    auto other_user = kept;
    other_user.user_id = user_id::make();
    auto other_key = kept;
    other_key.key = "other";
    auto other_first = kept;
    other_first.first = message_id::make();
    for (auto const& one : {other_user, other_key, other_first}) {
        EXPECT_EQ(code_of(await(requests().forget(one))), "ok");
    }
    EXPECT_FALSE(is_free(user_, "key"));
    auto same = kept;
    same.second = message_id::make();
    ASSERT_TRUE(await(requests().forget(same)));
    EXPECT_TRUE(is_free(user_, "key"));
}

TEST_P(request_contract, old_ones_are_swept_up_to_a_limit) {
    EXPECT_EQ(sweep(at(100)), 0U);
    for (int i = 0; i < 7; ++i)
        remember(request(i % 2 == 0 ? user_ : user_id::make(), std::to_string(i), at(i)));
    EXPECT_EQ(sweep(at(0)), 0U);
    EXPECT_EQ(sweep(at(2)), 2U) << "what was asked at that very moment stays";
    EXPECT_TRUE(is_free(user_, "0"));
    EXPECT_FALSE(is_free(user_, "2"));
    EXPECT_EQ(sweep(at(100), 3), 3U);
    EXPECT_EQ(sweep(at(100), 3), 2U);
    EXPECT_EQ(sweep(at(100), 3), 0U);
}

TEST_P(request_contract, deleting_an_interaction_frees_the_keys_of_its_requests) {
    auto const gone = create(user_);
    auto const kept = create(user_);
    remember(request(user_, "one", at(1), gone.interaction_id));
    remember(request(user_, "two", at(1), gone.interaction_id));
    remember(request(user_, "kept", at(1), kept.interaction_id));
    // What was refused deletes nothing.
    EXPECT_EQ(code_of(await(conversations().delete_interaction(user_, gone.interaction_id, 77))),
              "version_mismatch");
    EXPECT_EQ(code_of(await(conversations().delete_interaction(user_id::make(), gone.interaction_id, {}))),
              "interaction_not_found");
    EXPECT_FALSE(is_free(user_, "one"));
    ASSERT_TRUE(await(conversations().delete_interaction(user_, gone.interaction_id, std::nullopt)));
    EXPECT_TRUE(is_free(user_, "one"));
    EXPECT_TRUE(is_free(user_, "two"));
    EXPECT_FALSE(is_free(user_, "kept"));
}

}  // namespace
}  // namespace parley::test
