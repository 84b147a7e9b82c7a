// Connections that break, and processes that die, while branches are made and left.
#include "adapters/mongo/driver.hpp"
#include "lost_answers.hpp"

#include <algorithm>

namespace parley::test {
namespace {

using mongo::doc;

class lost_branches : public lost_answers {
protected:
    struct answered {
        interaction in;
        message asked;
        message reply;
    };
    /// A question, its answer, and a word behind it.
    answered make_answered() {
        auto const in = create(*straight_);
        auto const turn = await(straight_->begin_turn(draft_in(in)));
        EXPECT_TRUE(turn.has_value());
        auto const reply = reply_of(await(straight_->finish_turn(turn->lease, complete("first"))));
        EXPECT_TRUE(reply.has_value());
        EXPECT_TRUE(await(straight_->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                    {message_role::user, "thanks", {}}, at(2))));
        return {in, turn->user_message, *reply};
    }
    turn_draft regeneration(answered const& of) {
        auto out = another_reply(of.asked);
        out.user_id = of.in.user_id;
        return out;
    }
    message_addition beside(answered const& of) {
        return {.user_id = of.in.user_id,
                .interaction_id = of.in.interaction_id,
                .message_id = message_id::make(),
                .message = {message_role::user, "rather", {}},
                .place = std::optional<message_id>{of.reply.message_id},
                .now = at(3)};
    }
    message read(answered const& of, message_id const& id) {
        auto const found = await(straight_->get_message(of.in.user_id, of.in.interaction_id, id));
        EXPECT_TRUE(found.has_value());
        return found.value_or(message{});
    }
    std::vector<std::int64_t> path(answered const& of, std::optional<branch_id> branch = {}) {
        message_query query{{.limit = 100, .order = page_order::ascending}, branch};
        auto const found = await(straight_->page_of_branch(of.in.user_id, of.in.interaction_id, query));
        EXPECT_TRUE(found.has_value());
        std::vector<std::int64_t> out;
        for (auto const& one : found->data) out.push_back(one.seq);
        return out;
    }
    std::vector<message> everything(answered const& of) {
        message_query query{{.limit = 100, .order = page_order::ascending}, std::nullopt, true};
        return await(straight_->page_of_branch(of.in.user_id, of.in.interaction_id, query))->data;
    }
    /// Numbers without gaps, all counted, each where its parent and its branch say, every branch with an end.
    void expect_sound_tree(answered const& of) {
        auto const all = everything(of);
        std::map<message_id, message> known;
        for (auto const& one : all) {
            EXPECT_EQ(one.seq, std::ssize(known) + 1);
            if (one.parent_id) {
                ASSERT_TRUE(known.contains(*one.parent_id));
                EXPECT_EQ(known.at(*one.parent_id).seq, one.parent_seq);
            }
            std::int64_t siblings = 0;
            for (auto const& other : all) siblings += other.parent_id == one.parent_id ? 1 : 0;
            EXPECT_EQ(one.sibling.count, siblings) << one.seq;
            known[one.message_id] = one;
            auto const way = path(of, one.branch_id);
            EXPECT_NE(std::ranges::find(way, one.seq), way.end()) << one.seq;
        }
        auto const in = await(straight_->get_interaction(of.in.user_id, of.in.interaction_id));
        EXPECT_EQ(in->message_count, std::ssize(all));
        auto const next =
            await(straight_->append_message(of.in.user_id, of.in.interaction_id, message_id::make(),
                                            {message_role::user, "and on", {}}, at(12)));
        ASSERT_TRUE(next.has_value()) << next.error().code;
        EXPECT_EQ(next->branch_id, in->active_branch);
        EXPECT_EQ(next->parent_id, known.empty() ? std::nullopt : end_of(all, in->active_branch));
        auto const shown = path(of);
        ASSERT_FALSE(shown.empty());
        EXPECT_EQ(shown.back(), next->seq);
    }
    static std::optional<message_id> end_of(std::vector<message> const& all, branch_id const& branch) {
        std::optional<message_id> out;
        for (auto const& one : all) {
            if (one.branch_id == branch) out = one.message_id;
        }
        return out;
    }
};

TEST_F(lost_branches, a_reply_is_made_again) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const of = make_answered();
            arm();
            auto const turn = await(broken_->begin_turn(regeneration(of)));
            ASSERT_TRUE(turn.has_value()) << turn.error().code << turn.error().detail;
            EXPECT_EQ(turn->reply.sibling, (sibling_position{1, 2}));
            EXPECT_EQ(turn->reply.parent_seq, 1);
            EXPECT_EQ(turn->reply.seq, 4);
            auto const ended = reply_of(await(broken_->finish_turn(turn->lease, complete("second"))));
            ASSERT_TRUE(ended.has_value()) << ended.error().code;
            EXPECT_EQ(ended->sibling, (sibling_position{1, 2}));
            EXPECT_EQ(read(of, of.reply.message_id).sibling, (sibling_position{0, 2}));
            EXPECT_EQ(path(of), (std::vector<std::int64_t>{1, 4}));
            EXPECT_EQ(path(of, of.asked.branch_id), (std::vector<std::int64_t>{1, 2, 3}));
            expect_sound_tree(of);
        });
        EXPECT_EQ(commands, 7);
    }
}

