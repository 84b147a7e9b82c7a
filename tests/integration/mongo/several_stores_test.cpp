// Several stores on one database, as several servers have them: nothing in one process keeps them apart.
#include "mongo_fixture.hpp"

#include <algorithm>

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
