// Answers to the calls of a reply, at the moments where another message comes between the look and the write.
#include "modules/turn/tool_answers.hpp"

#include "turn_fixture.hpp"

#include <functional>

namespace parley {
namespace {

/// Lets something happen when a place was found: before the turn is planned, or before it is written.
class interrupted_store final : public memory_store {
public:
    [[nodiscard]] task<result<interaction>> get_interaction(user_id user, interaction_id id) override {
        if (auto const happens = std::exchange(before_plan, {})) co_await happens();
        co_return co_await memory_store::get_interaction(user, id);
    }
    [[nodiscard]] task<result<message>> add_message(message_addition addition) override {
        if (auto const happens = std::exchange(before_write, {})) co_await happens();
        co_return co_await memory_store::add_message(std::move(addition));
    }
    [[nodiscard]] task<result<turn_start>> begin_turn(turn_draft draft) override {
        if (auto const happens = std::exchange(before_write, {})) co_await happens();
        co_return co_await memory_store::begin_turn(std::move(draft));
    }

    std::function<task<void>()> before_plan;
    std::function<task<void>()> before_write;
};

class answers_to_calls : public turn_fixture {
protected:
    answers_to_calls() {
        serve(*models_);
        user_ = finish(late_.local_user(time_.now()))->user_id;
    }
    void serve(model_catalog const& models) {
        service_.emplace(turn_sources{late_, late_, late_, models, transforms_}, feed_, news_, time_, seen_,
                         owner_);
    }

    /// A talk whose last message is a reply with these calls.
    message asked(std::vector<std::string> const& calls, busy_policy busy = busy_policy::reject) {
        talk_ = *make_interaction(user_, {.settings = {.on_busy = busy}}, time_.now());
        EXPECT_TRUE(finish(late_.create_interaction(talk_)));
        turn_draft draft{.user_id = user_,
                         .interaction_id = talk_.interaction_id,
                         .owner = owner_,
                         .user_message_id = message_id::make(),
                         .user_message = message_draft{.content = "Hello?"},
                         .reply_id = message_id::make(),
                         .model_name = "scripted",
                         .now = time_.now()};
        auto const begun = finish(late_.begin_turn(draft));
        turn_outcome end;
        end.finish_reason = finish_reason::tool_calls;
        end.now = time_.now();
        for (auto const& id : calls) end.tool_calls.push_back({id, "weather", "{}"});
        auto const ended = finish(late_.finish_turn(begun->lease, end));
        EXPECT_TRUE(ended.has_value());
        return ended->reply;
    }

    turn_request answer_to(std::string call, std::optional<message_id> behind = std::nullopt) {
        auto asked = request(talk_, "rain");
        asked.message->role = message_role::tool;
        asked.message->tool_call_id = std::move(call);
        if (behind) asked.place = message_place{std::in_place, *behind};
        return asked;
    }

    task<result<answered_call>> answering(turn_request asked, bool respond = true) {
        return answer_call(late_, *service_, std::move(asked), respond, executor());
    }
    result<answered_call> answer(turn_request asked, bool respond = true) {
        return finish(answering(std::move(asked), respond));
    }

    /// Before the next write.
    void meanwhile(turn_request asked, bool respond = true) {
        late_.before_write = [this, asked, respond]() -> task<void> {
            auto const stored = co_await answering(asked, respond);
            EXPECT_TRUE(stored.has_value()) << stored.error().code;
        };
    }

    std::vector<message> shown() {
        message_query query;
        query.page.order = page_order::ascending;
        query.page.limit = 100;
        return finish(late_.page_of_branch(user_, talk_.interaction_id, query))->data;
    }

