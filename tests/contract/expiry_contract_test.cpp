// Interactions that expire: gone from the moment on, and deleted later. The store looks at its own clock, so
// the times here are long past or far ahead.
#include "services/clock.hpp"
#include "store_contract.hpp"

#include <algorithm>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

class expiry_contract : public store_contract {
protected:
    static timestamp past() { return at(0) - 24h * 365; }
    static timestamp future() { return system_clock{}.now() + 24h; }

    interaction create_expiring(user_id const& owner, std::optional<timestamp> when, timestamp now = at(0)) {
        return create(owner, now, [when](interaction& value) { value.expires_at = when; });
    }
    result<interaction> expire(interaction const& in, std::optional<timestamp> when) {
        interaction_patch patch;
        patch.expires_at = when;
        return await(
            conversations().update_interaction(in.user_id, in.interaction_id, patch, std::nullopt, at(5)));
    }
    std::string read_code(interaction const& in) {
        return code_of(await(conversations().get_interaction(in.user_id, in.interaction_id)));
    }
    std::vector<interaction> list(user_id const& user, interaction_query query = {}) {
        auto found = await(conversations().list_interactions(user, query));
        EXPECT_TRUE(found.has_value());
        return found ? found->data : std::vector<interaction>{};
    }
    /// Until nothing is left of what others in this store have made, too.
    std::size_t sweep(timestamp now) {
        std::size_t all = 0;
        for (;;) {
            auto const deleted = await(conversations().delete_expired(now, 3));
            EXPECT_TRUE(deleted.has_value()) << deleted.error().detail;
            if (!deleted || *deleted == 0) return all;
            EXPECT_LE(*deleted, 3U);
            all += *deleted;
        }
    }

    static constexpr auto gone = "interaction_not_found";
};
PARLEY_FOR_EVERY_STORE(expiry_contract);

TEST_P(expiry_contract, the_time_is_kept_changed_and_taken_back) {
    auto const user = user_id::make();
    auto const value = create_expiring(user, future());
    EXPECT_EQ(read(value), value);
    auto const later = expire(value, latest_timestamp);
    ASSERT_TRUE(later.has_value());
    EXPECT_EQ(later->expires_at, latest_timestamp);
    EXPECT_EQ(later->version, 2);
    EXPECT_EQ(read(value), *later);
    EXPECT_EQ(expire(value, latest_timestamp)->version, 2);
    auto const never = expire(value, std::nullopt);
    ASSERT_TRUE(never.has_value());
    EXPECT_FALSE(never->expires_at);
    EXPECT_EQ(list(user), std::vector{*never});
    EXPECT_EQ(sweep(system_clock{}.now()), 0U);
    EXPECT_EQ(read(value), *never);
}

TEST_P(expiry_contract, what_has_expired_is_gone_before_anybody_deletes_it) {
    auto const user = user_id::make();
    auto const value = create(user);
    auto const question = append(value, "Hello");
    ASSERT_TRUE(question.has_value());
    read(value);  // a cache knows it now
    auto const changed = expire(value, past());
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(changed->expires_at, past());

    EXPECT_EQ(read_code(value), gone);
    EXPECT_EQ(code_of(expire(value, std::nullopt)), gone);
    EXPECT_EQ(code_of(await(conversations().get_message(user, value.interaction_id, question->message_id))),
              gone);
    EXPECT_EQ(code_of(messages(value, {})), gone);
    EXPECT_EQ(code_of(messages(value, {.after = 1})), gone);
    EXPECT_EQ(code_of(append(value, "again")), gone);
    EXPECT_EQ(code_of(await(conversations().begin_turn(draft_turn(value)))), gone);
    EXPECT_EQ(code_of(await(conversations().delete_interaction(user, value.interaction_id, std::nullopt))),
              gone);
}

