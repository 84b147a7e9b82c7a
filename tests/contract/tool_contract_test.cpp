// Tool calls, their results, reasoning and attempts are kept, and a turn can begin with a tool's message.
#include "store_contract.hpp"

namespace parley::test {
namespace {

class tool_contract : public store_contract {
protected:
    static message_draft tool_message(std::string text = "12 degrees", std::string call = "call_1") {
        return {message_role::tool, std::move(text), {}, std::move(call)};
    }
    static turn_outcome calling() {
        auto out = outcome("Let me look.");
        out.finish_reason = finish_reason::tool_calls;
        out.usage = token_usage{10, 2, 3, false, 1'234'567'890'123};
        out.tool_calls = {{"call_1", "weather", R"({"city":"M\u00fcnchen \"x\""})"},
                          {"call_2", "now", "{not JSON"}};
        out.reasoning = "They want \xc3\xa4 forecast.\n";
        out.attempts = {{"first", "upstream_unreachable", "Nobody \"answers\".", 31},
                        {"second", "ok", "", 7}};
        return out;
    }
    turn_draft draft_tool_turn(interaction const& in) {
        auto draft = draft_turn(in);
        draft.user_message = tool_message();
        return draft;
    }
};
PARLEY_FOR_EVERY_STORE(tool_contract);

TEST_P(tool_contract, a_reply_keeps_all_that_its_end_says) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto const said = calling();
    auto const ended = reply_of(await(conversations().finish_turn(turn.lease, said)));
    ASSERT_TRUE(ended.has_value()) << ended.error().code;
    EXPECT_EQ(ended->finish_reason, finish_reason::tool_calls);
    EXPECT_EQ(ended->tool_calls, said.tool_calls);
    EXPECT_EQ(ended->reasoning, said.reasoning);
    EXPECT_EQ(ended->attempts, said.attempts);
    EXPECT_EQ(ended->usage, said.usage);
    EXPECT_EQ(ended->tool_call_id, std::nullopt);
    EXPECT_EQ(read_message(in, turn.lease.reply_id), *ended);
    EXPECT_EQ(all_messages(in), (std::vector{turn.user_message, *ended}));
    EXPECT_EQ(*reply_of(await(conversations().finish_turn(turn.lease, said))), *ended) << "once more";
}

TEST_P(tool_contract, a_reply_that_has_nothing_of_it_says_so) {
    auto const in = create(user_id::make());
    auto const turn = begin(in);
    auto said = outcome("Nothing.");
    said.finish_reason = finish_reason::content_filter;
    said.usage = token_usage{1, 0, 1, false, std::nullopt};
    auto const ended = reply_of(await(conversations().finish_turn(turn.lease, said)));
    ASSERT_TRUE(ended.has_value());
    auto const found = read_message(in, turn.lease.reply_id);
    EXPECT_EQ(found, *ended);
    EXPECT_EQ(found.finish_reason, finish_reason::content_filter);
    EXPECT_TRUE(found.tool_calls.empty());
    EXPECT_TRUE(found.attempts.empty());
    EXPECT_EQ(found.reasoning, std::nullopt);
    EXPECT_EQ(found.usage, said.usage);
}

TEST_P(tool_contract, a_tools_message_is_stored_and_says_which_call_it_answers) {
    auto const in = create(user_id::make());
    take_turn(in);
    auto const stored = await(conversations().append_message(
        in.user_id, in.interaction_id, message_id::make(), tool_message("", "call \"9\""), at(3)));
    ASSERT_TRUE(stored.has_value()) << stored.error().code;
    EXPECT_EQ(stored->role, message_role::tool);
    EXPECT_EQ(stored->tool_call_id, "call \"9\"");
    EXPECT_EQ(read_message(in, stored->message_id), *stored);
    EXPECT_EQ(all_messages(in).back(), *stored);
}

TEST_P(tool_contract, a_turn_begins_with_a_tools_message) {
    auto const in = create(user_id::make());
    take_turn(in);
    auto const draft = draft_tool_turn(in);
    auto const turn = begin(draft);
    EXPECT_EQ(turn.user_message.role, message_role::tool);
    EXPECT_EQ(turn.user_message.tool_call_id, "call_1");
    EXPECT_EQ(turn.reply.parent_id, draft.user_message_id);
    EXPECT_EQ(begin(draft).user_message, turn.user_message) << "repeated";
    ASSERT_TRUE(await(conversations().finish_turn(turn.lease, outcome("It is 12 degrees."))));
    auto const all = all_messages(in);
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[2], turn.user_message);
    EXPECT_EQ(read(in).message_count, 3) << "what people and models said";
}

