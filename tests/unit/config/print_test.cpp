#include "common/config_print.hpp"
#include "unit/config/config_fixture.hpp"

namespace parley::testing {
namespace {

using printed = config_test;

TEST_F(printed, shows_no_password_of_an_address) {
    request_.environment["PARLEY_STORE_KIND"] = "mongodb";
    request_.environment["PARLEY_STORE_URI"] =
        "mongodb://ada:s%3Acret@a:27017,b/?authSource=admin&tlsCertificateKeyFilePassword=word&tls=true";
    auto const outcome = load();
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->values.store.uri, request_.environment["PARLEY_STORE_URI"]);
    auto const text = to_yaml(*outcome);
    EXPECT_EQ(text.find("cret"), std::string::npos);
    EXPECT_EQ(text.find("word="), text.rfind("word="));
    EXPECT_NE(
        text.find("mongodb://ada:***@a:27017,b/?authSource=admin&tlsCertificateKeyFilePassword=***&tls=true"),
        std::string::npos)
        << text;
}

TEST_F(printed, an_address_without_a_password_is_shown_as_it_is) {
    request_.environment["PARLEY_STORE_URI"] = "mongodb://ada@a:27017/x?y=a@b:c";
    auto const outcome = load();
    ASSERT_TRUE(outcome.has_value());
    EXPECT_NE(to_yaml(*outcome).find("\"mongodb://ada@a:27017/x?y=a@b:c\""), std::string::npos);
}

TEST_F(printed, yaml_can_be_read_back_as_the_same_configuration) {
    auto const first = load_file(
        "server: {port: 81, header_timeout: 90s, max_body_size: 1500}\n"
        "store: {path: \"/data/with \\\"quotes\\\" and # signs\"}\n"
        "models:\n"
        "  - {name: \"true\", kind: scripted, chat_template: \"a\\n\\tb\", default_temperature: 0}\n"
        "  - {name: \"2\", kind: llama, path: x.gguf, default_top_p: 0.123456789}\n"
        "default_model: \"2\"\n");
    ASSERT_TRUE(first);
    auto const text = to_yaml(*first);
    auto const second = load_file(text);
    ASSERT_EQ(lines(second), std::vector<std::string>{}) << text;
    EXPECT_EQ(second->values.server.max_body_bytes, 1500U);
    EXPECT_EQ(second->values.models[0].chat_template, "a\n\tb");
    EXPECT_EQ(second->values.models[1].default_top_p, 0.123456789);
    EXPECT_EQ(second->values.models[1].path, folder_ / "x.gguf");
    auto const without_origins = [](std::string const& yaml) {
        std::string out;
        std::istringstream in{yaml};
        for (std::string one; std::getline(in, one);) out += one.substr(0, one.rfind(" # ")) + "\n";
        return out;
    };
    EXPECT_EQ(without_origins(to_yaml(*second)), without_origins(text));
}

TEST_F(printed, every_value_says_where_it_came_from) {
    write_file("server:\n  port: 81\n");
    request_.environment["PARLEY_LOG_LEVEL"] = "debug";
    request_.flags = {{"--data", "store.path", "/srv"}};
    auto const text = to_yaml(load().value());
    for (auto const* expected :
         {"port: 81", "# test.yaml:2", "level: debug", "# PARLEY_LOG_LEVEL", "path: /srv", "# --data"}) {
        EXPECT_NE(text.find(expected), std::string_view::npos) << expected << " in\n" << text;
    }
    EXPECT_NE(text.find("  host: \"127.0.0.1\""), std::string_view::npos) << text;
}

TEST(config_table, has_a_row_for_every_key) {
    auto const table = config_table_markdown();
    for (auto const& key : config_keys()) {
        EXPECT_NE(table.find(fmt::format("| `{}` |", key.name)), std::string_view::npos) << key.name;
        EXPECT_NE(table.find(fmt::format("| `{}` |", environment_name(key.name))), std::string_view::npos)
            << key.name;
    }
    for (auto const& key : model_keys()) {
        EXPECT_NE(table.find(fmt::format("| `models[].{}` |", key.name)), std::string_view::npos) << key.name;
    }
    for (auto const& key : upstream_keys()) {
        EXPECT_EQ(table.find(fmt::format("| `upstreams[].{}` |", key.name)) == std::string_view::npos,
                  key.rule.type == config_type::secret)
            << key.name;
    }
    EXPECT_NE(table.find("| `upstreams` | list | `[]` | `PARLEY_UPSTREAMS` (YAML or JSON) |"),
              std::string_view::npos);
    EXPECT_NE(table.find("| `models[].threads` | integer | `0` | – | `llama`, `scripted`: computing threads"),
              std::string_view::npos)
        << table;
    EXPECT_NE(table.find("`${XDG_DATA_HOME:-~/.local/share}/parley`"), std::string_view::npos)
        << "as it is written, for everybody";
    EXPECT_NE(table.find("| `server.max_body_size` | size | `4MiB` |"), std::string_view::npos);
}

}  // namespace
}  // namespace parley::testing
