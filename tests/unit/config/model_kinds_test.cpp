// Models of the kinds upstream and route, prices, and keys that mean nothing for a kind.
#include "unit/config/config_fixture.hpp"

using namespace std::chrono_literals;

namespace parley::testing {
namespace {

using strings = std::vector<std::string>;

constexpr std::string_view one_upstream =
    "upstreams: [{name: openai, base_url: 'https://api.openai.com/v1'}]\n";

/// The models are line 2 and the following ones.
std::string with_models(std::string_view models) {
    return fmt::format("{}models:\n{}", one_upstream, models);
}

using model_kinds = config_test;

TEST_F(model_kinds, a_remote_model_has_limits_of_its_own) {
    auto const outcome = load_file(
        with_models("  - {name: a, kind: upstream, upstream: openai}\n"
                    "  - {name: b, kind: upstream, upstream: openai, remote_name: gpt-4o, context_window: "
                    "128000, parallel: "
                    "1000,\n     max_waiting: 1, breaker_failures: 2, breaker_open: 1s, abilities: [tools, "
                    "structured_output]}\n"
                    "  - {name: c, kind: scripted}\n"));
    ASSERT_EQ(lines(outcome), strings{});
    auto const& models = outcome->values.models;
    EXPECT_EQ(models[0].context_window, 0) << "unknown";
    EXPECT_EQ(models[0].parallel, 64U);
    EXPECT_EQ(models[0].max_waiting, 256U);
    EXPECT_EQ(outcome->origins.at("models[0].parallel").source, "default");
    EXPECT_EQ(models[1].context_window, 128'000);
    EXPECT_EQ(models[1].parallel, 1000U);
    EXPECT_EQ(models[1].max_waiting, 1U);
    EXPECT_EQ(models[1].remote_name, "gpt-4o");
    EXPECT_EQ(models[1].breaker_failures, 2U);
    EXPECT_EQ(models[1].breaker_open, 1s);
    EXPECT_EQ(models[1].abilities, (strings{"tools", "structured_output"}));
    EXPECT_EQ(models[2].context_window, 4096);
    EXPECT_EQ(models[2].parallel, 4U);
}

TEST_F(model_kinds, a_route_leads_to_models_in_any_place_of_the_list) {
    auto const outcome = load_file(with_models(
        "  - {name: best, kind: route, targets: [remote, local], weights: [9], hedge_after: 1500ms}\n"
        "  - {name: remote, kind: upstream, upstream: openai}\n"
        "  - {name: local, kind: scripted}\n"
        "default_model: best\n"));
    ASSERT_EQ(lines(outcome), strings{});
    EXPECT_EQ(outcome->values.models[0].targets, (strings{"remote", "local"}));
    EXPECT_EQ(outcome->values.models[0].weights, strings{"9"});
    EXPECT_EQ(outcome->values.models[0].hedge_after, 1500ms);
}

TEST_F(model_kinds, loading_on_demand_and_its_memory) {
    request_.environment["PARLEY_CURRENCY"] = "EUR";
    auto const outcome = load_file(
        "model_memory: 2GiB\nmodels: [{name: a, path: a.gguf, load: on_demand}, {name: b, path: b.gguf}]\n");
    ASSERT_EQ(lines(outcome), strings{});
    EXPECT_EQ(outcome->values.model_memory_bytes, 2'147'483'648U);
    EXPECT_EQ(outcome->values.currency, "EUR");
    EXPECT_EQ(outcome->values.models[0].load, "on_demand");
    EXPECT_EQ(outcome->values.models[1].load, "at_start");
}

TEST_F(model_kinds, a_price_for_kept_tokens_is_that_of_others_unless_given) {
    auto const outcome =
        load_file(with_models("  - {name: a, kind: scripted, price_input: 0.15, price_output: 0.6}\n"
                              "  - {name: b, kind: scripted, price_input: 2.5, price_cached_input: 0}\n"
                              "  - {name: c, kind: scripted, price_input: 0.000001, price_output: 10000}\n"));
    ASSERT_EQ(lines(outcome), strings{});
    auto const& models = outcome->values.models;
    EXPECT_EQ(models[0].price_cached_input, 0.15);
    EXPECT_EQ(models[0].price_output, 0.6);
    EXPECT_EQ(models[1].price_cached_input, 0);
    EXPECT_EQ(models[2].price_cached_input, 0.000001);
}

struct refused_model {
    char const* name;
    char const* keys;  // behind "name: m", from the list's first entry on
    char const* line;  // without "test.yaml:3: models[0]."
};

class model_refused : public config_test, public ::testing::WithParamInterface<refused_model> {};

TEST_P(model_refused, with_place_key_and_reason) {
    auto const models =
        fmt::format("  - {{name: m, {}}}\n  - {{name: near, kind: scripted}}\n", GetParam().keys);
    EXPECT_EQ(refusal(with_models(models)),
              strings{std::string{"test.yaml:3: models[0]."} + GetParam().line});
}

constexpr refused_model upstreams[] = {
    {"none_named", "kind: upstream", "upstream: is missing; kind upstream needs a name out of upstreams"},
    {"mistyped", "kind: upstream, upstream: opnai",
     "upstream: there is no upstream \"opnai\"; did you mean \"openai\"?"},
    {"unknown", "kind: upstream, upstream: something_else",
     "upstream: there is no upstream \"something_else\"; upstreams has: openai"},
    {"no_such_ability", "kind: upstream, upstream: openai, abilities: [vision]",
     "abilities: \"vision\" is not possible; it must be tools, structured_output or images"},
    {"tiny_window", "kind: upstream, upstream: openai, context_window: 63",
     "context_window: 63 is out of range; it must be 0 (unknown) or from 64 to 16777216"},
    {"no_window", "kind: scripted, context_window: 0",
     "context_window: 0 is out of range; it must be from 64 to 16777216"},
    {"many_chats", "path: x, parallel: 257",
     "parallel: 257 is out of range; it must be from 1 to 256 for kind llama"},
    {"negative_price", "kind: scripted, price_input: -1",
     "price_input: -1 is out of range; it must be from 0 to 10000"},
    {"small_price", "kind: scripted, price_output: 0.1234567",
     "price_output: 0.1234567 has more than 6 decimals"},
    {"tiny_price", "kind: scripted, price_input: 1e-9", "price_input: 1e-09 has more than 6 decimals"},
};

constexpr refused_model routes[] = {
    {"no_targets", "kind: route", "targets: is missing; kind route needs names out of models"},
    {"empty_targets", "kind: route, targets: []",
     "targets: is missing; kind route needs names out of models"},
    {"one_target", "kind: route, targets: near",
     "targets: there is a single value where a list of texts is expected"},
    {"mistyped", "kind: route, targets: [nera]",
     "targets: there is no model \"nera\"; did you mean \"near\"?"},
    {"itself", "kind: route, targets: [near, m]",
     "targets: \"m\" is a route, too; routes lead to other kinds"},
    {"repeated", "kind: route, targets: [near, near]", "targets: \"near\" is there twice"},
    {"too_many_weights", "kind: route, targets: [near], weights: [1, 2]",
     "weights: has 2 numbers for 1 targets"},
    {"no_number", "kind: route, targets: [near], weights: [half]",
     "weights: \"half\" is not a whole number, from 0 to 1000"},
    {"fraction", "kind: route, targets: [near], weights: [0.5]",
     "weights: \"0.5\" is not a whole number, from 0 to 1000"},
    {"heavy", "kind: route, targets: [near], weights: [1001]",
     "weights: \"1001\" is not a whole number, from 0 to 1000"},
    {"light", "kind: route, targets: [near], weights: [-1]",
     "weights: \"-1\" is not a whole number, from 0 to 1000"},
    {"nothing", "kind: route, targets: [near], weights: [0]",
     "weights: are all 0, so that none would be tried first"},
};

constexpr refused_model meaningless[] = {
    {"load", "kind: scripted, load: on_demand", "load: means nothing for kind scripted; leave it out"},
    {"path", "kind: upstream, upstream: openai, path: x",
     "path: means nothing for kind upstream; leave it out"},
    {"threads", "kind: upstream, upstream: openai, threads: 2",
     "threads: means nothing for kind upstream; leave it out"},
    {"upstream", "path: x, upstream: openai", "upstream: means nothing for kind llama; leave it out"},
    {"remote_name", "kind: scripted, remote_name: x",
     "remote_name: means nothing for kind scripted; leave it out"},
    {"abilities", "path: x, abilities: [tools]", "abilities: means nothing for kind llama; leave it out"},
    {"breaker", "kind: route, targets: [near], breaker_failures: 1",
     "breaker_failures: means nothing for kind route; leave it out"},
    {"targets", "kind: upstream, upstream: openai, targets: [near]",
     "targets: means nothing for kind upstream; leave it out"},
    {"weights", "path: x, weights: [1]", "weights: means nothing for kind llama; leave it out"},
    {"hedge_after", "path: x, hedge_after: 1s", "hedge_after: means nothing for kind llama; leave it out"},
    {"parallel", "kind: route, targets: [near], parallel: 2",
     "parallel: means nothing for kind route; leave it out"},
    {"context_window", "kind: route, targets: [near], context_window: 64",
     "context_window: means nothing for kind route; leave it out"},
    {"price", "kind: route, targets: [near], price_output: 1",
     "price_output: means nothing for kind route; leave it out"},
};

std::string model_case_name(::testing::TestParamInfo<refused_model> const& one) { return one.param.name; }
INSTANTIATE_TEST_SUITE_P(upstreams, model_refused, ::testing::ValuesIn(upstreams), model_case_name);
INSTANTIATE_TEST_SUITE_P(routes, model_refused, ::testing::ValuesIn(routes), model_case_name);
INSTANTIATE_TEST_SUITE_P(meaningless, model_refused, ::testing::ValuesIn(meaningless), model_case_name);

using models_refused = config_test;

TEST_F(models_refused, an_upstream_where_there_is_none) {
    EXPECT_EQ(
        refusal("models: [{name: a, kind: upstream, upstream: openai}]\n"),
        strings{"test.yaml:1: models[0].upstream: there is no upstream \"openai\"; upstreams is an empty "
                "list"});
}

TEST_F(models_refused, a_wrong_list_of_upstreams_is_not_blamed_on_its_models_too) {
    EXPECT_EQ(
        refusal("upstreams: [{name: a, base_url: x}]\nmodels: [{name: a, kind: upstream, upstream: b}]\n"),
        strings{"test.yaml:1: upstreams[0].base_url: is no address such as https://api.openai.com/v1 or "
                "http://localhost:11434/v1"});
}

TEST_F(models_refused, too_many_targets) {
    std::string models;
    std::string targets;
    for (int i = 0; i < 17; ++i) {
        models += fmt::format("  - {{name: t{}, kind: scripted}}\n", i);
        targets += fmt::format("{}t{}", i == 0 ? "" : ", ", i);
    }
    EXPECT_EQ(
        refusal(fmt::format("models:\n  - {{name: r, kind: route, targets: [{}]}}\n{}", targets, models)),
        strings{"test.yaml:2: models[0].targets: has 17 names, at most 16 are possible"});
}

}  // namespace
}  // namespace parley::testing
