// What was used is counted once, at whatever command a connection breaks or a process dies.
#include "lost_answers.hpp"

namespace parley::test {
namespace {

class lost_usage : public lost_answers {
protected:
    static constexpr int replies = 3;

    static turn_outcome using_up(std::string text = "done") {
        auto out = complete(std::move(text));
        out.usage = token_usage{10, 4, 3, true, 100};
        return out;
    }
    static std::vector<usage_day> times(std::int64_t n) {
        return {{day(), "test-model", n, 10 * n, 4 * n, 3 * n, 100 * n, n}};
    }
    static std::chrono::sys_days day() { return std::chrono::floor<std::chrono::days>(at(1)); }

    std::vector<usage_day> used(user_id const& user) {
        auto found = await(straight_->usage_by_day(user, day(), day()));
        EXPECT_TRUE(found.has_value()) << found.error().detail;
        return found.value_or(std::vector<usage_day>{});
    }
    /// An interaction in which so many replies have said what they used.
    interaction used_up() {
        auto const in = create(*straight_);
        for (int i = 0; i < replies; ++i) {
            auto const turn = await(straight_->begin_turn(draft_in(in)));
            EXPECT_TRUE(turn && await(straight_->finish_turn(turn->lease, using_up())));
        }
        return in;
    }
    static usage_entry entry_of(turn_lease const& lease) {
        return {lease.reply_id, lease.user_id, at(1), "test-model", *using_up().usage};
    }
};

TEST_F(lost_usage, of_a_turn) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const in = create(*straight_);
            auto const turn = await(straight_->begin_turn(draft_in(in)));
            ASSERT_TRUE(turn.has_value());
            arm();
            EXPECT_EQ(code_of(await(broken_->finish_turn(turn->lease, using_up()))), "ok");
            EXPECT_EQ(used(in.user_id), times(1));
        });
        EXPECT_EQ(commands, 2) << "as many as without usage";
    }
}

TEST_F(lost_usage, of_an_entry_and_of_the_question) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const user = user_id::make();
            arm();
            EXPECT_EQ(code_of(await(broken_->add_usage(
                          {message_id::make(), user, at(1), "test-model", *using_up().usage}))),
                      "ok");
            EXPECT_EQ(*await(broken_->usage_by_day(user, day(), day())), times(1));
        });
        EXPECT_EQ(commands, 3);
    }
}

TEST_F(lost_usage, of_a_deleted_interaction) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const in = used_up();
            arm();
            EXPECT_EQ(
                code_of(await(broken_->delete_interaction(in.user_id, in.interaction_id, std::nullopt))),
                "ok");
            EXPECT_EQ(used(in.user_id), times(replies));
        });
        EXPECT_EQ(commands, 5) << "mark, look, keep, messages, requests";
    }
}

TEST_F(lost_usage, of_an_expired_interaction) {
    for (auto const what : both) {
        at_every_command(what, [&](auto const& arm) {
            auto const in = used_up();
            interaction_patch patch;
            patch.expires_at = from_unix_ms(1);
            ASSERT_TRUE(
                await(straight_->update_interaction(in.user_id, in.interaction_id, patch, {}, at(3))));
            arm();
            EXPECT_TRUE(await(broken_->delete_expired(at(4), 10)));
            EXPECT_EQ(used(in.user_id), times(replies));
            // What an attempt has marked and not finished is finished by the sweeper.
            ASSERT_TRUE(await(straight_->sweep_deleted(timestamp::max())));
            EXPECT_EQ(used(in.user_id), times(replies));
        });
    }
}

TEST_F(lost_usage, of_a_process_that_dies_while_it_deletes) {
    int const commands = dying_at_every_command(
        [&] { return used_up(); },
        [&](mongo_store& dying, interaction const& in) {
            static_cast<void>(await(dying.delete_interaction(in.user_id, in.interaction_id, std::nullopt)));
        },
        [&](interaction const& in) {
            EXPECT_EQ(used(in.user_id), times(replies)) << "in between";
            ASSERT_TRUE(await(straight_->sweep_deleted(from_unix_ms(0))));
            EXPECT_EQ(used(in.user_id), times(replies)) << "after a sweep";
            ASSERT_TRUE(await(straight_->sweep_deleted(timestamp::max())));
            EXPECT_EQ(used(in.user_id), times(replies)) << "when it is forgotten";
            auto fresh = in;
            fresh.active_branch = branch_id::make();
            static_cast<void>(await(straight_->create_interaction(fresh)));
            EXPECT_EQ(used(in.user_id), times(replies)) << "with another one in its place";
        });
    EXPECT_EQ(commands, 5);
}

