#include "adapters/scripted/scripted_model.hpp"

#include "support/generation_reader.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace parley {
namespace {

using std::chrono::milliseconds;
using testing::read_to_end;
using testing::reading;
using testing::run;

class scripted_model_test : public ::testing::Test {
protected:
    static model_config settings() {
        model_config config;
        config.name = "script";
        config.kind = "scripted";
        config.parallel = 1;
        config.max_waiting = 1;
        return config;
    }

    static generation_request saying(std::string content) {
        generation_request request;
        request.prompt = {{"user", std::move(content)}};
        return request;
    }

    std::unique_ptr<generation> started(generation_request request) {
        auto begun = model->start(std::move(request), loop.get_executor());
        EXPECT_TRUE(begun);
        return std::move(*begun);
    }

    reading reply_to(generation_request request) {
        auto const begun = started(std::move(request));
        return run(loop, read_to_end(*begun));
    }
    reading reply_to(std::string content) { return reply_to(saying(std::move(content))); }

    void configure(model_config const& config) { model = make_scripted_model(config, seen); }

    boost::asio::io_context loop;
    no_metrics seen;
    std::unique_ptr<language_model> model = make_scripted_model(settings(), seen);
};

TEST_F(scripted_model_test, says_its_tokens_one_by_one) {
    auto const read = reply_to(R"(script:{"tokens":["Hel","lo"],"repeat":2})");
    EXPECT_EQ(read.deltas, (std::vector<std::string>{"Hel", "lo", "Hel", "lo"}));
    EXPECT_EQ(read.end.finish_reason, finish_reason::stop);
    EXPECT_EQ(read.end.usage, (token_usage{.input_tokens = 3, .cached_tokens = 0, .output_tokens = 4}));
    EXPECT_TRUE(read.end.time_to_first_token);
    EXPECT_FALSE(read.end.stopped);
    EXPECT_FALSE(read.end.failure);
}

TEST_F(scripted_model_test, echoes_the_prompt) {
    auto request = saying("Hello");
    request.prompt.insert(request.prompt.begin(), {"system", "Be brief."});
    EXPECT_EQ(reply_to(std::move(request)).text, "[system] Be brief. | [user] Hello");
}

TEST_F(scripted_model_test, may_say_nothing) {
    auto const read = reply_to("script:{}");
    EXPECT_EQ(read.text, "");
    EXPECT_EQ(read.end.usage.output_tokens, 0);
    EXPECT_FALSE(read.end.time_to_first_token);
}

TEST_F(scripted_model_test, breaks_off_where_the_script_says_and_works_on) {
    auto const read = reply_to(R"(script:{"tokens":["a","b","c"],"fail_after":2})");
    EXPECT_EQ(read.text, "ab");
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "script_failure");
    EXPECT_EQ(read.end.usage.output_tokens, 2);
    EXPECT_EQ(reply_to(R"(script:{"tokens":["d"]})").text, "d");
}

TEST_F(scripted_model_test, fails_as_the_script_says) {
    auto const read = reply_to(
        R"(script:{"tokens":["a"],"fail_after":0,"fail_code":"slow","fail_kind":"timed_out","retry_after_ms":20})");
    EXPECT_EQ(read.text, "");
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "slow");
    EXPECT_EQ(read.end.failure->kind, error_kind::timed_out);
    EXPECT_EQ(read.end.retry_after, milliseconds{20});
    EXPECT_EQ(reply_to(R"(script:{"tokens":["d"]})").text, "d");
}

TEST_F(scripted_model_test, refuses_to_begin_and_works_on) {
    auto const refused = model->start(
        saying(R"(script:{"refuse":true,"fail_code":"full","fail_kind":"overloaded"})"), loop.get_executor());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "full");
    EXPECT_EQ(refused.error().kind, error_kind::overloaded);
    EXPECT_EQ(model->info().running, 0U);
    EXPECT_EQ(reply_to(R"(script:{"tokens":["d"]})").text, "d");
}