TEST_F(lost_branches, a_message_forks_and_another_branch_is_shown) {
    for (auto const what : both) {
        int const commands = at_every_command(what, [&](auto const& arm) {
            auto const of = make_answered();
            arm();
            auto const forked = await(broken_->add_message(beside(of)));
            ASSERT_TRUE(forked.has_value()) << forked.error().code << forked.error().detail;
            EXPECT_EQ(forked->sibling, (sibling_position{1, 2}));
            EXPECT_EQ(path(of), (std::vector<std::int64_t>{1, 2, 4}));
            interaction_patch patch;
            patch.active_branch = of.asked.branch_id;
            auto const back = await(
                broken_->update_interaction(of.in.user_id, of.in.interaction_id, patch, std::nullopt, at(4)));
            ASSERT_TRUE(back.has_value()) << back.error().code;
            EXPECT_EQ(back->version, 2);
            EXPECT_EQ(path(of), (std::vector<std::int64_t>{1, 2, 3}));
            expect_sound_tree(of);
        });
        EXPECT_EQ(commands, 6);
    }
}

TEST_F(lost_branches, a_process_that_dies_within_a_forking_turn) {
    dying_at_every_command(
        [&] {
            auto const of = make_answered();
            return std::pair{of, regeneration(of)};
        },
        [&](mongo_store& dying, auto const& given) {
            auto const turn = await(dying.begin_turn(given.second));
            if (turn) static_cast<void>(await(dying.finish_turn(turn->lease, complete("second"))));
        },
        [&](auto const& given) {
            auto const& [of, draft] = given;
            take_over(of.in);
            auto again = draft;
            again.owner = process_id::make();
            auto const turn = await(straight_->begin_turn(again));
            ASSERT_TRUE(turn.has_value()) << turn.error().code << turn.error().detail;
            if (!is_final(turn->reply.status)) {
                ASSERT_TRUE(await(straight_->finish_turn(turn->lease, complete("third"))));
            }
            EXPECT_EQ(everything(of).size(), 4U) << "one reply, whatever happened";
            expect_sound_tree(of);
        });
}

TEST_F(lost_branches, a_process_that_dies_while_it_forks) {
    dying_at_every_command(
        [&] {
            auto const of = make_answered();
            return std::pair{of, beside(of)};
        },
        [&](mongo_store& dying, auto const& given) {
            static_cast<void>(await(dying.add_message(given.second)));
        },
        [&](auto const& given) {
            auto const& [of, addition] = given;
            // Somebody else forks before the retry comes.
            ASSERT_TRUE(await(straight_->add_message(beside(of))));
            auto const again = await(straight_->add_message(addition));
            ASSERT_TRUE(again.has_value()) << again.error().code << again.error().detail;
            EXPECT_EQ(again->sibling.count, 3);
            EXPECT_EQ(everything(of).size(), 5U);
            expect_sound_tree(of);
        });
}

TEST_F(lost_branches, a_title_is_suggested_once) {
    for (auto const what : both) {
        at_every_command(what, [&](auto const& arm) {
            auto const in = create(*straight_);
            arm();
            auto const named = await(broken_->suggest_title(in.user_id, in.interaction_id, "A name", at(3)));
            ASSERT_TRUE(named && *named) << (named ? "none" : named.error().detail);
            EXPECT_EQ((*named)->title, "A name");
            EXPECT_EQ((*named)->version, 2);
        });
    }
}

TEST_F(lost_branches, a_request_is_remembered_once) {
    for (auto const what : both) {
        at_every_command(what, [&](auto const& arm) {
            remembered_request const wanted{.user_id = user_id::make(),
                                            .key = "key",
                                            .fingerprint = sha256("asked"),
                                            .interaction_id = interaction_id::make(),
                                            .first = message_id::make(),
                                            .second = message_id::make(),
                                            .branch = branch_id::make(),
                                            .at = at(1)};
            auto other = wanted;
            other.first = message_id::make();
            arm();
            EXPECT_EQ(await(broken_->remember(wanted)), wanted);
            EXPECT_EQ(code_of(await(broken_->forget(other))), "ok");
            EXPECT_EQ(code_of(await(broken_->forget(wanted))), "ok");
            EXPECT_EQ(await(straight_->remember(other)), other);
            EXPECT_EQ(await(broken_->remember(wanted)), other);
            EXPECT_EQ(code_of(await(broken_->forget(other))), "ok");
            EXPECT_EQ(await(straight_->remember(wanted)), other) << "a copy may be carrying it out";
        });
    }
}

/// A command that the server carries out long after its connection broke.
TEST_F(lost_branches, a_claim_that_comes_late_for_an_ended_turn_is_taken_away) {
    auto const of = make_answered();
    auto const before = await(straight_->get_interaction(of.in.user_id, of.in.interaction_id));
    auto raw = mongo::driver::open(settings(direct()), {}, {});
    ASSERT_TRUE(raw.has_value());
    {
        auto db = (*raw)->borrow();
        auto const claim = doc("reply", of.reply.message_id)
                               .put("asked", of.asked.message_id)
                               .put("owner", owner_)
                               .put("adds", 2)
                               .put("counted", 2);
        ASSERT_TRUE(
            *db.update_one("interactions", doc("_id", of.in.interaction_id).put("work", 0),
                           doc("$set", doc("work", 1).put("turn", claim)).put("$inc", doc("epoch", 1))));
    }
    auto const left = await(straight_->active_turns(10));
    ASSERT_EQ(left->size(), 1U);
    auto const expired = await(straight_->expire_turn(left->front(), at(9)));
    ASSERT_TRUE(expired.has_value());
    EXPECT_EQ(*expired, std::nullopt);
    EXPECT_TRUE(await(straight_->active_turns(10))->empty());
    EXPECT_EQ(await(straight_->get_interaction(of.in.user_id, of.in.interaction_id))->message_count,
              before->message_count);
    EXPECT_EQ(read(of, of.reply.message_id), of.reply);
    expect_sound_tree(of);
}

}  // namespace
}  // namespace parley::test
