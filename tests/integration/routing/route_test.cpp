// What a route does beyond failing over.
#include "route_fixture.hpp"

namespace parley::test {
namespace {

class a_route : public route_fixture {
protected:
    fake_model& a_ = add_fake("a");
    fake_model& b_ = add_fake("b");
    fake_model& c_ = add_fake("c");
};

TEST_F(a_route, records_a_single_attempt_that_went_well) {
    a_.replies({{.steps = {takes{120ms}, generation_delta{"He"}, takes{80ms}, generation_delta{"llo"}}}});
    auto const only = route({target(a_)});
    auto const all = ask(*only);
    EXPECT_EQ(all.text, "Hello");
    ASSERT_TRUE(all.end);
    EXPECT_EQ(all.end->attempts,
              (std::vector<attempt>{{.target = "a", .outcome = "ok", .duration_ms = 120}}));
    EXPECT_EQ(all.end->time_to_first_token, 120ms);
    EXPECT_FALSE(all.end->usage.cost);
    EXPECT_EQ(only->info().running, 0U);
}

TEST_F(a_route, says_how_long_each_attempt_took_and_counts_from_its_own_start) {
    generation_end natural;
    natural.queued = 5ms;
    natural.time_to_first_token = 40ms;
    a_.replies({{.steps = {takes{300ms}, failed_end(down)}}});
    b_.replies({{.steps = {takes{40ms}, generation_delta{"b"}, natural}}});
    auto const both = route({target(a_), target(b_)});
    auto const all = ask(*both);
    EXPECT_EQ(
        all.end->attempts,
        (std::vector<attempt>{
            {.target = "a", .outcome = "upstream_failed", .message = "It went wrong.", .duration_ms = 300},
            {.target = "b", .outcome = "ok", .duration_ms = 40}}));
    EXPECT_EQ(all.end->queued, 305ms);
    EXPECT_EQ(all.end->time_to_first_token, 340ms);
    EXPECT_EQ(seen_.failovers(), std::vector<std::string>{"route a upstream_failed"});
}

TEST_F(a_route, gives_every_target_the_whole_request) {
    a_.replies({fails(down)});
    b_.replies({refuses(down)});
    auto const all_three = route({target(a_), target(b_), target(c_)});
    EXPECT_EQ(ask(*all_three).text, "c");
    EXPECT_EQ(a_.last_prompt(), "Hello");
    EXPECT_EQ(b_.last_prompt(), "Hello");
    EXPECT_EQ(c_.last_prompt(), "Hello");
    EXPECT_EQ(seen_.failovers(),
              (std::vector<std::string>{"route a upstream_failed", "route b upstream_failed"}));
}

TEST_F(a_route, ends_with_the_last_failure_and_its_retry_after) {
    auto limited = failed_end(error_of(error_kind::rate_limited, "upstream_rate_limited"));
    limited.retry_after = 7s;
    a_.replies({fails(down)});
    b_.replies({{.steps = {limited}}});
    auto const both = route({target(a_), target(b_)});
    auto const all = ask(*both);
    EXPECT_EQ(all.ending(), "upstream_rate_limited");
    EXPECT_EQ(all.end->retry_after, 7s);
    EXPECT_EQ(all.outcomes(), "a upstream_failed, b upstream_rate_limited");
}

TEST_F(a_route, takes_whole_tool_calls_for_a_reply) {
    generation_end calls;
    calls.finish_reason = finish_reason::tool_calls;
    calls.tool_calls = {{.id = "1", .name = "look", .arguments = "{}"}};
    a_.replies({{.steps = {calls}}});
    auto const both = route({target(a_), target(b_)});
    auto const all = ask(*both);
    EXPECT_EQ(all.ending(), "complete");
    EXPECT_EQ(all.end->tool_calls, calls.tool_calls);
    EXPECT_EQ(all.outcomes(), "a ok");
    EXPECT_EQ(b_.asked(), 0);
}

TEST_F(a_route, passes_over_targets_that_lack_what_the_request_needs) {
    auto able = b_.info();
    able.abilities.tools = true;
    b_.tell(able);
    auto const both = route({target(a_), target(b_)});
    generation_request request;
    request.tools.push_back({.name = "look"});
    auto const begun = begin(*both, request);
    auto const all = listen(*begun);
    EXPECT_EQ(all.text, "b");
    EXPECT_EQ(all.outcomes(), "b ok");
    request.response_format.emplace();
    auto const none = both->start(request, loop_.get_executor());
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, error_kind::invalid);
    EXPECT_EQ(none.error().code, "model_lacks_ability");
}

TEST_F(a_route, shows_an_old_image_only_to_targets_that_take_images) {
    auto seeing = b_.info();
    seeing.abilities.images = true;
    b_.tell(seeing);
    a_.replies({fails(down)});
    auto const both = route({target(a_), target(b_)});
    generation_request request;
    request.prompt = {{.role = "user",
                       .content = "Look: ",
                       .parts = {text_part{"Look: "}, image_part{"data:image/png;base64,AA"}}},
                      {.role = "assistant", .content = "Yes."},
                      {.role = "user", .content = "And?"}};
    auto const begun = begin(*both, request);
    EXPECT_EQ(listen(*begun).outcomes(), "a upstream_failed, b ok");
    auto const blind = a_.last_request().prompt;
    EXPECT_EQ(blind.front().content, "Look: [image]");
    EXPECT_TRUE(blind.front().parts.empty());
    EXPECT_EQ(b_.last_request().prompt, request.prompt);
    // One of this turn is what is asked about, before and after a tool was called.
    request.prompt.erase(request.prompt.begin() + 1, request.prompt.end());
    request.prompt.push_back({.role = "assistant", .tool_calls = {{"1", "look", "{}"}}});
    request.prompt.push_back({.role = "tool", .content = "It is.", .tool_call_id = "1"});
    auto const in_it = begin(*both, request);
    EXPECT_EQ(listen(*in_it).outcomes(), "b ok");
    request.prompt.resize(1);
    auto const about_it = begin(*both, request);
    EXPECT_EQ(listen(*about_it).outcomes(), "b ok");
}

TEST_F(a_route, passes_on_how_far_a_target_is_loaded) {
    a_.replies({fails(down)});
    b_.replies(
        {{.steps = {generation_loading{"b", 0.5}, generation_loading{"b", 1}, generation_delta{"b"}}}});
    auto const both = route({target(a_), target(b_)});
    auto const running = begin(*both);
    std::vector<double> shares;
    for (int i = 0; i < 2; ++i) {
        auto const event = testing::run(loop_, running->next(1h));
        auto const* loading = std::get_if<generation_loading>(&event);
        ASSERT_TRUE(loading);
        EXPECT_EQ(loading->model, "b");
        shares.push_back(loading->share);
    }
    EXPECT_EQ(shares, (std::vector<double>{0.5, 1}));
    EXPECT_EQ(listen(*running).text, "b");
}

TEST_F(a_route, skips_a_target_at_its_limit_and_asks_it_again_when_it_has_a_place) {
    a_.replies({is_silent(), says("a")});
    auto const limited = target(a_, {.name = "a", .limit = 1});
    auto const both = route({limited, target(b_)});
    auto first = begin(*both);
    auto const second = ask(*both);
    EXPECT_EQ(second.text, "b");
    EXPECT_EQ(second.outcomes(), "a skipped, b ok");
    EXPECT_EQ(second.end->attempts.front().message,
              "\"a\" has 1 requests already, as many as it takes at once.");
    first.reset();
    EXPECT_EQ(ask(*both).outcomes(), "a ok");
}

TEST_F(a_route, shares_the_limit_of_a_target_with_other_routes) {
    a_.replies({is_silent()});
    auto const limited = target(a_, {.name = "a", .limit = 1});
    auto const one = route({limited}, {.name = "one"});
    auto const other = route({limited}, {.name = "other", .longest_wait = 0ms});
    auto const first = begin(*one);
    auto const all = ask(*other);
    EXPECT_EQ(all.ending(), "targets_busy");
    EXPECT_EQ(all.end->failure->kind, error_kind::overloaded);
    EXPECT_EQ(all.outcomes(), "a skipped");
    EXPECT_EQ(other->info().targets.front().running, 1U);
    EXPECT_EQ(other->info().running, 0U);
    EXPECT_EQ(one->info().running, 1U);
}

TEST_F(a_route, draws_who_is_first_and_goes_on_in_its_order) {
    std::vector<std::uint64_t> below;
    std::uint64_t drawn = 0;
    auto const all_three =
        route({target(a_), target(b_), target(c_)}, {.weights = {2, 3}, .random = [&](std::uint64_t under) {
                                                         below.push_back(under);
                                                         return drawn;
                                                     }});
    drawn = 2;
    EXPECT_EQ(ask(*all_three).outcomes(), "b ok");
    b_.replies({fails(down)});
    a_.replies({fails(down)});
    EXPECT_EQ(ask(*all_three).outcomes(), "b upstream_failed, a upstream_failed, c ok");
    drawn = 0;
    EXPECT_EQ(ask(*all_three).outcomes(), "a upstream_failed, b upstream_failed, c ok");
    EXPECT_EQ(below, (std::vector<std::uint64_t>{5, 5, 5}));
}

TEST_F(a_route, fills_in_what_the_target_that_replied_costs) {
    generation_end end;
    end.usage = {.input_tokens = 100, .cached_tokens = 40, .output_tokens = 7};
    auto dear = b_.info();
    dear.price = token_price{.input = 10, .cached_input = 1, .output = 100};
    b_.tell(dear);
    a_.replies({fails(down)});
    b_.replies({{.steps = {generation_delta{"b"}, end}}});
    auto const both = route({target(a_), target(b_)});
    EXPECT_EQ(ask(*both).end->usage.cost, 60 * 10 + 40 * 1 + 7 * 100);

    end.failure = down;
    b_.replies({{.steps = {generation_delta{"b"}, end}}});
    EXPECT_EQ(ask(*both).end->usage.cost, 60 * 10 + 40 * 1 + 7 * 100);
    auto const own = route({target(b_, {.name = "b", .price = token_price{.output = 2}})});
    EXPECT_EQ(ask(*own).end->usage.cost, 14);
}

TEST_F(a_route, costs_something_when_it_is_stopped_too) {
    auto dear = a_.info();
    dear.price = token_price{.output = 3};
    a_.tell(dear);
    a_.replies({{.steps = {generation_delta{"1"}, generation_delta{"2"}, hangs{}}}});
    auto const only = route({target(a_)});
    auto const running = begin(*only);
    EXPECT_EQ(listen(*running).text, "12");
    running->stop();
    auto const all = listen(*running);
    EXPECT_EQ(all.ending(), "stopped");
    EXPECT_EQ(all.outcomes(), "a stopped");
    EXPECT_EQ(all.end->usage.cost, 6);
}

TEST_F(a_route, asks_nobody_else_when_it_is_stopped) {
    a_.replies({fails(down)});
    auto const both = route({target(a_), target(b_)});
    auto const running = begin(*both);
    running->stop();
    auto const all = listen(*running);
    EXPECT_EQ(all.ending(), "stopped");
    EXPECT_EQ(all.outcomes(), "a stopped");
    EXPECT_EQ(b_.asked(), 0);
}

TEST_F(a_route, gives_an_empty_event_when_nothing_comes_in_time) {
    a_.replies({{.steps = {takes{50ms}, generation_delta{"a"}}}});
    auto const only = route({target(a_)});
    auto const running = begin(*only);
    EXPECT_EQ(listen(*running, 49ms).ending(), "silent");
    EXPECT_EQ(listen(*running, 1ms).text, "a");
}

TEST_F(a_route, counts_tokens_as_the_one_who_reads_most) {
    auto const both = route({target(a_), target(b_)});
    a_.count(std::unexpected(error_of(error_kind::unavailable, "model_loading")));
    b_.count(12);
    EXPECT_EQ(testing::run(loop_, both->count_tokens({})), 12);
    a_.count(3);
    EXPECT_EQ(testing::run(loop_, both->count_tokens({})), 12);
    a_.count(30);
    EXPECT_EQ(testing::run(loop_, both->count_tokens({})), 30);
    a_.count(std::unexpected(error_of(error_kind::unavailable, "model_loading")));
    b_.count(std::unexpected(error_of(error_kind::invalid, "template_failed")));
    EXPECT_EQ(testing::run(loop_, both->count_tokens({})).error().code, "template_failed");
}

TEST_F(a_route, says_what_its_targets_say_together) {
    a_.tell({.name = "a",
             .state = model_state::failed,
             .problem = "no file",
             .context_window = 8192,
             .parallel = 4,
             .max_waiting = 10,
             .abilities = {.tools = true}});
    b_.tell({.name = "b",
             .state = model_state::loading,
             .context_window = 4096,
             .parallel = 100,
             .max_waiting = 5,
             .abilities = {.images = true},
             .price = token_price{.input = 1}});
    auto const both = route({target(a_, {.name = "a", .price = token_price{.input = 9}}),
                             target(b_, {.name = "b", .limit = 3}), target(c_)});
    auto told = both->info();
    EXPECT_EQ(told.name, "route");
    EXPECT_EQ(told.kind, "route");
    EXPECT_EQ(told.state, model_state::ready);
    EXPECT_EQ(told.problem, "");
    EXPECT_EQ(told.context_window, 4096);
    EXPECT_EQ(told.description, "Asks a, then b, then c");
    EXPECT_EQ(told.parallel, 4U + 3U + 1U);
    EXPECT_EQ(told.max_waiting, 15U);
    EXPECT_EQ(told.abilities, (model_abilities{.tools = true, .images = true}));
    EXPECT_EQ(told.price, token_price{.input = 9});
    ASSERT_EQ(told.targets.size(), 3U);
    EXPECT_EQ(told.targets[0].name, "a");
    EXPECT_EQ(told.targets[0].state, model_state::failed);
    EXPECT_EQ(told.targets[1].state, model_state::loading);

    auto broken = c_.info();
    broken.state = model_state::failed;
    broken.problem = "gone";
    c_.tell(broken);
    EXPECT_EQ(both->info().state, model_state::loading);
    broken.name = "b";
    b_.tell(broken);
    EXPECT_EQ(both->info().state, model_state::failed);
    EXPECT_EQ(both->info().problem, "a: no file; b: gone; c: gone");
    broken.state = model_state::unloaded;
    b_.tell(broken);
    EXPECT_EQ(both->info().state, model_state::ready);
}

TEST_F(a_route, of_one_target_says_what_that_one_says) {
    a_.tell({.name = "a", .state = model_state::unloaded, .description = "A model", .on_demand = true});
    auto const told = route({target(a_)}, {.name = "mine", .kind = "upstream"})->info();
    EXPECT_EQ(told.name, "mine");
    EXPECT_EQ(told.kind, "upstream");
    EXPECT_EQ(told.state, model_state::unloaded);
    EXPECT_EQ(told.description, "A model");
    EXPECT_TRUE(told.on_demand);
}

TEST_F(a_route, takes_its_own_models_with_it) {
    auto owned = std::make_unique<fake_model>("own", time_);
    std::vector<std::shared_ptr<route_target>> const targets{target(*owned)};
    std::vector<std::unique_ptr<language_model>> models;
    models.push_back(std::move(owned));
    auto only =
        make_routed_model({.name = "route", .now = time_.source()}, targets, seen_, std::move(models));
    EXPECT_EQ(ask(*only).text, "own");
    auto const running = begin(*only);
    only.reset();  // as when the server ends: nobody reads any more
    EXPECT_TRUE(running);
}

TEST_F(a_route, survives_a_target_that_throws) {
    class broken final : public language_model {
    public:
        [[nodiscard]] model_info info() const override { return {.name = "broken"}; }
        [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request) override { co_return 1; }
        [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request,
                                                                boost::asio::any_io_executor) override {
            class throwing final : public generation {
                task<generation_event> next(std::chrono::milliseconds) override {
                    throw std::runtime_error("a bug");
                    co_return generation_idle{};
                }
                void stop() noexcept override {}
            };
            return std::make_unique<throwing>();
        }
    };
    broken buggy;
    a_.replies({is_silent()});
    auto const hedged = route({target(a_), target(buggy), target(c_)}, {.hedge_after = 3ms});
    auto const running = begin(*hedged);
    EXPECT_EQ(listen(*running, 6ms).ending(), "silent");
    running->stop();
    EXPECT_EQ(listen(*running).outcomes(), "a stopped, broken internal_error");
}

}  // namespace
}  // namespace parley::test
