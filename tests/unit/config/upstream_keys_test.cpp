// The list of upstreams: what is read, what is refused, and that no key is ever shown.
#include "common/config_print.hpp"
#include "unit/config/config_fixture.hpp"

using namespace std::chrono_literals;

namespace parley::testing {
namespace {

using strings = std::vector<std::string>;

constexpr std::string_view canary = "sk-canary-5f1c";

class upstream_keys_read : public config_test {
protected:
    upstream_keys_read() { request_.environment["OPENAI_API_KEY"] = canary; }
};

TEST_F(upstream_keys_read, every_key_from_a_file) {
    auto const outcome = load_file(
        "upstreams:\n"
        "  - name: openai\n"
        "    base_url: https://api.openai.com/v1/\n"
        "    api_key_variable: OPENAI_API_KEY\n"
        "    headers: [\"OpenAI-Organization: a, b\", 'X-Empty:']\n"
        "    max_tokens_parameter: max_completion_tokens\n"
        "    system_role: developer\n"
        "    leave_out: [seed, top_p]\n"
        "    stream_usage: false\n"
        "    ca_file: ca.pem\n"
        "    proxy: http://proxy:3128\n"
        "    connect_timeout: 1s\n"
        "    first_token_timeout: 2s\n"
        "    token_timeout: 3s\n"
        "    idle_timeout: 4s\n"
        "    max_connections: 5\n"
        "    discover_every: 6m\n"
        "  - {name: claude, dialect: anthropic, base_url: https://api.anthropic.com/v1}\n");
    ASSERT_EQ(lines(outcome), strings{});
    ASSERT_EQ(outcome->values.upstreams.size(), 2U);
    auto const& one = outcome->values.upstreams[0];
    EXPECT_EQ(one.base_url, "https://api.openai.com/v1") << "a path is put behind it";
    EXPECT_EQ(one.api_key, canary);
    EXPECT_EQ(one.headers, (strings{"OpenAI-Organization: a, b", "X-Empty:"}));
    EXPECT_EQ(one.max_tokens_parameter, "max_completion_tokens");
    EXPECT_EQ(one.system_role, "developer");
    EXPECT_EQ(one.leave_out, (strings{"seed", "top_p"}));
    EXPECT_FALSE(one.stream_usage);
    EXPECT_EQ(one.ca_file, folder_ / "ca.pem");
    EXPECT_EQ(one.proxy, "http://proxy:3128");
    EXPECT_EQ(one.connect_timeout, 1s);
    EXPECT_EQ(one.first_token_timeout, 2s);
    EXPECT_EQ(one.token_timeout, 3s);
    EXPECT_EQ(one.idle_timeout, 4s);
    EXPECT_EQ(one.max_connections, 5U);
    EXPECT_EQ(one.discover_every, 6min);
    EXPECT_EQ(outcome->values.upstreams[1].dialect, "anthropic");
    EXPECT_EQ(outcome->origins.at("upstreams[0].headers").source, "test.yaml:5");
    EXPECT_EQ(outcome->origins.at("upstreams[0].api_key").source, "OPENAI_API_KEY");
    EXPECT_EQ(outcome->origins.at("upstreams[1].proxy").source, "default");
}

TEST_F(upstream_keys_read, the_list_from_the_environment_with_a_key_in_a_variable_of_ours) {
    request_.environment["PARLEY_UPSTREAMS"] =
        R"([{"name": "a", "base_url": "http://localhost:11434/v1", "api_key_variable": "PARLEY_KEY_OF_A"}])";
    request_.environment["PARLEY_KEY_OF_A"] = "k";  // sorts before the list that names it
    auto const outcome = load();
    ASSERT_EQ(lines(outcome), strings{});
    EXPECT_EQ(outcome->values.upstreams.at(0).api_key, "k");
    EXPECT_EQ(outcome->origins.at("upstreams[0].name").source, "PARLEY_UPSTREAMS");
    request_.environment["PARLEY_UPSTREAMS"] = "[]";
    EXPECT_EQ(lines(load()), strings{"PARLEY_KEY_OF_A: there is no such variable"}) << "nobody names it";
}

TEST_F(upstream_keys_read, a_later_list_replaces_an_earlier_one) {
    write_file(
        "upstreams: [{name: a, base_url: http://a, api_key_variable: ABSENT}]\nmodels: [{name: m, kind: "
        "scripted}]\n");
    request_.environment["PARLEY_UPSTREAMS"] = "[{name: b, base_url: 'http://b'}]";
    auto const outcome = load();
    ASSERT_EQ(lines(outcome), strings{});
    EXPECT_EQ(outcome->values.upstreams.at(0).name, "b");
    EXPECT_EQ(outcome->values.models.at(0).name, "m") << "the other list stays";
    EXPECT_EQ(outcome->origins.at("models[0].name").source, "test.yaml:2");
}

TEST_F(upstream_keys_read, what_is_printed_has_no_key_and_can_be_read_back) {
    auto const first = load_file(
        "upstreams:\n"
        "  - {name: openai, base_url: 'https://api.openai.com/v1', api_key_variable: OPENAI_API_KEY,\n"
        "     headers: [\"X-A: 1, 2\", \"X-B: \\\"q\\\"\"], leave_out: [seed]}\n"
        "  - {name: claude, dialect: anthropic, base_url: 'https://api.anthropic.com/v1'}\n"
        "models:\n"
        "  - {name: m, kind: upstream, upstream: openai, abilities: [tools, images], price_input: 0.15}\n"
        "  - {name: n, kind: upstream, upstream: claude, context_window: 200000}\n"
        "  - {name: r, kind: route, targets: [m, \"n\"], weights: [3, 1], hedge_after: 2s}\n");
    ASSERT_EQ(lines(first), strings{});
    auto const text = to_yaml(*first);
    EXPECT_EQ(text.find(canary), std::string::npos) << text;
    EXPECT_NE(text.find("\n    # api_key: (set) "), std::string::npos) << text;
    EXPECT_NE(text.find("# OPENAI_API_KEY\n"), std::string::npos) << text;
    EXPECT_NE(text.find("    weights: [3, 1] "), std::string::npos) << text;
    auto const second = load_file(text);
    ASSERT_EQ(lines(second), strings{}) << text;
    EXPECT_EQ(second->values.upstreams[0].headers, first->values.upstreams[0].headers);
    EXPECT_EQ(second->values.upstreams[0].api_key, canary);
    EXPECT_EQ(second->values.models[0].context_window, 0);
    EXPECT_EQ(second->values.models[0].abilities, (strings{"tools", "images"}));
    EXPECT_EQ(second->values.models[0].price_input, 0.15);
    EXPECT_EQ(second->values.models[2].targets, (strings{"m", "n"}));
    EXPECT_EQ(second->values.models[2].hedge_after, 2s);
}

struct refused_upstream {
    char const* name;
    char const* keys;  // behind "name: a"
    char const* line;
};

class upstream_refused : public config_test, public ::testing::WithParamInterface<refused_upstream> {};

TEST_P(upstream_refused, with_place_key_and_reason_and_without_the_value) {
    request_.environment = {{"HOME", "/home/ada"},
                            {"EMPTY", ""},
                            {"BROKEN", "secret\n"},
                            {"BLANK", "secret x"},
                            {"UMLAUT", "secret\u00e4"}};
    std::string_view const keys{GetParam().keys};
    auto const refused = refusal(fmt::format("upstreams:\n  - name: a\n    {}\n{}", keys,
                                             keys.starts_with("base_url") ? "" : "    base_url: http://a\n"));
    EXPECT_EQ(refused, strings{std::string{"test.yaml:3: upstreams[0]."} + GetParam().line});
    for (auto const& line : refused) EXPECT_EQ(line.find("secret-"), std::string::npos) << line;
}

constexpr char const* no_address =
    "base_url: is no address such as https://api.openai.com/v1 or http://localhost:11434/v1";
constexpr char const* user_in_address =
    "base_url: has a user or a password in it; a key belongs into the variable that api_key_variable names";
constexpr char const* no_header = "headers: has an entry that is not written as \"Name: value\"";
constexpr char const* no_proxy = "proxy: must be environment, none or an address such as http://proxy:3128";

constexpr refused_upstream addresses[] = {
    {"of_another_scheme", "base_url: ftp://secret-host/v1", no_address},
    {"without_scheme", "base_url: localhost:11434/v1", no_address},
    {"with_a_blank", "base_url: \"http://secret-a b/v1\"", no_address},
    {"without_host", "base_url: http:///v1", "base_url: names no host"},
    {"port_zero", "base_url: http://a:0/v1", "base_url: has a port that is not from 1 to 65535"},
    {"port_too_large", "base_url: http://a:70000/v1", "base_url: has a port that is not from 1 to 65535"},
    {"user", "base_url: https://secret-user@a/v1", user_in_address},
    {"password", "base_url: https://u:secret-pw@a/v1", user_in_address},
    {"query", "base_url: https://a/v1?key=secret-key", "base_url: must end with its path, without ? and #"},
    {"fragment", "base_url: https://a/v1#x", "base_url: must end with its path, without ? and #"},
    {"whole_path", "base_url: https://a/v1/chat/completions/",
     "base_url: ends with /chat/completions, which is put behind it with each request; leave it out"},
    {"proxy_that_is_a_word", "proxy: system", no_proxy},
    {"proxy_over_tls", "proxy: https://p", no_proxy},
    {"proxy_with_a_path", "proxy: http://p/x", no_proxy},
    {"proxy_with_a_password", "proxy: 'http://u:secret-pw@p:1'",
     "proxy: has a user or a password in it; secrets come from the environment only: write environment, and "
     "put the whole address into HTTPS_PROXY"},
};

constexpr refused_upstream keys_of_servers[] = {
    {"key_in_the_file", "api_key: secret-key",
     "api_key: is a secret and has no place in a file; put it into an environment variable and write that "
     "one's name as api_key_variable"},
    {"key_for_a_name", "api_key_variable: secret-key",
     "api_key_variable: is not the name of an environment variable (letters, digits and _); the key itself "
     "belongs into that variable"},
    {"key_that_could_be_a_name", "api_key_variable: gsk_secret",
     "api_key_variable: the variable that is named is not set; it must hold the key"},
    {"absent", "api_key_variable: ABSENT",
     "api_key_variable: the variable ABSENT is not set; it must hold the key"},
    {"empty", "api_key_variable: EMPTY",
     "api_key_variable: the variable EMPTY is empty; it must hold the key"},
    {"line_break", "api_key_variable: BROKEN",
     "api_key_variable: the variable BROKEN has a blank, a line break or another character in it that no key "
     "can have"},
    {"blank", "api_key_variable: BLANK",
     "api_key_variable: the variable BLANK has a blank, a line break or another character in it that no key "
     "can have"},
    {"beyond_ascii", "api_key_variable: UMLAUT",
     "api_key_variable: the variable UMLAUT has a blank, a line break or another character in it that no key "
     "can have"},
    {"the_stores_password", "api_key_variable: PARLEY_STORE_URI",
     "api_key_variable: PARLEY_STORE_URI has another meaning for Parley; choose another name"},
    {"the_new_stores_password", "api_key_variable: PARLEY_TO_STORE_URI",
     "api_key_variable: PARLEY_TO_STORE_URI has another meaning for Parley; choose another name"},
};

constexpr refused_upstream requests[] = {
    {"header_without_colon", "headers: [secret-header]", no_header},
    {"header_without_name", "headers: [\": secret-header\"]", no_header},
    {"header_with_a_blank_in_its_name", "headers: [\"X A: secret-a\"]", no_header},
    {"header_with_a_line_break", "headers: [\"X-A: secret-a\\nB: c\"]",
     "headers: in an entry: control characters and line breaks are not possible here"},
    {"header_beyond_ascii", "headers: [\"X-A: secret-\u00e4\"]",
     "headers: the value of X-A has characters other than those of ASCII"},
    {"header_with_the_key", "headers: [\"X-A: b\", \"Authorization: Bearer secret-key\"]",
     "headers: Authorization holds a secret; put it into an environment variable and write that one's name "
     "as api_key_variable"},
    {"header_with_another_key", "headers: [\"X-API-Key: secret-key\"]",
     "headers: X-API-Key holds a secret; put it into an environment variable and write that one's name as "
     "api_key_variable"},
    {"header_of_ours", "headers: [\"Content-length: 3\"]", "headers: Content-length is set by Parley itself"},
    {"headers_as_a_map", "headers: {X-A: b}",
     "headers: there is a group of keys where a list of texts is expected"},
    {"parameter_that_is_needed", "leave_out: [seed, messages]",
     "leave_out: without \"messages\" there is no request"},
    {"parameter_that_is_none", "leave_out: [max tokens]",
     "leave_out: \"max tokens\" is not the name of a parameter such as seed"},
    {"no_boolean", "stream_usage: yes", "stream_usage: \"yes\" is not possible; it must be true or false"},
    {"quoted_boolean", "stream_usage: \"true\"",
     "stream_usage: \"true\" is not possible; it must be true or false"},
    {"too_often", "discover_every: 500ms",
     "discover_every: 500ms is out of range; it must be 0ms or from 1s to 24h"},
    {"unknown_key", "base_ulr: http://a",
     "base_ulr: there is no such key; did you mean \"upstreams[0].base_url\"?"},
};

std::string upstream_case_name(::testing::TestParamInfo<refused_upstream> const& one) {
    return one.param.name;
}
INSTANTIATE_TEST_SUITE_P(addresses, upstream_refused, ::testing::ValuesIn(addresses), upstream_case_name);
INSTANTIATE_TEST_SUITE_P(api_keys, upstream_refused, ::testing::ValuesIn(keys_of_servers),
                         upstream_case_name);
INSTANTIATE_TEST_SUITE_P(requests, upstream_refused, ::testing::ValuesIn(requests), upstream_case_name);

using upstreams_refused = config_test;

TEST_F(upstreams_refused, entries_that_lack_something) {
    EXPECT_EQ(refusal("upstreams:\n  - base_url: http://a\n"),
              strings{"test.yaml:2: upstreams[0].name: is missing; every upstream needs a name"});
    EXPECT_EQ(refusal("upstreams:\n  - name: a\n"),
              strings{"test.yaml:2: upstreams[0].base_url: is missing; every upstream needs one such as "
                      "https://api.openai.com/v1"});
    EXPECT_EQ(
        refusal("upstreams: [openai]\n"),
        strings{"test.yaml:1: upstreams[0]: there is a single value where a group of keys with name and "
                "base_url is expected"});
    EXPECT_EQ(refusal("upstreams:\n"), strings{"test.yaml:1: upstreams: there is nothing where a list, empty "
                                               "([]) if there are none is expected"});
    EXPECT_EQ(
        refusal("upstreams:\n  - {name: a, base_url: http://a}\n  - {name: a, base_url: http://b}\n"),
        strings{"test.yaml:3: upstreams[1].name: \"a\" is the name of upstreams[0] already (test.yaml:2)"});
}

TEST_F(upstreams_refused, keys_of_another_dialect) {
    EXPECT_EQ(
        refusal("upstreams:\n  - name: a\n    dialect: anthropic\n    base_url: http://a\n"
                "    stream_usage: true\n    system_role: developer\n"),
        (strings{"test.yaml:6: upstreams[0].system_role: means nothing for dialect anthropic; leave it out",
                 "test.yaml:5: upstreams[0].stream_usage: means nothing for dialect anthropic; leave it "
                 "out"}));
}

TEST_F(upstreams_refused, an_ability_of_a_model_that_its_dialect_lacks) {
    EXPECT_EQ(refusal("upstreams:\n  - {name: a, dialect: anthropic, base_url: 'http://a'}\n"
                      "models:\n  - name: m\n    kind: upstream\n    upstream: a\n"
                      "    abilities: [tools, structured_output]\n"),
              (strings{"test.yaml:7: models[0].abilities: structured_output is nothing that the dialect "
                       "anthropic has"}));
}

}  // namespace
}  // namespace parley::testing
