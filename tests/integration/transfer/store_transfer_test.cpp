#include "modules/transfer/store_transfer.hpp"

#include "adapters/memory/memory_archive.hpp"
#include "support/event_loops.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

timestamp at(std::int64_t seconds) { return from_unix_ms(1'790'000'000'000 + seconds * 1000); }

class fixed_clock final : public clock {
public:
    timestamp now() const override { return at(100); }
};

class recording_observer final : public transfer_observer {
public:
    bool advanced(transfer_step step, std::int64_t done, std::int64_t total) override {
        EXPECT_LE(done, total);
        steps.push_back(step);
        return std::ranges::count(steps, transfer_step::copying) < stop_at_copy;
    }
    bool pause(std::chrono::milliseconds length) override {
        paused += length;
        if (on_pause) on_pause();
        return go_on;
    }
    void resumes(archive_counts const& what) override { kept = what; }
    void ended_turns(std::int64_t count) override { ended += count; }

    std::vector<transfer_step> steps;
    std::int64_t stop_at_copy = 1'000;
    std::chrono::milliseconds paused{};
    std::function<void()> on_pause;
    bool go_on = true;
    std::optional<archive_counts> kept;
    std::int64_t ended = 0;
};

/// Loses what it is told to.
class faulty_archive final : public memory_archive {
public:
    using memory_archive::memory_archive;

    result<void> put_usage(std::span<usage_record const> values) override {
        if (fail_at_usage) return fail(error_kind::unavailable, "store_unavailable", "Gone.");
        std::vector<usage_record> changed{values.begin(), values.end()};
        if (change_usage) change_usage(changed);
        return memory_archive::put_usage(changed);
    }
    result<void> put_conversations(std::span<conversation_part const> parts) override {
        if (++puts == fail_at) return fail(error_kind::unavailable, "store_unavailable", "Gone.");
        std::vector<conversation_part> changed{parts.begin(), parts.end()};
        if (change) {
            for (auto& one : changed) change(one);
        }
        return memory_archive::put_conversations(changed);
    }

    int puts = 0;
    int fail_at = 0;
    bool fail_at_usage = false;
    std::function<void(std::vector<usage_record>&)> change_usage;
    std::function<void(conversation_part&)> change;
};

class transfer_test : public testing::Test {
protected:
    transfer_test() { owner_ = *await(source_.local_user(at(0))); }

    template <class T>
    T await(task<T> work) {
        return loops_.run(std::move(work));
    }

    interaction talk(std::size_t messages, std::size_t bytes = 10) {
        auto const value = *make_interaction(owner_.user_id, {}, at(0));
        EXPECT_TRUE(await(source_.create_interaction(value)));
        for (std::size_t i = 0; i < messages; ++i) append(value, std::string(bytes, 'x'));
        return value;
    }
    void append(interaction const& in, std::string text) {
        EXPECT_TRUE(await(source_.append_message(in.user_id, in.interaction_id, message_id::make(),
                                                 {message_role::user, std::move(text), {}}, at(1))));
    }
    turn_start begin(interaction const& in) {
        return *await(source_.begin_turn({.user_id = in.user_id,
                                          .interaction_id = in.interaction_id,
                                          .owner = process_id::make(),
                                          .user_message_id = message_id::make(),
                                          .user_message = message_draft{message_role::user, "Hello?", {}},
                                          .transformed_content = std::nullopt,
                                          .reply_id = message_id::make(),
                                          .model_name = "test-model",
                                          .now = at(1)}));
    }

    /// A further user with a name elsewhere and a key.
    api_key somebody_with_a_key() {
        user const made{.user_id = user_id::make(), .name = "Bob", .extra = {}, .created_at = at(0)};
        EXPECT_TRUE(await(source_.external_user({"issuer", "bob"}, made)));
        api_key key{.key_id = key_id::make(),
                    .user_id = made.user_id,
                    .name = "laptop",
                    .hint = "parley_abcd",
                    .scopes = {.read = true},
                    .hash = sha256("a secret"),
                    .created_at = at(1),
                    .last_used_at = at(60)};
        EXPECT_TRUE(await(source_.create_key(key)));
        return key;
    }

    result<store_comparison> run(std::chrono::milliseconds lease = 0ms) {
        return store_transfer{from_, to_, seen_, time_, lease}.run();
    }
    static std::string code_of(result<store_comparison> const& outcome) {
        return outcome ? "ok" : outcome.error().code;
    }
    void expect_same(result<store_comparison> const& found) {
        ASSERT_TRUE(found.has_value()) << found.error().message << found.error().detail;
        EXPECT_TRUE(found->equal()) << testing::PrintToString(found->first_differences);
        EXPECT_EQ(found->source.hash, found->copy.hash);
        EXPECT_EQ(found->source.counts, found->copy.counts);
        EXPECT_EQ(found->source.counts, *from_.count());
        EXPECT_EQ(found->copy.counts, *to_.count());
        EXPECT_EQ(code_of(run()), "store_not_empty") << "the copy is finished";
    }