TEST_F(scripted_model_test, calls_tools_at_the_end) {
    constexpr auto script = R"(script:{"tokens":["a","b"],"tool_calls":[{"name":"t","arguments":"{}"}]})";
    auto const read = reply_to(script);
    EXPECT_EQ(read.text, "ab");
    EXPECT_EQ(read.end.finish_reason, finish_reason::tool_calls);
    EXPECT_EQ(read.end.tool_calls, (std::vector<tool_call>{{"call_1", "t", "{}"}}));

    auto cut = saying(script);
    cut.max_output_tokens = 1;
    auto const short_one = reply_to(std::move(cut));
    EXPECT_EQ(short_one.end.finish_reason, finish_reason::length);
    EXPECT_TRUE(short_one.end.tool_calls.empty());

    auto const begun =
        started(saying(R"(script:{"tokens":["a"],"wait_for_stop":true,"tool_calls":[{"name":"t"}]})"));
    EXPECT_EQ(std::get<generation_delta>(run(loop, begun->next(milliseconds{60'000}))).text, "a");
    begun->stop();
    EXPECT_TRUE(run(loop, read_to_end(*begun)).end.tool_calls.empty());
}

TEST_F(scripted_model_test, thinks_before_it_speaks) {
    auto const read = reply_to(R"(script:{"reasoning":["Let ","me see."],"tokens":["a","b"],"repeat":2})");
    EXPECT_EQ(read.reasoning, "Let me see.");
    EXPECT_EQ(read.text, "abab");
    EXPECT_EQ(read.end.usage.output_tokens, 6);
    auto const failed = reply_to(R"(script:{"reasoning":["Hm"],"tokens":["a","b"],"fail_after":1})");
    EXPECT_EQ(failed.reasoning, "Hm");
    EXPECT_EQ(failed.text, "a");
    EXPECT_TRUE(failed.end.failure);
    auto request = saying(R"(script:{"reasoning":["Hm","m"],"tokens":["a"]})");
    request.max_output_tokens = 1;
    auto const cut = reply_to(std::move(request));
    EXPECT_EQ(cut.reasoning, "Hm");
    EXPECT_EQ(cut.text, "");
    EXPECT_EQ(cut.end.finish_reason, finish_reason::length);
}

TEST_F(scripted_model_test, answers_in_json_where_that_is_asked) {
    auto request = saying("Hello");
    request.response_format = response_format{};
    EXPECT_EQ(reply_to(std::move(request)).text, R"({"echo":"[user] Hello"})");
}

TEST_F(scripted_model_test, a_price_gives_the_usage_a_cost) {
    EXPECT_FALSE(reply_to("a").end.usage.cost);
    token_price const price{.input = 5, .cached_input = 1, .output = 7};
    model = make_scripted_model(settings(), seen, price);
    EXPECT_EQ(model->info().price, price);
    auto const read = reply_to(R"(script:{"tokens":["a","b"]})");
    EXPECT_EQ(read.end.usage.cost, 3 * 5 + 2 * 7);
}

TEST_F(scripted_model_test, has_all_abilities_or_those_that_are_named) {
    EXPECT_EQ(model->info().abilities,
              (model_abilities{.tools = true, .structured_output = true, .images = true}));
    auto config = settings();
    config.abilities = {"tools"};
    configure(config);
    EXPECT_EQ(model->info().abilities, (model_abilities{.tools = true}));
}

TEST_F(scripted_model_test, fails_on_a_bad_script_and_works_on) {
    auto const read = reply_to("script:{]");
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "script_invalid");
    EXPECT_EQ(reply_to(R"(script:{"tokens":["d"]})").text, "d");
}

TEST_F(scripted_model_test, ends_at_a_stop_string_across_tokens) {
    auto request = saying(R"(script:{"tokens":["one ","E","ND"," two"]})");
    request.stop = {"END"};
    auto const read = reply_to(std::move(request));
    EXPECT_EQ(read.text, "one ");
    EXPECT_EQ(read.end.finish_reason, finish_reason::stop);
    EXPECT_EQ(read.end.usage.output_tokens, 3);
}

TEST_F(scripted_model_test, shows_at_the_end_what_was_held_back) {
    auto request = saying(R"(script:{"tokens":["one ","E"]})");
    request.stop = {"END"};
    EXPECT_EQ(reply_to(std::move(request)).text, "one E");
}

TEST_F(scripted_model_test, ends_at_max_output_tokens) {
    auto request = saying(R"(script:{"tokens":["a"],"repeat":10})");
    request.max_output_tokens = 3;
    auto const read = reply_to(std::move(request));
    EXPECT_EQ(read.text, "aaa");
    EXPECT_EQ(read.end.finish_reason, finish_reason::length);
}

TEST_F(scripted_model_test, ends_at_the_end_of_the_context_window) {
    auto config = settings();
    config.context_window = 8;
    configure(config);
    auto const read = reply_to(R"(script:{"tokens":["a"],"repeat":10})");
    EXPECT_EQ(read.text, "aaaaa");
    EXPECT_EQ(read.end.finish_reason, finish_reason::length);
}

TEST_F(scripted_model_test, refuses_a_prompt_that_leaves_no_room) {
    auto config = settings();
    config.context_window = 5;
    configure(config);
    auto const read = reply_to("one two three");
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "context_length_exceeded");
    EXPECT_NE(read.end.failure->message.find('5'), std::string::npos);
    EXPECT_FALSE(reply_to("one two").end.failure);
}

TEST_F(scripted_model_test, is_idle_while_it_waits_and_ends_when_stopped) {
    auto const begun = started(saying(R"(script:{"tokens":["a"],"wait_for_stop":true})"));
    EXPECT_EQ(std::get<generation_delta>(run(loop, begun->next(milliseconds{60'000}))).text, "a");
    EXPECT_TRUE(std::holds_alternative<generation_idle>(run(loop, begun->next(milliseconds{1}))));
    begun->stop();
    auto const end = std::get<generation_end>(run(loop, begun->next(milliseconds{60'000})));
    EXPECT_TRUE(end.stopped);
    EXPECT_EQ(end.usage.output_tokens, 1);
}

TEST_F(scripted_model_test, stops_before_a_late_first_token) {
    auto const begun = started(saying(R"(script:{"tokens":["a"],"first_delay_ms":600000})"));
    EXPECT_TRUE(std::holds_alternative<generation_idle>(run(loop, begun->next(milliseconds{1}))));
    begun->stop();
    auto const end = std::get<generation_end>(run(loop, begun->next(milliseconds{60'000})));
    EXPECT_TRUE(end.stopped);
    EXPECT_FALSE(end.time_to_first_token);
}

TEST_F(scripted_model_test, waits_at_least_the_delays) {
    auto const before = std::chrono::steady_clock::now();
    auto const read = reply_to(R"(script:{"tokens":["a"],"repeat":3,"delay_ms":2,"first_delay_ms":5})");
    EXPECT_EQ(read.text, "aaa");
    EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds{9});
}

TEST_F(scripted_model_test, lets_one_run_one_wait_and_refuses_the_third) {
    auto first = started(saying(R"(script:{"wait_for_stop":true})"));
    auto const second = started(saying(R"(script:{"tokens":["b"]})"));
    EXPECT_EQ(model->info().running, 1U);
    EXPECT_EQ(model->info().waiting, 1U);
    auto const third = model->start(saying("c"), loop.get_executor());
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().kind, error_kind::overloaded);
    EXPECT_EQ(third.error().code, "queue_full");
    EXPECT_TRUE(std::holds_alternative<generation_idle>(run(loop, second->next(milliseconds{1}))));

    first.reset();
    EXPECT_EQ(run(loop, read_to_end(*second)).text, "b");
    EXPECT_EQ(model->info().running, 0U);
    EXPECT_EQ(reply_to(R"(script:{"tokens":["c"]})").text, "c");
    EXPECT_EQ(model->info().running, 0U);
    EXPECT_EQ(model->info().waiting, 0U);
}

TEST_F(scripted_model_test, can_be_stopped_in_the_line) {
    auto const first = started(saying(R"(script:{"wait_for_stop":true})"));
    auto const second = started(saying(R"(script:{"tokens":["b"]})"));
    second->stop();
    auto const read = run(loop, read_to_end(*second));
    EXPECT_TRUE(read.end.stopped);
    EXPECT_EQ(read.text, "");
    EXPECT_EQ(model->info().waiting, 0U);
    EXPECT_EQ(model->info().running, 1U);
}

TEST_F(scripted_model_test, serves_the_line_in_order) {
    auto config = settings();
    config.max_waiting = 2;
    configure(config);
    auto first = started(saying(R"(script:{"wait_for_stop":true})"));
    auto second = started(saying(R"(script:{"tokens":["b"]})"));
    auto const third = started(saying(R"(script:{"tokens":["c"]})"));
    first.reset();
    EXPECT_TRUE(std::holds_alternative<generation_idle>(run(loop, third->next(milliseconds{1}))));
    EXPECT_EQ(run(loop, read_to_end(*second)).text, "b");
    EXPECT_EQ(run(loop, read_to_end(*third)).text, "c");
}

TEST_F(scripted_model_test, generations_may_outlive_the_model) {
    auto const begun = started(saying(R"(script:{"tokens":["a"]})"));
    model.reset();
    EXPECT_EQ(run(loop, read_to_end(*begun)).text, "a");
}

TEST_F(scripted_model_test, describes_itself_and_counts_tokens) {
    auto const info = model->info();
    EXPECT_EQ(info.name, "script");
    EXPECT_EQ(info.kind, "scripted");
    EXPECT_EQ(info.state, model_state::ready);
    EXPECT_EQ(info.context_window, 4096);
    EXPECT_EQ(run(loop, model->count_tokens(saying("one two"))), 4);
}

}  // namespace
}  // namespace parley
