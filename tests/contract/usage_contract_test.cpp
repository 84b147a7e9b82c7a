// What was used is told by day and model, exactly, whatever becomes of the replies.
#include "services/usage_sums.hpp"
#include "store_contract.hpp"

#include <future>

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using days = std::vector<usage_day>;

constexpr std::chrono::sys_days first_day{std::chrono::year{2026} / 9 / 20};
constexpr timestamp midnight{first_day + std::chrono::days{1}};

class usage_contract : public store_contract {
protected:
    days used(user_id const& user, std::chrono::sys_days first, std::chrono::sys_days last) {
        auto found = await(usage().usage_by_day(user, first, last));
        EXPECT_TRUE(found.has_value()) << found.error().detail;
        return found.value_or(days{});
    }
    days used(user_id const& user) {
        return used(user, first_day - std::chrono::days{100}, first_day + std::chrono::days{100});
    }

    turn_draft draft_by(interaction const& in, std::string model, timestamp now) {
        auto draft = draft_turn(in, "Hello?", now);
        draft.model_name = std::move(model);
        return draft;
    }
    static turn_outcome using_up(token_usage const& what, message_status status = message_status::complete) {
        auto out = outcome("text", status, midnight + 1h);
        out.usage = what;
        return out;
    }
    turn_start reply(interaction const& in, std::string model, timestamp now, token_usage const& what,
                     message_status status = message_status::complete) {
        auto turn = begin(draft_by(in, std::move(model), now));
        EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, using_up(what, status)))), "ok");
        return turn;
    }
    std::string add(usage_entry const& entry) { return code_of(await(usage().add_usage(entry))); }
    void remove(interaction const& in) {
        ASSERT_EQ(
            code_of(await(conversations().delete_interaction(in.user_id, in.interaction_id, std::nullopt))),
            "ok");
    }
};
PARLEY_FOR_EVERY_STORE(usage_contract);

TEST_P(usage_contract, nothing_was_used_at_first) {
    auto const in = create(user_id::make());
    append(in, "hello");
    begin(in);
    EXPECT_EQ(used(in.user_id), days{});
}

TEST_P(usage_contract, replies_are_summed_up_by_day_and_model_in_order) {
    auto const user = user_id::make();
    auto const one = create(user);
    auto const two = create(user);
    reply(one, "b", midnight, {10, 4, 3, false, 100});
    reply(two, "a", midnight + 5h, {1, 0, 2, true, std::nullopt});
    reply(one, "b", midnight + 6h, {20, 0, 7, true, 11});
    reply(two, "b", midnight - 1h, {5, 5, 5, false, 0});
    reply(two, "B", midnight, {1, 1, 1, false, std::nullopt});
    EXPECT_EQ(used(user), (days{{first_day, "b", 1, 5, 5, 5, 0, 0},
                                {first_day + std::chrono::days{1}, "B", 1, 1, 1, 1, 0, 0},
                                {first_day + std::chrono::days{1}, "a", 1, 1, 0, 2, 0, 1},
                                {first_day + std::chrono::days{1}, "b", 2, 30, 4, 10, 111, 1}}));
}

TEST_P(usage_contract, a_day_ends_at_midnight_utc_and_a_reply_counts_for_the_day_it_began) {
    auto const in = create(user_id::make());
    auto const next_day = first_day + std::chrono::days{1};
    reply(in, "m", midnight - 1ms, {1, 0, 0, false, {}});
    reply(in, "m", midnight, {2, 0, 0, false, {}});
    days const both{{first_day, "m", 1, 1, 0, 0, 0, 0}, {next_day, "m", 1, 2, 0, 0, 0, 0}};
    EXPECT_EQ(used(in.user_id, first_day, next_day), both);
    EXPECT_EQ(used(in.user_id, first_day, first_day), days{both[0]});
    EXPECT_EQ(used(in.user_id, next_day, next_day), days{both[1]});
    EXPECT_EQ(used(in.user_id, next_day, first_day), days{});
    EXPECT_EQ(used(in.user_id, next_day + std::chrono::days{1}, next_day + std::chrono::days{1}), days{});
    EXPECT_EQ(add({message_id::make(), in.user_id, midnight - 1ms, "m", {4, 0, 0, false, {}}}), "ok");
    EXPECT_EQ(add({message_id::make(), in.user_id, midnight, "m", {8, 0, 0, false, {}}}), "ok");
    EXPECT_EQ(used(in.user_id, first_day, first_day), (days{{first_day, "m", 2, 5, 0, 0, 0, 0}}));
    EXPECT_EQ(used(in.user_id, next_day, next_day), (days{{next_day, "m", 2, 10, 0, 0, 0, 0}}));
}

