#include "adapters/llama/kv_slots.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace parley {
namespace {

using tokens = std::vector<token_id>;

class kv_slots_test : public ::testing::Test {
protected:
    static kv_owner someone() { return {user_id::make(), interaction_id::make()}; }

    /// A whole turn: the slot holds the prompt and the reply afterwards.
    kv_slots::claim turn(kv_owner const& owner, tokens const& prompt, tokens const& reply = {}) {
        auto const taken = slots.take(owner, prompt);
        EXPECT_TRUE(taken);
        slots.append(taken->slot, std::span(prompt).subspan(taken->kept));
        slots.append(taken->slot, reply);
        slots.release(taken->slot);
        return *taken;
    }

    kv_slots slots{2};
    kv_owner const ada = someone();
};

TEST_F(kv_slots_test, the_next_turn_keeps_the_common_beginning) {
    auto const first = turn(ada, {1, 2, 3}, {4, 5});
    EXPECT_EQ(first.kept, 0U);
    auto const second = turn(ada, {1, 2, 3, 4, 9, 9});
    EXPECT_EQ(second.slot, first.slot);
    EXPECT_EQ(second.kept, 4U);
    EXPECT_EQ(slots.held(second.slot), 6U);
}

TEST_F(kv_slots_test, the_last_token_is_never_kept) {
    turn(ada, {1, 2, 3});
    EXPECT_EQ(turn(ada, {1, 2, 3}).kept, 2U);
}

TEST_F(kv_slots_test, nobody_gets_what_is_not_theirs) {
    turn(ada, {1, 2, 3});
    EXPECT_EQ(turn({user_id::make(), ada.interaction}, {1, 2, 3, 4}).kept, 0U);
    turn(ada, {1, 2, 3});
    EXPECT_EQ(turn({ada.user, interaction_id::make()}, {1, 2, 3, 4}).kept, 0U);
}

TEST_F(kv_slots_test, a_nil_interaction_keeps_nothing) {
    kv_owner const nobody{user_id::make(), {}};
    auto const first = turn(nobody, {1, 2, 3});
    EXPECT_EQ(slots.held(first.slot), 0U);
    EXPECT_EQ(turn(nobody, {1, 2, 3}).kept, 0U);
}

TEST_F(kv_slots_test, takes_an_empty_slot_before_it_evicts_and_then_the_oldest) {
    auto const bob = someone();
    auto const a = turn(ada, {1, 2});
    auto const b = turn(bob, {3, 4});
    EXPECT_NE(a.slot, b.slot);
    turn(ada, {1, 2, 3});
    EXPECT_EQ(turn(someone(), {5}).slot, b.slot);
    EXPECT_EQ(turn(bob, {3, 4}).slot, a.slot);
    EXPECT_EQ(turn(ada, {1, 2, 3}).kept, 0U);
}

TEST_F(kv_slots_test, gives_no_busy_slot) {
    auto const first = slots.take(ada, tokens{1, 2});
    slots.append(first->slot, tokens{1, 2});
    auto const second = slots.take(ada, tokens{1, 2, 3});
    EXPECT_NE(first->slot, second->slot);
    EXPECT_EQ(second->kept, 0U);
    EXPECT_FALSE(slots.take(ada, tokens{1}));
    slots.release(first->slot);
    EXPECT_EQ(slots.take(ada, tokens{1, 2, 3})->kept, 2U);
}

TEST_F(kv_slots_test, a_prompt_of_another_kind_spares_the_conversation) {
    auto const chat = turn(ada, {1, 2, 3, 4, 5, 6});
    auto const title = turn(ada, {1, 8, 9});
    EXPECT_NE(chat.slot, title.slot);
    EXPECT_EQ(turn(ada, {1, 2, 3, 4, 5, 6, 7}).kept, 6U);
}

TEST_F(kv_slots_test, forgets_when_told_to) {
    auto const taken = turn(ada, {1, 2, 3});
    slots.cut(taken.slot, 1);
    EXPECT_EQ(turn(ada, {1, 2, 3}).kept, 1U);
    slots.forget(taken.slot);
    EXPECT_EQ(turn(ada, {1, 2, 3}).kept, 0U);
}

}  // namespace
}  // namespace parley