    event_loops loops_;
    memory_store source_;
    memory_store target_;
    memory_archive from_{source_};
    faulty_archive to_{target_};
    recording_observer seen_;
    fixed_clock time_;
    user owner_;
};

TEST_F(transfer_test, everything_is_copied_and_found_equal) {
    auto const big = talk(archive_messages + 3);
    talk(0);
    talk(2);
    expect_same(run());
    EXPECT_EQ(*await(target_.get_interaction(big.user_id, big.interaction_id)),
              *await(source_.get_interaction(big.user_id, big.interaction_id)));
    EXPECT_EQ(*await(target_.local_user(at(9))), owner_);
    EXPECT_FALSE(seen_.kept.has_value());
    EXPECT_EQ(seen_.paused, 0ms);
}

TEST_F(transfer_test, an_empty_store_is_copied_too) {
    memory_store nothing;
    memory_archive from{nothing};
    auto const found = store_transfer{from, to_, seen_, time_, 0ms}.run();
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->copy.counts, archive_counts{});
}

TEST_F(transfer_test, one_that_broke_goes_on_where_it_stopped) {
    for (int i = 0; i < 8; ++i) talk(2, page_bytes / 3);
    to_.fail_at = 3;
    EXPECT_EQ(code_of(run()), "store_unavailable");
    auto const stored = *to_.count();
    EXPECT_GT(stored.messages, 0);
    EXPECT_LT(stored.messages, 16);
    auto const before = to_.puts;
    expect_same(run());
    EXPECT_EQ(to_.puts - before, 4);  // of 6 batches two were there
    ASSERT_TRUE(seen_.kept.has_value());
    EXPECT_LE(seen_.kept->messages, stored.messages);
    EXPECT_GE(seen_.kept->messages, stored.messages - 2);
}

TEST_F(transfer_test, one_that_was_stopped_goes_on) {
    for (int i = 0; i < 8; ++i) talk(2, page_bytes / 3);
    seen_.stop_at_copy = 3;
    EXPECT_EQ(code_of(run()), "cancelled");
    seen_.stop_at_copy = 1'000;
    expect_same(run());
}

TEST_F(transfer_test, what_changed_in_the_source_meanwhile_is_copied_anew) {
    std::vector<interaction> talks;
    for (int i = 0; i < 8; ++i) talks.push_back(talk(2, page_bytes / 3));
    to_.fail_at = 4;
    EXPECT_EQ(code_of(run()), "store_unavailable");
    append(talks[0], "one more");
    ASSERT_TRUE(await(source_.delete_interaction(owner_.user_id, talks[1].interaction_id, std::nullopt)));
    talk(1);
    expect_same(run());
    EXPECT_FALSE(await(target_.get_interaction(owner_.user_id, talks[1].interaction_id)).has_value());
}

TEST_F(transfer_test, a_finished_copy_that_was_not_told_so_is_finished_by_the_next_run) {
    talk(2);
    EXPECT_EQ(*to_.receive_from(owner_.user_id.text()), reception::fresh);
    ASSERT_TRUE(to_.put_users(*from_.users_after({})));
    ASSERT_TRUE(to_.put_conversations(*from_.conversations_after({})));
    auto const puts = to_.puts;
    expect_same(run());
    EXPECT_EQ(to_.puts, puts);
}

TEST_F(transfer_test, every_kind_of_corruption_is_found_and_the_copy_stays_unfinished) {
    auto const victim = talk(3);
    auto const other = talk(1);
    using change = std::function<void(conversation_part&)>;
    std::vector<change> const changes{
        [](conversation_part& part) { part.messages[0].content = "y"; },
        [](conversation_part& part) { part.messages[0].usage = token_usage{}; },
        [](conversation_part& part) { part.messages[0].metadata["k"]; },
        [](conversation_part& part) { part.messages[0].tool_call_id = "call"; },
        [](conversation_part& part) { part.messages[0].reasoning = "because"; },
        [](conversation_part& part) { part.messages[0].attempts.push_back({}); },
        [](conversation_part& part) { part.interaction.value.settings.tool_choice = "auto"; },
        [](conversation_part& part) { part.messages.pop_back(); },
        [](conversation_part& part) { std::swap(part.messages[0].seq, part.messages[1].seq); },
        [](conversation_part& part) { part.interaction.value.title = "T"; },
        [](conversation_part& part) { part.interaction.epoch = 7; },
        [](conversation_part& part) { part.interaction.forks.push_back({}); },
    };
    for (auto const& one : changes) {
        memory_store target;
        faulty_archive to{target};
        to.change = [&](conversation_part& part) {
            if (part.interaction.value.interaction_id == victim.interaction_id) one(part);
        };
        store_transfer work{from_, to, seen_, time_, 0ms};
        auto const found = work.run();
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->differences, 1);
        EXPECT_NE(found->source.hash, found->copy.hash);
        EXPECT_EQ(found->first_differences, std::vector{"interaction " + victim.interaction_id.text() +
                                                        " is not the same in the copy"});
        to.change = {};
        auto const repaired = work.run();
        ASSERT_TRUE(repaired.has_value());
        EXPECT_TRUE(repaired->equal());
        ASSERT_TRUE(to.remove_conversations(std::span{&other.interaction_id, 1}));
        auto const verified = work.verify();
        ASSERT_TRUE(verified.has_value());
        EXPECT_EQ(verified->first_differences,
                  std::vector{"interaction " + other.interaction_id.text() + " is missing in the copy"});
    }
}