TEST_P(tool_contract, a_tools_message_that_is_stored_gets_its_reply_and_a_further_one) {
    auto const in = create(user_id::make());
    take_turn(in);
    auto const stored = await(conversations().append_message(in.user_id, in.interaction_id,
                                                             message_id::make(), tool_message(), at(3)));
    ASSERT_TRUE(stored.has_value());
    auto const first = take_turn(draft_reply(in, stored->message_id), "one");
    EXPECT_EQ(first.user_message, *stored);
    EXPECT_EQ(first.reply.branch_id, stored->branch_id);
    auto const second = take_turn(draft_reply(in, stored->message_id), "two");
    EXPECT_EQ(second.reply.sibling, (sibling_position{1, 2}));
    EXPECT_EQ(second.reply.parent_id, stored->message_id);
}

TEST_P(tool_contract, a_tools_message_that_was_stored_by_a_turn_cut_short_is_taken_up_as_it_is) {
    auto const in = create(user_id::make());
    auto draft = draft_tool_turn(in);
    ASSERT_TRUE(await(conversations().append_message(in.user_id, in.interaction_id, draft.user_message_id,
                                                     tool_message(), at(1))));
    auto as_user = draft;
    as_user.user_message = message_draft{message_role::user, "12 degrees", {}, {}};
    EXPECT_EQ(code_of(await(conversations().begin_turn(as_user))), "message_exists");
    EXPECT_EQ(begin(draft).user_message.role, message_role::tool);
    EXPECT_EQ(all_messages(in).size(), 2U);
}

TEST_P(tool_contract, a_tools_message_waits_as_any_other) {
    auto const in = create(user_id::make());
    auto const running = begin(in);
    auto draft = draft_tool_turn(in);
    draft.may_wait = true;
    auto const queued = begin(draft);
    EXPECT_EQ(queued.reply.status, message_status::queued);
    ASSERT_TRUE(await(conversations().finish_turn(running.lease, outcome("done"))));
    auto const next = await(conversations().next_turn(in.user_id, in.interaction_id, owner_, at(4)));
    ASSERT_TRUE(next && *next);
    EXPECT_EQ((*next)->user_message.tool_call_id, "call_1");
}

TEST_P(tool_contract, no_reply_is_written_to_what_nobody_asked) {
    auto const in = create(user_id::make());
    auto const turn = take_turn(in);
    auto const system =
        await(conversations().append_message(in.user_id, in.interaction_id, message_id::make(),
                                             {message_role::system, "Be brief.", {}, {}}, at(3)));
    ASSERT_TRUE(system.has_value());
    for (auto const& id : {turn.reply.message_id, system->message_id}) {
        EXPECT_EQ(code_of(await(conversations().begin_turn(draft_reply(in, id)))), "not_a_user_message");
    }
}

TEST_P(tool_contract, settings_of_tools_are_kept_changed_and_reset) {
    auto const in = create(user_id::make(), at(0), [](interaction& value) {
        value.settings.tools = {{"weather", "Of a \"city\".", R"({"type":"object"})"}, {"now", "", ""}};
        value.settings.tool_choice = "weather";
        value.settings.response_format = response_format{"answer", R"({"type":"object","x":"\u00e4"})"};
    });
    EXPECT_EQ(read(in).settings, in.settings);
    settings_patch change;
    change.tools = {{"other", "", "{}"}};
    change.tool_choice = std::optional<std::string>{};
    change.response_format = std::optional{response_format{}};
    auto const changed = await(conversations().update_interaction(in.user_id, in.interaction_id,
                                                                  {.settings = change}, std::nullopt, at(1)));
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(changed->settings.tools, *change.tools);
    EXPECT_EQ(changed->settings.tool_choice, std::nullopt);
    EXPECT_EQ(changed->settings.response_format, response_format{});
    EXPECT_EQ(read(in), *changed);
    change.tools->clear();
    change.response_format = std::optional<response_format>{};
    ASSERT_TRUE(await(conversations().update_interaction(in.user_id, in.interaction_id, {.settings = change},
                                                         std::nullopt, at(2))));
    EXPECT_EQ(read(in).settings, settings{});
}

}  // namespace
}  // namespace parley::test