TEST_P(usage_contract, replies_that_were_cut_short_count_too) {
    auto const in = create(user_id::make());
    for (auto const status : {message_status::stopped, message_status::failed, message_status::interrupted}) {
        reply(in, "m", midnight, {3, 1, 2, false, 7}, status);
    }
    auto const silent = begin(draft_by(in, "m", midnight));
    EXPECT_EQ(code_of(await(
                  conversations().finish_turn(silent.lease, outcome("", message_status::failed, midnight)))),
              "ok");
    EXPECT_EQ(used(in.user_id), (days{{day_of(midnight), "m", 3, 9, 3, 6, 21, 0}}));
}

TEST_P(usage_contract, a_turn_that_expires_counts_nothing) {
    auto const in = create(user_id::make());
    auto const turn = begin(draft_by(in, "m", midnight));
    EXPECT_EQ(code_of(await(conversations().checkpoint(turn.lease, "so far"))), "ok");
    auto const seen = running();
    ASSERT_EQ(seen.size(), 1U);
    auto const expired = await(conversations().expire_turn(seen[0], midnight + 1h));
    ASSERT_TRUE(expired && *expired);
    EXPECT_EQ((*expired)->usage, std::nullopt);
    // Whoever comes late with its end counts nothing either.
    EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, using_up({1, 1, 1, false, 1})))),
              "turn_lost");
    EXPECT_EQ(used(in.user_id), days{});
}

TEST_P(usage_contract, a_finish_that_is_repeated_counts_once) {
    auto const in = create(user_id::make());
    auto const turn = reply(in, "m", midnight, {3, 1, 2, false, 7});
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, using_up({3, 1, 2, false, 7})))),
                  "ok");
    }
    days const once{{day_of(midnight), "m", 1, 3, 1, 2, 7, 0}};
    EXPECT_EQ(used(in.user_id), once);
    // Also by whoever gave it up, and when it is deleted meanwhile.
    usage_entry const again{turn.lease.reply_id, in.user_id, midnight, "m", {3, 1, 2, false, 7}};
    EXPECT_EQ(add(again), "ok");
    EXPECT_EQ(used(in.user_id), once);
    remove(in);
    EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, using_up({3, 1, 2, false, 7})))),
              "turn_lost");
    EXPECT_EQ(add(again), "ok");
    EXPECT_EQ(used(in.user_id), once);
}

TEST_P(usage_contract, an_entry_that_is_repeated_counts_once) {
    auto const user = user_id::make();
    usage_entry const title{message_id::make(), user, midnight, "m", {30, 10, 5, true, 9}};
    for (int round = 0; round < 3; ++round) EXPECT_EQ(add(title), "ok");
    EXPECT_EQ(used(user), (days{{day_of(midnight), "m", 1, 30, 10, 5, 9, 1}}));
    auto other = title;
    other.id = message_id::make();
    EXPECT_EQ(add(other), "ok");
    EXPECT_EQ(used(user), (days{{day_of(midnight), "m", 2, 60, 20, 10, 18, 2}}));
}

TEST_P(usage_contract, deleting_takes_nothing_away) {
    auto const user = user_id::make();
    auto const kept = create(user);
    auto const gone = create(user);
    reply(kept, "m", midnight, {1, 0, 1, false, 1});
    reply(gone, "m", midnight, {2, 0, 2, true, 2});
    reply(gone, "n", midnight - 1ms, {4, 0, 4, false, 4});
    append(gone, "a message without a reply");
    auto const before = used(user);
    ASSERT_EQ(before.size(), 2U);
    remove(gone);
    EXPECT_EQ(used(user), before);
    EXPECT_EQ(used(user, first_day, first_day), days{before[0]});
    remove(kept);
    EXPECT_EQ(used(user), before);
}

TEST_P(usage_contract, expiry_takes_nothing_away) {
    auto const in = create(user_id::make());
    reply(in, "m", midnight, {1, 0, 1, false, 1});
    auto const before = used(in.user_id);
    ASSERT_EQ(before.size(), 1U);
    interaction_patch patch;
    patch.expires_at = from_unix_ms(1);
    ASSERT_EQ(code_of(await(conversations().update_interaction(in.user_id, in.interaction_id, patch,
                                                               std::nullopt, midnight))),
              "ok");
    EXPECT_EQ(used(in.user_id), before);
    EXPECT_EQ(*await(conversations().delete_expired(midnight, 10)), 1U);
    EXPECT_EQ(used(in.user_id), before);
}

