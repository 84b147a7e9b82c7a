// Promise 1 of the design: what was acknowledged survives a power cut, once and in order, whatever the disk
// had not synced.
#include "ledger.hpp"
#include "store_on_disk.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>

namespace parley::test {
namespace {

timestamp now() { return from_unix_ms(1'790'000'000'000); }

struct client {
    conversation_store& store;
    simulated_disk& disk;
    ledger& promises;
    std::vector<interaction> const& places;
    process_id owner;
    std::mt19937_64 chance;

    [[nodiscard]] interaction const& somewhere() { return places[chance() % places.size()]; }
    [[nodiscard]] std::string text() {
        return std::string(chance() % 3000, static_cast<char>('a' + chance() % 26));
    }
};

task<void> say_something(client& self) {
    auto const& in = self.somewhere();
    auto const id = message_id::make();
    self.promises.submitted(id);
    message_draft draft{message_role::user, self.text(), {}};
    auto const stored =
        co_await self.store.append_message(in.user_id, in.interaction_id, id, std::move(draft), now());
    if (stored) self.promises.acknowledged(*stored);
}

task<void> take_a_turn(client& self) {
    auto const& in = self.somewhere();
    turn_draft draft;
    draft.user_id = in.user_id;
    draft.interaction_id = in.interaction_id;
    draft.owner = self.owner;
    draft.user_message_id = message_id::make();
    draft.user_message = message_draft{message_role::user, self.text(), {}};
    draft.reply_id = message_id::make();
    draft.model_name = "model";
    draft.now = now();
    self.promises.submitted(draft.user_message_id);
    self.promises.submitted(draft.reply_id);
    auto const turn = co_await self.store.begin_turn(draft);
    if (!turn) co_return;
    self.promises.acknowledged(turn->user_message);
    self.promises.acknowledged(turn->reply);
    auto text = self.text();
    auto const kept = co_await self.store.checkpoint(turn->lease, text);
    if (kept) self.promises.acknowledged_text(draft.reply_id, text);
    turn_outcome end;
    end.content = text + " to its end";
    end.usage = token_usage{1, 2, 3, false};
    end.now = now();
    // Until it is over, others can not write here; a disk that failed once may work again.
    for (int attempt = 0; attempt < 3; ++attempt) {
        auto const ended = co_await self.store.finish_turn(turn->lease, end);
        if (!ended) continue;
        self.promises.acknowledged(ended->reply);
        break;
    }
}

/// Writes until the power is gone, or for long enough.
task<bool> keep_writing(std::unique_ptr<client> self) {
    for (int i = 0; i < 60 && self->disk.has_power(); ++i) {
        if (self->chance() % 4 == 0) {
            co_await take_a_turn(*self);
        } else {
            co_await say_something(*self);
        }
    }
    co_return true;
}

void end_open_turns(store_on_disk& on) {
    auto const left = on.await(on.store().active_turns(100));
    ASSERT_TRUE(left.has_value());
    for (auto const& turn : *left) ASSERT_TRUE(on.await(on.store().expire_turn(turn, now())).has_value());
}

class power_cut : public testing::TestWithParam<std::uint64_t> {};

TEST_P(power_cut, keeps_every_acknowledged_message_once_and_in_order) {
    std::mt19937_64 chance{GetParam()};
    store_on_disk on{static_cast<int>(5 + chance() % 40)};
    ASSERT_TRUE(on.open());
    auto const user = user_id::make();
    std::vector<interaction> places;
    for (int i = 0; i < 3; ++i) {
        places.push_back(*make_interaction(user, {}, now()));
        ASSERT_TRUE(on.await(on.store().create_interaction(places.back())));
    }
    ledger promises;
    for (int cut = 0; cut < 3; ++cut) {
        // A quarter of the rounds meets a failing sync before, which must not shake what is acknowledged
        // after it.
        if (chance() % 4 == 0) {
            on.disk().fail(simulated_disk::operation::sync, static_cast<int>(1 + chance() % 20),
                           SQLITE_IOERR_FSYNC);
        }
        on.disk().cut_power_at(static_cast<int>(1 + chance() % 400));
        std::vector<task<bool>> clients;
        for (int i = 0; i < 8; ++i) {
            clients.push_back(keep_writing(std::make_unique<client>(
                on.store(), on.disk(), promises, places, process_id::make(), std::mt19937_64{chance()})));
        }
        static_cast<void>(on.loops().run_all(std::move(clients)));
        // Every third time only the process dies.
        bool const killed = chance() % 3 == 0;
        if (killed) on.disk().kill();
        on.close();
        if (killed) {
            on.disk().revive();
        } else {
            on.disk().restart(chance);
        }

        auto const opened = on.open();
        ASSERT_TRUE(opened.has_value()) << opened.error().message << opened.error().detail;
        EXPECT_EQ(on.check(), "ok");
        for (auto const& in : places) {
            auto const found = on.messages(in);
            promises.check(in, found);
            auto const read = on.await(on.store().get_interaction(user, in.interaction_id));
            ASSERT_TRUE(read.has_value());
            EXPECT_EQ(read->message_count, static_cast<std::int64_t>(found.size()));
        }
        if (HasFailure()) FAIL() << "seed " << GetParam() << ", cut " << cut;
        end_open_turns(on);
        for (auto const& in : places) {
            for (auto const& one : on.messages(in)) promises.acknowledged(one);
        }
    }
    EXPECT_GT(promises.size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(seeds, power_cut, testing::Range<std::uint64_t>(1, full_tests() ? 301 : 21));

}  // namespace
}  // namespace parley::test
