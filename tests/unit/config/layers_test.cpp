#include "common/config_keys.hpp"
#include "unit/config/config_fixture.hpp"

using namespace std::chrono_literals;

namespace parley::testing {
namespace {

using layers = config_test;
using strings = std::vector<std::string>;

TEST_F(layers, the_built_in_file_says_what_the_structs_say) {
    auto const outcome = load();
    ASSERT_EQ(lines(outcome), strings{});
    auto values = outcome->values;
    parley::config fresh;
    fresh.store.path = "/home/ada/.local/share/parley";
    for (auto const& key : config_keys()) {
        EXPECT_EQ(show(key.slot(values), key.rule.type), show(key.slot(fresh), key.rule.type)) << key.name;
        EXPECT_EQ(outcome->origins.at(std::string{key.name}).source, "default");
    }
    ASSERT_EQ(values.models.size(), 1U);
    EXPECT_EQ(values.models[0].name, "smollm2-135m-instruct");
    EXPECT_EQ(values.models[0].kind, "llama");
    EXPECT_EQ(values.models[0].path, "/home/ada/.cache/parley/models/SmolLM2-135M-Instruct.Q4_1.gguf");
}

TEST_F(layers, a_file_changes_single_values) {
    auto const outcome =
        load_file("server:\n  port: 9000\n  header_timeout: 250ms\n  max_body_size: 64KiB\n");
    ASSERT_EQ(lines(outcome), strings{});
    EXPECT_EQ(outcome->values.server.port, 9000);
    EXPECT_EQ(outcome->values.server.header_timeout, 250ms);
    EXPECT_EQ(outcome->values.server.max_body_bytes, 65536U);
    EXPECT_EQ(outcome->values.server.host, "127.0.0.1");
    EXPECT_EQ(outcome->origins.at("server.port").source, "test.yaml:2");
    EXPECT_EQ(outcome->origins.at("server.host").source, "default");
}

TEST_F(layers, an_empty_file_changes_nothing) {
    EXPECT_EQ(refusal(""), strings{});
    EXPECT_EQ(refusal("# only a comment\n"), strings{});
    EXPECT_EQ(refusal("server:\n  # port: 1\nlog:\n"), strings{});
}

TEST_F(layers, a_list_of_models_replaces_the_default_list) {
    auto const outcome =
        load_file("models:\n  - name: echo\n    kind: scripted\n  - {name: two, kind: scripted}\n");
    ASSERT_EQ(lines(outcome), strings{});
    ASSERT_EQ(outcome->values.models.size(), 2U);
    EXPECT_EQ(outcome->values.models[0].name, "echo");
    EXPECT_EQ(outcome->values.models[1].kind, "scripted");
    EXPECT_EQ(outcome->origins.at("models[0].kind").source, "test.yaml:3");
    EXPECT_EQ(outcome->origins.at("models[0].parallel").source, "default");
}

TEST_F(layers, the_environment_wins_over_the_file_and_flags_win_over_both) {
    write_file("server: {port: 1000, threads: 3}\nlog: {level: debug}\n");
    request_.environment["PARLEY_SERVER_PORT"] = "2000";
    request_.environment["PARLEY_SERVER_THREADS"] = "2";
    request_.flags = {{"--port", "server.port", "3000"}};
    auto const outcome = load();
    ASSERT_EQ(lines(outcome), strings{});
    EXPECT_EQ(outcome->values.server.port, 3000);
    EXPECT_EQ(outcome->values.server.threads, 2U);
    EXPECT_EQ(outcome->values.log.level, "debug");
    EXPECT_EQ(outcome->origins.at("server.port").source, "--port");
    EXPECT_EQ(outcome->origins.at("server.threads").source, "PARLEY_SERVER_THREADS");
}

TEST_F(layers, models_come_from_the_environment_as_yaml_or_json) {
    request_.environment["PARLEY_MODELS"] = R"([{"name": "echo", "kind": "scripted", "parallel": 2}])";
    auto const json = load();
    ASSERT_EQ(lines(json), strings{});
    EXPECT_EQ(json->values.models.at(0).parallel, 2U);
    EXPECT_EQ(json->origins.at("models[0].parallel").source, "PARLEY_MODELS");

    request_.environment["PARLEY_MODELS"] = "[]";
    auto const none = load();
    ASSERT_EQ(lines(none), strings{});
    EXPECT_TRUE(none->values.models.empty());
}

TEST_F(layers, a_relative_path_starts_at_its_file_or_at_the_working_folder) {
    std::filesystem::create_directory(folder_ / "configs");
    write_file("store: {path: ../data}\n", "configs/here.yaml");
    EXPECT_EQ(load()->values.store.path, folder_ / "data");
    request_.environment["PARLEY_STORE_PATH"] = "elsewhere";
    EXPECT_EQ(load()->values.store.path, folder_ / "elsewhere");
    request_.flags = {{"--data", "store.path", "/srv/parley"}};
    EXPECT_EQ(load()->values.store.path, "/srv/parley");
}

TEST_F(layers, every_key_has_its_own_variable) {
    auto names = environment_names();
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
    EXPECT_EQ(environment_name("server.keep_alive_interval"), "PARLEY_SERVER_KEEP_ALIVE_INTERVAL");
    EXPECT_EQ(environment_name("default_model"), "PARLEY_DEFAULT_MODEL");
}

TEST_F(layers, localhost_is_the_loopback_address) {
    EXPECT_EQ(load_file("server: {host: localhost}\n")->values.server.host, "127.0.0.1");
    EXPECT_EQ(load_file("server: {host: \"::1\"}\n")->values.server.host, "::1");
    EXPECT_EQ(load_file("server: {host: 127.0.0.2}\n")->values.server.host, "127.0.0.2");
}

TEST_F(layers, the_default_file_states_every_key) {
    request_.working_folder = std::filesystem::current_path();
    request_.file = "configs/default.yaml";
    auto const outcome = load();
    ASSERT_EQ(lines(outcome), strings{});
    for (auto const& key : config_keys()) {
        if (key.rule.type == config_type::secret) continue;  // has no place in a file
        EXPECT_TRUE(outcome->origins.at(std::string{key.name}).source.starts_with("configs/default.yaml:"))
            << key.name;
    }
}

TEST_F(layers, the_files_for_each_environment_are_sound) {
    request_.working_folder = std::filesystem::current_path();
    for (auto const* name : {"development", "test"}) {
        request_.file = fmt::format("configs/{}.yaml", name);
        EXPECT_EQ(lines(load()), strings{});
    }
    request_.file = "configs/test.yaml";
    auto const test = load()->values;
    EXPECT_EQ(test.server.port, 0);
    ASSERT_EQ(test.models.size(), 1U);
    EXPECT_EQ(test.models[0].kind, "scripted");
    request_.file = "configs/development.yaml";
    EXPECT_EQ(load()->values.store.path, std::filesystem::current_path() / "data");
}

TEST_F(layers, the_file_for_production_needs_nothing_but_secrets) {
    request_.working_folder = std::filesystem::current_path();
    request_.file = "configs/production.yaml";
    request_.environment["PARLEY_AUTH_BOOTSTRAP_KEY"] = std::string(64, 'a');
    request_.environment["PARLEY_STORE_URI"] = "mongodb://parley:b@mongodb:27017/?replicaSet=rs0";
    request_.environment["PARLEY_CACHE_URI"] = "redis://parley:c@redis:6379/0";
    auto const production = load();
    ASSERT_EQ(lines(production), strings{});
    EXPECT_EQ(production->values.auth.mode, "api_key");
    EXPECT_EQ(production->values.store.kind, "mongodb");
    EXPECT_EQ(production->values.log.format, "json");
}

}  // namespace
}  // namespace parley::testing