TEST_F(transfer_test, users_keep_their_names_and_keys) {
    auto const key = somebody_with_a_key();
    expect_same(run());
    EXPECT_EQ(*await(target_.find_key(key.hash)), (held_key{key, false, {}}));
    user const other{.user_id = user_id::make(), .name = "other", .extra = {}, .created_at = at(9)};
    EXPECT_EQ(await(target_.external_user({"issuer", "bob"}, other))->user_id, key.user_id);
}

TEST_F(transfer_test, a_key_that_was_used_meanwhile_is_no_difference) {
    auto const key = somebody_with_a_key();
    talk(1);
    to_.fail_at = 1;
    EXPECT_EQ(code_of(run()), "store_unavailable");
    ASSERT_TRUE(await(source_.key_used(key.key_id, at(120))));
    expect_same(run());
}

TEST_F(transfer_test, users_and_keys_that_are_gone_from_the_source_meanwhile_do_not_live_on_in_the_copy) {
    auto const gone = somebody_with_a_key();
    user const kept{.user_id = user_id::make(), .name = "Ada", .extra = {}, .created_at = at(0)};
    auto revoked = gone;
    revoked.key_id = key_id::make();
    revoked.user_id = kept.user_id;
    revoked.hash = sha256("another secret");
    ASSERT_TRUE(await(source_.create_user(kept)));
    ASSERT_TRUE(await(source_.create_key(revoked)));
    talk(1);
    to_.fail_at = 1;
    EXPECT_EQ(code_of(run()), "store_unavailable");
    ASSERT_TRUE(await(target_.find_key(revoked.hash))->has_value()) << "the copy had come so far";

    ASSERT_TRUE(await(source_.delete_user(gone.user_id, at(5))));
    ASSERT_TRUE(await(source_.delete_key(kept.user_id, revoked.key_id)));
    user_patch promoted;
    promoted.is_admin = true;
    ASSERT_TRUE(await(source_.update_user(kept.user_id, promoted)));
    expect_same(run());
    EXPECT_EQ(*await(target_.find_key(gone.hash)), std::nullopt);
    EXPECT_EQ(*await(target_.find_key(revoked.hash)), std::nullopt);
    EXPECT_FALSE(await(target_.get_user(gone.user_id)));
    EXPECT_TRUE(await(target_.get_user(kept.user_id))->is_admin);
}

TEST_F(transfer_test, every_other_field_of_a_key_and_a_user_is_compared) {
    auto const key = somebody_with_a_key();
    auto const difference = std::vector{"user " + key.user_id.text() + " is not the same in the copy"};
    std::vector<std::function<void(user_record&)>> const changes{
        [](user_record& one) { one.value.is_admin = true; },
        [](user_record& one) { one.value.limits.tokens_per_day = 0; },
        [](user_record& one) { one.names[0].subject = "Bob"; },
        [](user_record& one) { one.names.clear(); },
        [](user_record& one) { one.keys.clear(); },
        [](user_record& one) { one.keys[0].name = "other"; },
        [](user_record& one) { one.keys[0].scopes.admin = true; },
        [](user_record& one) { one.keys[0].hash[31] ^= 1; },
        [](user_record& one) { one.keys[0].expires_at = at(1); },
        [](user_record& one) { one.keys[0].limits.requests_per_minute = 1; }};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        SCOPED_TRACE(i);
        auto users = *from_.users_after({});
        for (auto& one : users) {
            if (one.value.user_id == key.user_id) changes[i](one);
        }
        memory_store copy;
        memory_archive to{copy};
        ASSERT_TRUE(to.put_users(users));
        auto const found = store_transfer{from_, to, seen_, time_, 0ms}.verify();
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->first_differences, difference);
    }
}

