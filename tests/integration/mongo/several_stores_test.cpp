// Several stores on one database, as several servers have them: nothing in one process keeps them apart.
#include "mongo_fixture.hpp"

#include <algorithm>
#include <set>

namespace parley::test {
namespace {

class several_stores : public mongo_fixture {
protected:
    several_stores() {
        for (int i = 0; i < 4; ++i) stores_.push_back(open(direct()));
    }
    std::vector<std::unique_ptr<mongo_store>> stores_;
};

TEST_F(several_stores, eight_writers_to_one_interaction) {
    auto const in = create(*stores_[0]);
    std::vector<task<result<message>>> writing;
    for (std::size_t i = 0; i < 80; ++i) {
        writing.push_back(stores_[i % stores_.size()]->append_message(
            in.user_id, in.interaction_id, message_id::make(), {message_role::user, std::to_string(i), {}},
            at(static_cast<std::int64_t>(i))));
    }
    for (auto const& one : loops_.run_all(std::move(writing))) {
        EXPECT_TRUE(one.has_value()) << one.error().code << one.error().detail;
    }
    EXPECT_EQ(all_messages(*stores_[1], in).size(), 80U);
    expect_sound(*stores_[2], in);
}

TEST_F(several_stores, sweepers_at_once_delete_each_expired_one_once) {
    auto const kept = create(*stores_[0]);
    for (int i = 0; i < 30; ++i) {
        auto value = *make_interaction(user_id::make(), {}, at(i));
        value.expires_at = at(i);
        ASSERT_TRUE(await(stores_[0]->create_interaction(value)).has_value());
    }
    std::vector<std::future<result<std::size_t>>> sweeping;
    for (std::size_t i = 0; i < stores_.size(); ++i)
        sweeping.push_back(loops_.start(stores_[i]->delete_expired(at(100), 30), i));
    std::size_t deleted = 0;
    for (auto& one : sweeping) {
        auto const outcome = one.get();
        ASSERT_TRUE(outcome.has_value()) << outcome.error().detail;
        deleted += *outcome;
    }
    EXPECT_EQ(deleted, 30U);
    EXPECT_TRUE(await(stores_[1]->get_interaction(kept.user_id, kept.interaction_id)).has_value());
}

TEST_F(several_stores, racing_turns_and_messages) {
    for (int round = 0; round < 10; ++round) {
        auto const in = create(*stores_[0]);
        std::vector<std::future<result<turn_start>>> turns;
        std::vector<std::future<result<message>>> writes;
        for (std::size_t i = 0; i < 8; ++i) {
            auto& store = *stores_[i % stores_.size()];
            turns.push_back(loops_.start(store.begin_turn(draft_in(in)), i));
            writes.push_back(
                loops_.start(store.append_message(in.user_id, in.interaction_id, message_id::make(),
                                                  {message_role::user, "beside", {}}, at(1)),
                             i + 1));
        }
        std::optional<turn_start> won;
        for (auto& one : turns) {
            auto const outcome = one.get();
            if (!outcome) {
                EXPECT_EQ(outcome.error().code, "turn_in_progress") << outcome.error().detail;
                continue;
            }
            EXPECT_FALSE(won.has_value());
            won = *outcome;
        }
        ASSERT_TRUE(won.has_value());
        std::vector<message> stored;
        for (auto& one : writes) {
            auto const outcome = one.get();
            if (outcome) stored.push_back(*outcome);
            if (!outcome) {
                EXPECT_EQ(outcome.error().code, "turn_in_progress") << outcome.error().detail;
            }
        }
        expect_sound(*stores_[3], in);
        auto const all = all_messages(*stores_[3], in);
        EXPECT_EQ(all.size(), stored.size() + 2);
        for (auto const& one : stored) EXPECT_NE(std::ranges::find(all, one), all.end());
        ASSERT_TRUE(await(stores_[1]->finish_turn(won->lease, complete("done"))));
        expect_sound(*stores_[2], in);
    }
}

/// Senders at several servers at once, while every server takes the turns that wait: each send has one
/// answer, in the order in which it came to stand.
TEST_F(several_stores, racing_senders_that_wait) {
    constexpr std::size_t senders = 12;
    for (int round = 0; round < 5; ++round) {
        auto const in = create(*stores_[0]);
        std::vector<std::future<result<turn_start>>> sending;
        for (std::size_t i = 0; i < senders; ++i) {
            sending.push_back(loops_.start(stores_[i % stores_.size()]->begin_turn(patient_draft_in(in)), i));
        }
        std::optional<turn_start> running;
        std::size_t waiting = 0;
        for (auto& one : sending) {
            auto const outcome = one.get();
            ASSERT_TRUE(outcome.has_value()) << outcome.error().code << outcome.error().detail;
            if (outcome->lease.epoch == 0) {
                EXPECT_EQ(outcome->reply.status, message_status::queued);
                ++waiting;
                continue;
            }
            EXPECT_FALSE(running.has_value());
            running = *outcome;
        }
        ASSERT_TRUE(running.has_value());
        EXPECT_EQ(waiting, senders - 1);
        std::int64_t last = 0;
        while (running) {
            if (running->reply.seq != 2) {
                EXPECT_GT(running->reply.seq, last);
            }
            last = running->reply.seq;
            ASSERT_TRUE(await(stores_[1]->finish_turn(running->lease, complete("done"))));
            std::vector<std::future<result<std::optional<turn_start>>>> taking;
            for (std::size_t i = 0; i < stores_.size(); ++i) {
                taking.push_back(loops_.start(
                    stores_[i]->next_turn(in.user_id, in.interaction_id, process_id::make(), at(3)), i));
            }
            running.reset();
            for (auto& one : taking) {
                auto const outcome = one.get();
                ASSERT_TRUE(outcome.has_value()) << outcome.error().detail;
                if (!*outcome) continue;
                EXPECT_FALSE(running.has_value()) << "one server takes it";
                running = **outcome;
            }
        }
        auto const all = all_messages(*stores_[2], in);
        EXPECT_EQ(all.size(), senders * 2);
        for (auto const& one : all) EXPECT_EQ(one.status, message_status::complete);
        EXPECT_TRUE(await(stores_[3]->waiting_interactions(10))->empty());
        expect_sound(*stores_[3], in);
    }
}

TEST_F(several_stores, withdrawing_beside_taking) {
    for (int round = 0; round < 10; ++round) {
        auto const in = create(*stores_[0]);
        auto const first = await(stores_[0]->begin_turn(draft_in(in)));
        ASSERT_TRUE(first.has_value());
        for (int i = 0; i < 3; ++i) ASSERT_TRUE(await(stores_[0]->begin_turn(patient_draft_in(in))));
        auto ending = loops_.start(stores_[0]->finish_turn(first->lease, complete("done")), 0);
        auto withdrawing =
            loops_.start(stores_[1]->withdraw_turns(in.user_id, in.interaction_id, std::nullopt, at(4)), 1);
        auto taking = loops_.start(stores_[2]->next_turn(in.user_id, in.interaction_id, owner_, at(4)), 2);
        ASSERT_TRUE(ending.get());
        auto const withdrawn = withdrawing.get();
        auto const taken = taking.get();
        ASSERT_TRUE(withdrawn && taken);
        EXPECT_EQ(withdrawn->size(), *taken ? 2U : 3U);
        if (*taken) {
            EXPECT_EQ((*taken)->reply.status, message_status::in_progress);
            ASSERT_TRUE(await(stores_[2]->finish_turn((*taken)->lease, complete("done"))));
        }
        for (auto const& one : all_messages(*stores_[3], in)) EXPECT_TRUE(is_final(one.status));
        auto const next = await(stores_[3]->begin_turn(draft_in(in)));
        ASSERT_TRUE(next.has_value()) << next.error().code;
        EXPECT_TRUE(await(stores_[3]->waiting_interactions(10))->empty());
        expect_sound(*stores_[3], in);
    }
}

TEST_F(several_stores, racing_forks_are_siblings_in_one_order) {
    auto const in = create(*stores_[0]);
    auto const first = await(stores_[0]->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                        {message_role::user, "first", {}}, at(1)));
    ASSERT_TRUE(first.has_value());
    ASSERT_TRUE(await(stores_[0]->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                 {message_role::user, "second", {}}, at(1))));
    std::vector<std::future<result<message>>> forking;
    std::vector<std::future<result<interaction>>> moving;
    for (std::size_t i = 0; i < 16; ++i) {
        auto& store = *stores_[i % stores_.size()];
        forking.push_back(loops_.start(store.add_message({.user_id = in.user_id,
                                                          .interaction_id = in.interaction_id,
                                                          .message_id = message_id::make(),
                                                          .message = {message_role::user, "beside", {}},
                                                          .place = std::optional{first->message_id},
                                                          .now = at(2)}),
                                       i));
        interaction_patch back;
        back.active_branch = in.active_branch;
        moving.push_back(loops_.start(
            store.update_interaction(in.user_id, in.interaction_id, back, std::nullopt, at(2)), i + 1));
    }
    std::vector<message> forked;
    for (auto& one : forking) {
        auto const outcome = one.get();
        ASSERT_TRUE(outcome.has_value()) << outcome.error().code << outcome.error().detail;
        forked.push_back(*outcome);
    }
    std::set<std::int64_t> places;
    for (auto const& one : forked) {
        auto const now = await(stores_[1]->get_message(in.user_id, in.interaction_id, one.message_id));
        ASSERT_TRUE(now.has_value());
        EXPECT_EQ(now->sibling.count, 17);
        EXPECT_EQ(now->sibling.index, one.sibling.index);
        places.insert(now->sibling.index);
    }
    EXPECT_EQ(places.size(), 16U);
    for (auto& one : moving) EXPECT_TRUE(one.get().has_value());
    // Wherever it ended, it goes on behind the last message of the branch that is shown.
    auto const shown = await(stores_[2]->page_of_branch(in.user_id, in.interaction_id, {}));
    ASSERT_TRUE(shown && !shown->data.empty());
    auto const next = await(stores_[3]->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                       {message_role::user, "on", {}}, at(3)));
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->parent_id, shown->data.front().message_id);
    EXPECT_EQ(next->branch_id, shown->data.front().branch_id);
}

