// What a reply has cost with all targets that were asked for it.
#include "route_fixture.hpp"

namespace parley::test {
namespace {

generation_end failed_after(std::int64_t input, std::int64_t output) {
    auto end = failed_end(down);
    end.usage.input_tokens = input;
    end.usage.output_tokens = output;
    return end;
}

class usage_of_a_route : public route_fixture {
protected:
    static constexpr token_price cheap{.input = 1, .cached_input = 1, .output = 10};
    static constexpr token_price dear{.input = 100, .cached_input = 100, .output = 1000};

    std::shared_ptr<route_target> priced(fake_model& model, token_price price) {
        return target(model, {.name = model.info().name, .price = price});
    }

    fake_model& a_ = add_fake("a");
    fake_model& b_ = add_fake("b");
};

TEST_F(usage_of_a_route, counts_what_a_target_had_used_when_it_failed) {
    a_.replies({{.steps = {failed_after(7, 2)}}});
    auto const both = route({priced(a_, dear), priced(b_, cheap)});
    auto const all = ask(*both);
    EXPECT_EQ(all.ending(), "complete");
    EXPECT_EQ(all.end->usage.input_tokens, 7 + 10);
    EXPECT_EQ(all.end->usage.output_tokens, 2 + 1);
    EXPECT_EQ(all.end->usage.cost, 7 * 100 + 2 * 1000 + 10 * 1 + 1 * 10);
}

TEST_F(usage_of_a_route, counts_all_when_all_fail) {
    a_.replies({{.steps = {failed_after(7, 2)}}});
    b_.replies({{.steps = {failed_after(5, 0)}}});
    auto const both = route({target(a_), target(b_)});
    auto const all = ask(*both);
    EXPECT_EQ(all.ending(), "upstream_failed");
    EXPECT_EQ(all.end->usage.input_tokens, 12);
    EXPECT_EQ(all.end->usage.output_tokens, 2);
    EXPECT_FALSE(all.end->usage.cost);
}

TEST_F(usage_of_a_route, counts_what_the_slower_of_two_had_used_when_it_was_stopped) {
    generation_end stopped;
    stopped.usage.input_tokens = 4;
    stopped.usage.estimated = true;
    a_.replies({{.steps = {hangs{}}, .when_stopped = stopped}});
    auto const both = route({priced(a_, dear), priced(b_, cheap)}, {.hedge_after = 5ms});
    auto const all = ask(*both);
    EXPECT_EQ(all.outcomes(), "a cancelled, b ok");
    EXPECT_EQ(all.end->usage.input_tokens, 4 + 10);
    EXPECT_TRUE(all.end->usage.estimated);
    EXPECT_EQ(all.end->usage.cost, 4 * 100 + 10 * 1 + 1 * 10);
}

TEST_F(usage_of_a_route, waits_for_a_slower_one_that_does_not_stop_at_once) {
    generation_end stopped;
    stopped.usage.input_tokens = 4;
    a_.replies({{.steps = {hangs{}}, .when_stopped = stopped, .idle_before_stop = 2}});
    auto const both = route({target(a_), target(b_)}, {.hedge_after = 5ms});
    EXPECT_EQ(ask(*both).end->usage.input_tokens, 4 + 10);
}

TEST_F(usage_of_a_route, counts_the_slower_one_of_a_reply_without_text_too) {
    generation_end stopped;
    stopped.usage.input_tokens = 4;
    generation_end empty;
    empty.usage.input_tokens = 3;
    a_.replies({{.steps = {hangs{}}, .when_stopped = stopped}});
    b_.replies({{.steps = {empty}}});
    auto const both = route({target(a_), target(b_)}, {.hedge_after = 5ms});
    EXPECT_EQ(ask(*both).end->usage.input_tokens, 4 + 3);
}

}  // namespace
}  // namespace parley::test