TEST_P(expiry_contract, replies_that_wait_in_it_are_not_taken_up) {
    auto const user = user_id::make();
    auto const value = create(user);
    auto const turn = begin(value);
    auto draft = draft_turn(value);
    draft.may_wait = true;
    begin(draft);
    ASSERT_TRUE(await(conversations().finish_turn(turn.lease, outcome("done"))));
    ASSERT_TRUE(expire(value, past()).has_value());
    auto const id = value.interaction_id;
    auto const waiting = await(conversations().waiting_interactions(1'000));
    ASSERT_TRUE(waiting.has_value());
    EXPECT_TRUE(std::ranges::none_of(*waiting, [&](auto const& one) { return one.interaction_id == id; }));
    EXPECT_EQ(code_of(await(conversations().next_turn(user, id, owner_, at(9)))), gone);
    EXPECT_EQ(code_of(await(conversations().withdraw_turns(user, id, std::nullopt, at(9)))), gone);
    EXPECT_EQ(code_of(await(conversations().suggest_title(user, id, "A title", at(9)))), gone);
    EXPECT_EQ(sweep(system_clock{}.now()), 1U);
}

TEST_P(expiry_contract, the_keys_of_its_requests_go_with_it) {
    auto const user = user_id::make();
    auto const value = create_expiring(user, past());
    remembered_request request;
    request.user_id = user;
    request.key = "key";
    request.interaction_id = value.interaction_id;
    request.first = message_id::make();
    request.at = at(1);
    ASSERT_TRUE(await(requests().remember(request)));
    EXPECT_EQ(sweep(system_clock{}.now()), 1U);
    request.first = message_id::make();
    EXPECT_EQ(await(requests().remember(request))->first, request.first);
}

TEST_P(expiry_contract, it_may_have_expired_when_it_is_made) {
    auto const user = user_id::make();
    auto const value = create_expiring(user, past());
    EXPECT_EQ(read_code(value), gone);
    EXPECT_EQ(sweep(system_clock{}.now()), 1U);
}

TEST_P(expiry_contract, lists_leave_it_out_and_their_pages_stay_full) {
    auto const user = user_id::make();
    std::vector<interaction> kept;
    for (int i = 0; i < 12; ++i) {
        auto const when = i % 3 == 0   ? std::optional{future()}
                          : i % 3 == 1 ? std::nullopt
                                       : std::optional{past()};
        auto const made = create_expiring(user, when, at(i));
        if (i % 3 != 2) kept.insert(kept.begin(), made);
    }
    EXPECT_EQ(list(user), kept);
    EXPECT_EQ(list(user, {.page = {.limit = 8}}).size(), 8U);
    EXPECT_EQ(list(user, {.sort = interaction_sort::created_at, .ids_only = true}).size(), 8U);
    auto const behind = interaction_position{kept[3].last_message_at, kept[3].interaction_id};
    EXPECT_EQ(list(user, {.page = {.after = behind}}), std::vector(kept.begin() + 4, kept.end()));
    EXPECT_EQ(list(user, {.page = {.before = behind}}), std::vector(kept.begin(), kept.begin() + 3));
}

TEST_P(expiry_contract, the_sweep_takes_what_has_expired_and_nothing_else) {
    auto const user = user_id::make();
    auto const soon = create_expiring(user, future(), at(1));
    auto const never = create(user, at(0));
    std::vector<interaction> expired;
    for (int i = 0; i < 7; ++i) {
        expired.push_back(create(user));
        ASSERT_TRUE(append(expired.back(), "Hello").has_value());
        ASSERT_TRUE(expire(expired.back(), past() + std::chrono::seconds{i}).has_value());
    }
    EXPECT_EQ(sweep(past() - 1ms), 0U);
    EXPECT_EQ(sweep(past() + 1s), 2U);
    EXPECT_EQ(sweep(system_clock{}.now()), 5U);
    EXPECT_EQ(list(user), (std::vector{soon, never}));
    EXPECT_EQ(sweep(future() + 24h), 1U);
    EXPECT_EQ(list(user), std::vector{never});
}

TEST_P(expiry_contract, what_hung_on_it_goes_with_it) {
    auto const user = user_id::make();
    auto const value = create(user);
    auto const first = append(value, "Hello");
    ASSERT_TRUE(first.has_value());
    ASSERT_TRUE(expire(value, past()).has_value());
    EXPECT_EQ(sweep(system_clock{}.now()), 1U);
    // The ids are free again.
    ASSERT_TRUE(await(conversations().create_interaction(value)).has_value());
    EXPECT_TRUE(all_messages(value).empty());
    EXPECT_TRUE(append(value, "anew", at(9), first->message_id).has_value());
}

TEST_P(expiry_contract, a_turn_in_it_is_lost_when_it_is_deleted) {
    auto const user = user_id::make();
    auto const value = create(user);
    auto const turn = begin(value);
    ASSERT_TRUE(expire(value, past()).has_value());
    EXPECT_EQ(sweep(system_clock{}.now()), 1U);
    EXPECT_EQ(code_of(await(conversations().checkpoint(turn.lease, "text"))), "turn_lost");
    EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, outcome("text")))), "turn_lost");
    auto const left = await(conversations().active_turns(100));
    ASSERT_TRUE(left.has_value());
    EXPECT_TRUE(std::ranges::none_of(*left, [&](auto const& one) { return one.lease == turn.lease; }));
}

TEST_P(expiry_contract, a_turn_left_in_it_can_be_ended_before_it_is_deleted) {
    auto const user = user_id::make();
    auto const value = create(user);
    auto const turn = begin(value);
    ASSERT_TRUE(expire(value, past()).has_value());
    auto const left = await(conversations().active_turns(100));
    ASSERT_TRUE(left.has_value());
    for (auto const& one : *left) {
        if (one.lease != turn.lease) continue;
        auto const ended = await(conversations().expire_turn(one, at(9)));
        ASSERT_TRUE(ended.has_value() && ended->has_value());
        EXPECT_EQ((*ended)->status, message_status::interrupted);
    }
    EXPECT_EQ(sweep(system_clock{}.now()), 1U);
}

TEST_P(expiry_contract, sweepers_do_not_disturb_each_other) {
    auto const user = user_id::make();
    for (int i = 0; i < 30; ++i) create_expiring(user, past(), at(i));
    std::vector<std::future<result<std::size_t>>> running;
    for (std::size_t i = 0; i < 4; ++i)
        running.push_back(loops().start(conversations().delete_expired(system_clock{}.now(), 20), i + 1));
    std::size_t deleted = 0;
    for (auto& one : running) {
        auto const outcome = one.get();
        ASSERT_TRUE(outcome.has_value()) << outcome.error().detail;
        deleted += *outcome;
    }
    EXPECT_EQ(deleted + sweep(system_clock{}.now()), 30U);
}

}  // namespace
}  // namespace parley::test