/// Each has looked at the same state, and decided by it.
TEST_F(several_stores, of_many_that_have_seen_the_same_one_is_stored) {
    for (int round = 0; round < 20; ++round) {
        auto const in = create(*stores_[0]);
        auto const seen = await(stores_[0]->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                           {message_role::user, "Hello?", {}}, at(0)));
        ASSERT_TRUE(seen.has_value());
        std::vector<std::future<result<turn_start>>> turns;
        std::vector<std::future<result<message>>> writes;
        for (std::size_t i = 0; i < 8; ++i) {
            auto& store = *stores_[i % stores_.size()];
            auto draft = draft_in(in);
            draft.place = message_place{std::in_place, seen->message_id};
            if (i % 2 == 1) draft.place.reset();
            draft.seen = seen->seq;
            message_addition addition{.user_id = in.user_id,
                                      .interaction_id = in.interaction_id,
                                      .message_id = message_id::make(),
                                      .message = {message_role::user, "beside", {}},
                                      .place = draft.place,
                                      .seen = draft.seen,
                                      .now = at(1)};
            turns.push_back(loops_.start(store.begin_turn(std::move(draft)), i));
            writes.push_back(loops_.start(store.add_message(std::move(addition)), i + 1));
        }
        std::size_t stored = 0;
        for (auto& one : turns) {
            auto const outcome = one.get();
            if (outcome) ++stored;
            EXPECT_TRUE(outcome || outcome.error().code == "newer_messages") << code_of(outcome);
        }
        for (auto& one : writes) {
            auto const outcome = one.get();
            if (outcome) ++stored;
            EXPECT_TRUE(outcome || outcome.error().code == "newer_messages") << code_of(outcome);
        }
        EXPECT_EQ(stored, 1U);
        expect_sound(*stores_[3], in);
    }
}

TEST_F(several_stores, deleting_beside_writing_leaves_nothing) {
    for (int round = 0; round < 10; ++round) {
        auto const in = create(*stores_[0]);
        std::vector<std::future<result<message>>> writes;
        for (std::size_t i = 0; i < 8; ++i) {
            writes.push_back(loops_.start(
                stores_[i % stores_.size()]->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                            {message_role::user, "x", {}}, at(1)),
                i));
        }
        EXPECT_TRUE(await(stores_[3]->delete_interaction(in.user_id, in.interaction_id, std::nullopt)));
        for (auto& one : writes) {
            auto const outcome = one.get();
            if (!outcome) {
                EXPECT_EQ(outcome.error().code, "interaction_not_found");
            }
        }
        auto fresh = in;
        fresh.active_branch = branch_id::make();
        ASSERT_TRUE(await(stores_[1]->create_interaction(fresh)));
        EXPECT_TRUE(all_messages(*stores_[2], fresh).empty());
        ASSERT_TRUE(await(stores_[2]->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                     {message_role::user, "new", {}}, at(1))));
        expect_sound(*stores_[0], fresh);
    }
}

}  // namespace
}  // namespace parley::test