/// A sweeper that dies in its turn, over what another one left.
TEST_F(lost_usage, of_a_sweeper_that_dies) {
    int const commands = dying_at_every_command(
        [&] {
            auto const in = used_up();
            auto dying = open(proxy_.uri(), {.longest_wait = 4600ms, .select = 100ms});
            proxy_.break_at(fault::die, 2);  // it is marked, and no more
            static_cast<void>(await(dying->delete_interaction(in.user_id, in.interaction_id, std::nullopt)));
            EXPECT_TRUE(proxy_.struck());
            dying->close();
            proxy_.heal();
            return in;
        },
        [&](mongo_store& dying, interaction const&) {
            static_cast<void>(await(dying.sweep_deleted(timestamp::max())));
        },
        [&](interaction const& in) {
            EXPECT_EQ(used(in.user_id), times(replies));
            ASSERT_TRUE(await(straight_->sweep_deleted(timestamp::max())));
            EXPECT_EQ(used(in.user_id), times(replies));
        });
    EXPECT_EQ(commands, 6) << "find, look, keep, messages, requests, forget";
}

/// A turn that ends between any two commands of a deletion: who has lost it adds what it used, and that is
/// counted once whether the deletion saw it or not.
TEST_F(lost_usage, of_a_turn_that_ends_while_its_interaction_is_deleted) {
    for (int n = 1; n <= 5; ++n) {
        SCOPED_TRACE("dead from command " + std::to_string(n));
        auto const in = used_up();
        auto const turn = await(straight_->begin_turn(draft_in(in)));
        ASSERT_TRUE(turn.has_value());
        auto dying = open(proxy_.uri(), {.longest_wait = 4600ms, .select = 100ms});
        proxy_.break_at(fault::die, n);
        static_cast<void>(await(dying->delete_interaction(in.user_id, in.interaction_id, std::nullopt)));
        EXPECT_TRUE(proxy_.struck());
        dying->close();
        proxy_.heal();
        auto const ended = await(straight_->finish_turn(turn->lease, using_up()));
        EXPECT_EQ(code_of(ended), n == 1 ? "ok" : "turn_lost");
        if (!ended) {
            EXPECT_EQ(code_of(await(straight_->add_usage(entry_of(turn->lease)))), "ok");
        }
        EXPECT_EQ(used(in.user_id), times(replies + 1));
        ASSERT_TRUE(await(straight_->sweep_deleted(timestamp::max())));
        EXPECT_EQ(used(in.user_id), times(replies + 1));
    }
}

/// The reply is stored as ended, its process died before it released the interaction; then that is deleted.
TEST_F(lost_usage, of_a_turn_that_was_ended_by_halves) {
    auto const in = create(*straight_);
    auto const turn = await(straight_->begin_turn(draft_in(in)));
    ASSERT_TRUE(turn.has_value());
    auto dying = open(proxy_.uri(), {.longest_wait = 4600ms, .select = 100ms});
    proxy_.break_at(fault::die, 2);
    EXPECT_EQ(code_of(await(dying->finish_turn(turn->lease, using_up()))), "store_unavailable");
    EXPECT_EQ(used(in.user_id), times(1));
    EXPECT_EQ(code_of(await(straight_->delete_interaction(in.user_id, in.interaction_id, std::nullopt))),
              "ok");
    EXPECT_EQ(used(in.user_id), times(1));
    // The one that was held up comes back.
    proxy_.heal();
    EXPECT_EQ(late_word(*dying, turn->lease, using_up()), "turn_lost");
    EXPECT_EQ(code_of(await(dying->add_usage(entry_of(turn->lease)))), "ok");
    EXPECT_EQ(used(in.user_id), times(1));
}

}  // namespace
}  // namespace parley::test
