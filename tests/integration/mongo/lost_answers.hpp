// Stores of which one loses a command: its request, or its answer.
#pragma once

#include "mongo_fixture.hpp"
#include "support/wait_until.hpp"

#include <array>

namespace parley::test {

class lost_answers : public mongo_fixture {
protected:
    using fault = wire_proxy::fault;
    static constexpr std::array both{fault::lose_reply, fault::lose_request};

    /// Runs `attempt(n)` with the fault at command n, for n from 1 until it no longer strikes; returns how
    /// often it struck.
    template <class Attempt>
    int at_every_command(fault what, Attempt const& attempt) {
        for (int n = 1;; ++n) {
            SCOPED_TRACE("command " + std::to_string(n));
            attempt([&] { proxy_.break_at(what, n); });
            bool const struck = proxy_.struck();
            proxy_.heal();
            if (!struck) return n - 1;
        }
    }

    /// Runs `life` with a store that dies from command n on, then `after`, for n from 1 until it lives.
    template <class Before, class Life, class After>
    int dying_at_every_command(Before const& before, Life const& life, After const& after) {
        for (int n = 1;; ++n) {
            SCOPED_TRACE("dead from command " + std::to_string(n));
            auto const given = before();
            auto dying = open(proxy_.uri(), {.longest_wait = 4600ms, .select = 100ms});
            proxy_.break_at(fault::die, n);
            life(*dying, given);
            bool const struck = proxy_.struck();
            dying->close();
            proxy_.heal();
            after(given);
            if (!struck || HasFatalFailure()) return n - 1;
        }
    }

    /// What a store says that was held up, when it reaches its database again. Ending a turn may be repeated.
    template <class T>
    std::string late_word(mongo_store& of, turn_lease const& lease, T const& outcome) {
        std::string code;
        static_cast<void>(wait_until([&] {
            code = code_of(await(of.finish_turn(lease, outcome)));
            return code != "store_unavailable";
        }));
        return code;
    }

    /// Ends what the dead have left, and takes all turns that wait. Returns how many those were.
    int take_over(interaction const& in) {
        int taken = 0;
        for (int rounds = 0; rounds < 20; ++rounds) {
            auto const left = await(straight_->active_turns(100));
            EXPECT_TRUE(left.has_value());
            for (auto const& one : *left) EXPECT_TRUE(await(straight_->expire_turn(one, at(9))));
            auto const next = await(straight_->next_turn(in.user_id, in.interaction_id, successor_, at(10)));
            EXPECT_TRUE(next.has_value()) << next.error().detail;
            if (!next || !*next) break;
            ++taken;
            EXPECT_EQ((*next)->reply.status, message_status::in_progress);
            EXPECT_TRUE(await(straight_->finish_turn((*next)->lease, complete("late"))));
        }
        EXPECT_TRUE(await(straight_->active_turns(100))->empty());
        EXPECT_TRUE(await(straight_->waiting_interactions(100))->empty());
        return taken;
    }

    process_id const successor_ = process_id::make();
    /// With time enough to repeat what was lost, on a busy machine too.
    std::unique_ptr<mongo_store> broken_ = open(proxy_.uri(), {.longest_wait = 20s});
    std::unique_ptr<mongo_store> straight_ = open(direct());
};

}  // namespace parley::test