TEST_F(transfer_test, usage_is_copied_compared_and_put_right) {
    auto const day = std::chrono::floor<std::chrono::days>(at(1));
    for (auto const* const model : {"a", "b"}) {
        ASSERT_TRUE(await(source_.add_usage(
            {message_id::make(), owner_.user_id, at(1), model, {10, 2, 3, false, 9'007'199'254'740'993}})));
    }
    talk(2);
    to_.fail_at_usage = true;
    EXPECT_EQ(code_of(run()), "store_unavailable");
    to_.fail_at_usage = false;
    auto const name = "usage of " + owner_.user_id.text() + " on 2026-09-21 by a";
    to_.change_usage = [](auto& values) { ++values[0].sums.cost; };
    auto const wrong = run();
    ASSERT_TRUE(wrong.has_value());
    EXPECT_EQ(wrong->first_differences, std::vector{name + " is not the same in the copy"});
    EXPECT_NE(wrong->source.hash, wrong->copy.hash);
    to_.change_usage = {};
    auto const found = store_transfer{from_, to_, seen_, time_, 0ms}.run();
    ASSERT_TRUE(found.has_value());
    EXPECT_TRUE(found->equal());
    EXPECT_EQ(found->source.usage_days, 2);
    EXPECT_EQ(found->copy.usage_days, 2);
    EXPECT_EQ(*await(target_.usage_by_day(owner_.user_id, day, day)),
              *await(source_.usage_by_day(owner_.user_id, day, day)));
    memory_store other;
    faulty_archive to_other{other};
    to_other.change_usage = [](auto& values) { values.erase(values.begin()); };
    auto const missing = store_transfer{from_, to_other, seen_, time_, 0ms}.run();
    ASSERT_TRUE(missing.has_value());
    EXPECT_EQ(missing->first_differences, std::vector{name + " is missing in the copy"});
}

TEST_F(transfer_test, what_is_in_the_copy_only_is_found) {
    talk(1);
    ASSERT_TRUE(run().has_value());
    user_record const stranger{{user_id::make(), "Bob", {}, at(0)}, false};
    ASSERT_TRUE(to_.put_users(std::span{&stranger, 1}));
    auto const found = store_transfer{from_, to_, seen_, time_, 0ms}.verify();
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->first_differences,
              std::vector{"user " + stranger.value.user_id.text() + " is in the copy only"});
}

TEST_F(transfer_test, a_target_with_data_is_refused_and_left_alone) {
    talk(1);
    auto const theirs = *make_interaction(user_id::make(), {}, at(0));
    ASSERT_TRUE(await(target_.create_interaction(theirs)));
    EXPECT_EQ(code_of(run()), "store_not_empty");
    EXPECT_EQ(*to_.count(), (archive_counts{0, 1, 0}));
}

TEST_F(transfer_test, turns_left_behind_are_ended_after_a_lease_without_progress) {
    auto const turn = begin(talk(0));
    ASSERT_TRUE(await(source_.checkpoint(turn.lease, "so far")));
    expect_same(run(2s));
    EXPECT_EQ(seen_.paused, 2s);
    EXPECT_EQ(seen_.ended, 1);
    auto const reply =
        await(target_.get_message(owner_.user_id, turn.lease.interaction_id, turn.lease.reply_id));
    ASSERT_TRUE(reply.has_value());
    EXPECT_EQ(reply->status, message_status::interrupted);
    EXPECT_EQ(plain_text(reply->content), "so far");
}

TEST_F(transfer_test, where_nobody_can_write_they_are_ended_at_once) {
    begin(talk(0));
    expect_same(run());
    EXPECT_EQ(seen_.paused, 0ms);
    EXPECT_EQ(seen_.ended, 1);
}

TEST_F(transfer_test, a_source_in_use_is_refused_and_copied_when_it_has_come_to_rest) {
    auto const turn = begin(talk(0));
    seen_.on_pause = [&] { EXPECT_TRUE(await(source_.checkpoint(turn.lease, "more"))); };
    EXPECT_EQ(code_of(run(2s)), "store_in_use");
    EXPECT_EQ(*to_.count(), archive_counts{});
    seen_.on_pause = {};
    turn_outcome outcome;
    outcome.content = "Done.";
    outcome.now = at(2);
    ASSERT_TRUE(await(source_.finish_turn(turn.lease, outcome)));
    expect_same(run(2s));
    EXPECT_EQ(seen_.ended, 0);
}

TEST_F(transfer_test, a_new_turn_while_it_waits_shows_that_the_source_is_in_use) {
    begin(talk(0));
    auto const other = talk(0);
    bool begun = false;
    seen_.on_pause = [&] {
        if (!std::exchange(begun, true)) begin(other);
    };
    EXPECT_EQ(code_of(run(2s)), "store_in_use");
}

}  // namespace
}  // namespace parley::test