TEST_P(usage_contract, an_interaction_made_anew_under_the_same_id_counts_on) {
    auto const in = create(user_id::make());
    reply(in, "m", midnight, {1, 0, 1, false, 1});
    remove(in);
    auto fresh = in;
    fresh.active_branch = branch_id::make();
    ASSERT_EQ(code_of(await(conversations().create_interaction(fresh))), "ok");
    EXPECT_EQ(used(in.user_id), (days{{day_of(midnight), "m", 1, 1, 0, 1, 1, 0}}));
    reply(fresh, "m", midnight, {1, 0, 1, false, 1});
    EXPECT_EQ(used(in.user_id), (days{{day_of(midnight), "m", 2, 2, 0, 2, 2, 0}}));
}

/// Its runner has lost the turn and adds what it used, also when the deletion came in the very moment.
TEST_P(usage_contract, a_turn_that_ends_while_its_interaction_is_deleted_counts_once) {
    for (int round = 0; round < 20; ++round) {
        auto const in = create(user_id::make());
        reply(in, "m", midnight, {1, 0, 1, false, 1});
        auto const turn = begin(draft_by(in, "m", midnight));
        token_usage const what{10, 0, 10, false, 10};
        auto ending = loops().start(conversations().finish_turn(turn.lease, using_up(what)), 0);
        auto deleting =
            loops().start(conversations().delete_interaction(in.user_id, in.interaction_id, std::nullopt), 1);
        auto const ended = ending.get();
        EXPECT_EQ(code_of(deleting.get()), "ok");
        if (!ended) {
            EXPECT_EQ(ended.error().code, "turn_lost");
            EXPECT_EQ(add({turn.lease.reply_id, in.user_id, midnight, "m", what}), "ok");
        }
        EXPECT_EQ(used(in.user_id), (days{{day_of(midnight), "m", 2, 11, 0, 11, 11, 0}}));
    }
}

TEST_P(usage_contract, nobody_sees_what_another_has_used) {
    auto const in = create(user_id::make());
    auto const other = create(user_id::make());
    reply(in, "m", midnight, {1, 0, 1, false, 1});
    reply(other, "m", midnight, {100, 0, 100, false, 100});
    EXPECT_EQ(add({message_id::make(), other.user_id, midnight, "m", {1000, 0, 0, false, {}}}), "ok");
    EXPECT_EQ(used(in.user_id), (days{{day_of(midnight), "m", 1, 1, 0, 1, 1, 0}}));
    EXPECT_EQ(used(user_id::make()), days{});
}

TEST_P(usage_contract, sums_are_exact_beyond_what_a_double_holds_and_stay_within_64_bits) {
    constexpr std::int64_t odd = (std::int64_t{1} << 53) + 1;
    auto const in = create(user_id::make());
    auto const turn = reply(in, "m", midnight, {odd, 0, 1, false, odd});
    EXPECT_EQ(read_message(in, turn.lease.reply_id).usage, (token_usage{odd, 0, 1, false, odd}));
    reply(in, "m", midnight, {1, 0, 1, false, 1});
    EXPECT_EQ(add({message_id::make(), in.user_id, midnight, "m", {1, 0, 1, false, 1}}), "ok");
    days const exact{{day_of(midnight), "m", 3, odd + 2, 0, 3, odd + 2, 0}};
    EXPECT_EQ(used(in.user_id), exact);
    remove(in);
    EXPECT_EQ(used(in.user_id), exact);
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(add({message_id::make(), in.user_id, midnight, "m", {1, 0, 1, false, most}}), "ok");
    EXPECT_EQ(used(in.user_id), (days{{day_of(midnight), "m", 4, odd + 3, 0, 4, most, 0}}));
}

TEST_P(usage_contract, much_is_read_whole) {
    auto const user = user_id::make();
    std::vector<std::future<result<void>>> adding;
    for (std::size_t i = 0; i < 300; ++i) {
        usage_entry const entry{message_id::make(), user, midnight, "m", {1, 0, 2, false, 3}};
        adding.push_back(loops().start(usage().add_usage(entry), i));
    }
    for (auto& one : adding) EXPECT_EQ(code_of(one.get()), "ok");
    EXPECT_EQ(used(user), (days{{day_of(midnight), "m", 300, 300, 0, 600, 900, 0}}));
}

}  // namespace
}  // namespace parley::test