    interrupted_store late_;
    interaction talk_;
};

TEST_F(answers_to_calls, the_one_that_is_overtaken_becomes_the_last) {
    for (bool const names_the_reply : {false, true}) {
        auto const reply = asked({"a", "b"});
        auto const place = names_the_reply ? std::optional{reply.message_id} : std::nullopt;
        meanwhile(answer_to("b", place));
        auto const told = answer(answer_to("a", place));
        ASSERT_TRUE(told.has_value()) << told.error().code;
        EXPECT_TRUE(told->reply.has_value());
        auto const all = shown();
        ASSERT_EQ(all.size(), 5U);
        EXPECT_EQ(all[2].tool_call_id, "b");
        EXPECT_EQ(all[3].message_id, told->stored.message_id);
        EXPECT_EQ(plain_text(all[4].content).empty(), false);
    }
}

TEST_F(answers_to_calls, a_second_answer_is_refused_and_leaves_the_reply_alone) {
    for (auto const busy : {busy_policy::reject, busy_policy::queue, busy_policy::interrupt}) {
        asked({"a"}, busy);
        meanwhile(answer_to("a"));
        auto const told = answer(answer_to("a"));
        ASSERT_FALSE(told.has_value());
        EXPECT_EQ(told.error().code, "unknown_tool_call");
        auto const all = shown();
        ASSERT_EQ(all.size(), 4U);
        EXPECT_EQ(all[3].status, message_status::complete);
    }
}

/// The model has room for one reply, so that this is all that keeps the answer from its turn.
TEST_F(answers_to_calls, nothing_is_interrupted_for_an_answer_that_comes_too_late) {
    model_config one_at_a_time;
    one_at_a_time.name = one_at_a_time.kind = "scripted";
    one_at_a_time.parallel = 1;
    one_at_a_time.max_waiting = 0;
    std::vector<std::unique_ptr<language_model>> models;
    models.push_back(make_scripted_model(one_at_a_time, seen_));
    model_catalog const narrow{std::move(models), "scripted"};
    serve(narrow);
    asked({"a"}, busy_policy::interrupt);
    std::optional<message> running;
    late_.before_plan = [&]() -> task<void> {
        auto said = request(talk_, R"(script:{"tokens":["x"],"wait_for_stop":true})");
        auto begun = co_await service_->begin(std::move(said), executor());
        if (begun) running = begun->reply;
    };
    auto const test = [&]() -> task<int> {
        auto late = answer_to("a");
        auto const told = co_await answering(std::move(late));
        EXPECT_EQ(told ? "ok" : told.error().code, "unknown_tool_call");
        if (!running) co_return 0;
        auto const now = co_await late_.get_message(user_, talk_.interaction_id, running->message_id);
        EXPECT_EQ(now->status, message_status::in_progress);
        auto const over =
            co_await service_->stop(user_, talk_.interaction_id, running->message_id, executor());
        EXPECT_TRUE(over.has_value());
        co_return 1;
    };
    EXPECT_EQ(finish(test()), 1);
    service_.reset();
}

TEST_F(answers_to_calls, a_second_answer_that_names_the_reply_is_refused_when_it_has_not_seen_the_first) {
    auto const reply = asked({"a"});
    meanwhile(answer_to("a", reply.message_id));
    auto const told = answer(answer_to("a", reply.message_id));
    ASSERT_FALSE(told.has_value());
    EXPECT_EQ(told.error().code, "tool_call_answered");
    EXPECT_EQ(shown().size(), 4U);
    // One that has seen it is another version.
    auto const edited = answer(answer_to("a", reply.message_id));
    ASSERT_TRUE(edited.has_value()) << edited.error().code;
    EXPECT_EQ(edited->stored.sibling, (sibling_position{1, 2}));
}

TEST_F(answers_to_calls, two_that_begin_a_new_chain_at_once_begin_one) {
    auto const reply = asked({"a", "b"});
    for (auto const* const call : {"a", "b"}) ASSERT_TRUE(answer(answer_to(call)));
    meanwhile(answer_to("a", reply.message_id));
    auto const told = answer(answer_to("b", reply.message_id));
    ASSERT_TRUE(told.has_value()) << told.error().code;
    EXPECT_TRUE(told->reply.has_value());
    auto const all = shown();
    ASSERT_EQ(all.size(), 5U);
    EXPECT_EQ(all[2].parent_id, reply.message_id);
    EXPECT_EQ(all[2].sibling, (sibling_position{1, 2}));
}

TEST_F(answers_to_calls, a_result_below_the_reply_leads_to_the_end_of_its_own_chain) {
    auto const reply = asked({"a", "b", "c"});
    auto const old = answer(answer_to("a", reply.message_id));
    ASSERT_TRUE(answer(answer_to("a", reply.message_id)));
    auto const second = answer(answer_to("b", old->stored.message_id));
    ASSERT_TRUE(second.has_value()) << second.error().code;
    EXPECT_EQ(second->stored.parent_id, old->stored.message_id);
    auto const last = answer(answer_to("c", old->stored.message_id));
    ASSERT_TRUE(last.has_value()) << last.error().code;
    EXPECT_EQ(last->stored.parent_id, second->stored.message_id);
    EXPECT_TRUE(last->reply.has_value());
}

TEST_F(answers_to_calls, a_chain_longer_than_a_page_is_followed_to_its_end) {
    std::vector<std::string> calls;
    for (int number = 0; number < 120; ++number) calls.push_back("call-" + std::to_string(number));
    auto const reply = asked(calls);
    for (auto const& call : calls) {
        auto const told = answer(answer_to(call, reply.message_id));
        ASSERT_TRUE(told.has_value()) << told.error().code;
        EXPECT_EQ(told->reply.has_value(), call == calls.back());
    }
}

}  // namespace
}  // namespace parley
