// Every refusal names the place, the key, what is wrong and what would be right.
#include "unit/config/config_fixture.hpp"

#include <string>
#include <utility>

namespace parley::testing {
namespace {

using strings = std::vector<std::string>;

struct refused_case {
    char const* name;
    char const* text;
    char const* line;
};

std::string case_name(::testing::TestParamInfo<refused_case> const& one) { return one.param.name; }

class refused : public config_test, public ::testing::WithParamInterface<refused_case> {};

TEST_P(refused, with_place_key_and_reason) { EXPECT_EQ(refusal(GetParam().text), strings{GetParam().line}); }

constexpr refused_case single_values[] = {
    {"unknown_key", "server:\n  prot: 80\n",
     "test.yaml:2: server.prot: there is no such key; did you mean \"server.port\"?"},
    {"unknown_key_of_another_group", "log: {}\nport: 80\n",
     "test.yaml:2: port: there is no such key; did you mean \"server.port\"?"},
    {"unknown_group", "servr:\n  port: 80\n",
     "test.yaml:1: servr: there is no such key; did you mean \"server\"?"},
    {"unknown_without_suggestion", "completely_different_thing: 1\n",
     "test.yaml:1: completely_different_thing: there is no such key"},
    {"dotted_key", "server.port: 80\n",
     "test.yaml:1: server.port: there is no such key; did you mean \"server.port\"?"},
    {"text_for_a_number", "server:\n  port: many\n",
     "test.yaml:2: server.port: \"many\" is not a whole number, from 0 to 65535"},
    {"quoted_number", "server:\n  port: \"80\"\n",
     "test.yaml:2: server.port: \"80\" in quotes is text; a whole number is written without them"},
    {"fraction", "server: {port: 80.5}\n",
     "test.yaml:1: server.port: \"80.5\" is not a whole number, from 0 to 65535"},
    {"number_out_of_range", "server:\n\n  port: 70000\n",
     "test.yaml:3: server.port: 70000 is out of range; it must be from 0 to 65535"},
    {"number_beyond_64_bits", "server: {port: 99999999999999999999}\n",
     "test.yaml:1: server.port: \"99999999999999999999\" is not a whole number, from 0 to 65535"},
    {"list_for_a_value", "server:\n  port: [80]\n",
     "test.yaml:2: server.port: there is a list where one value (integer) is expected"},
    {"nothing_for_a_value", "server:\n  port:\n",
     "test.yaml:2: server.port: there is nothing where one value (integer) is expected"},
    {"value_for_a_group", "server: 80\n",
     "test.yaml:1: server: there is a single value where a group of keys is expected"},
    {"list_for_everything", "- server\n", "test.yaml:1: there is a list where keys are expected"},
    {"negative_duration", "server: {idle_timeout: -5s}\n",
     "test.yaml:1: server.idle_timeout: -5s is out of range; it must be from 1ms to 24h"},
    {"duration_without_unit", "server: {idle_timeout: 30}\n",
     "test.yaml:1: server.idle_timeout: \"30\" is not a duration such as 500ms, 30s, 5m or 1h, from 1ms to "
     "24h"},
    {"no_deadline_at_all", "server: {body_timeout: 0s}\n",
     "test.yaml:1: server.body_timeout: 0s is out of range; it must be from 1ms to 1h"},
    {"size_with_another_unit", "server: {max_body_size: 4MB}\n",
     "test.yaml:1: server.max_body_size: \"4MB\" is not a size such as 65536, 64KiB or 4MiB, from 1KiB to "
     "1GiB"},
    {"size_out_of_range", "server: {max_body_size: 2GiB}\n",
     "test.yaml:1: server.max_body_size: 2GiB is out of range; it must be from 1KiB to 1GiB"},
    {"overflowing_size", "server: {max_body_size: 9223372036854775807GiB}\n",
     "test.yaml:1: server.max_body_size: 9223372036854775807GiB is out of range; it must be from 1KiB to "
     "1GiB"},
    {"not_a_choice", "log:\n  level: loud\n",
     "test.yaml:2: log.level: \"loud\" is not possible; it must be trace, debug, info, warn or error"},
    {"unknown_store", "store: {kind: mysql}\n",
     "test.yaml:1: store.kind: \"mysql\" is not possible; it must be sqlite or mongodb"},
    {"mongodb_without_an_address", "store: {kind: mongodb}\n",
     "test.yaml:1: store.uri: is missing; kind mongodb needs an address such as "
     "mongodb://host:27017/?replicaSet=rs0 (with a password: in PARLEY_STORE_URI)"},
    {"password_in_a_file", "store: {kind: mongodb, uri: \"mongodb://ada:secret@db/?replicaSet=rs0\"}\n",
     "test.yaml:1: store.uri: has a password in it; secrets come from the environment only: put the whole "
     "address into PARLEY_STORE_URI"},
    {"key_password_in_a_file",
     "store: {uri: \"mongodb://db/?tls=true&tlsCertificateKeyFilePassword=secret\"}\n",
     "test.yaml:1: store.uri: has a password in it; secrets come from the environment only: put the whole "
     "address into PARLEY_STORE_URI"},
    {"address_of_another_store", "store: {uri: \"postgres://db\"}\n",
     "test.yaml:1: store.uri: is no address that begins with mongodb:// or mongodb+srv://"},
    {"bad_database_name", "store: {database: a.b}\n",
     "test.yaml:1: store.database: \"a.b\" can not be the name of a database: none of /\\. \"$*<>:|? is "
     "possible"},
    {"empty_host", "server: {host: ''}\n", "test.yaml:1: server.host: must not be empty"},
    {"host_name", "server: {host: example.org}\n",
     "test.yaml:1: server.host: \"example.org\" is not an IP address such as 127.0.0.1 or ::1 (without "
     "brackets)"},
    {"line_break_in_text", "server: {host: \"127.0.0.1\\n\"}\n",
     "test.yaml:1: server.host: control characters and line breaks are not possible here"},
    {"duplicate_key", "server:\n  port: 1\n  host: 127.0.0.1\n  port: 2\n",
     "test.yaml:4: server.port: is there twice; the first one is in line 2"},
    {"duplicate_group", "log: {}\nserver: {port: 1}\nlog: {}\n",
     "test.yaml:3: log: is there twice; the first one is in line 1"},
    {"key_that_is_no_word", "? [a]\n: 1\n", "test.yaml:1: a key must be a word"},
    {"syntax", "server:\n  port: 1\n host: x\n", "test.yaml:3: not readable as YAML: end of map not found"},
    {"unclosed_list", "models: [\n", "test.yaml:2: not readable as YAML: end of sequence flow not found"},
    {"two_documents", "log: {}\n---\nlog: {}\n",
     "test.yaml:2: a second document begins here; only one is possible"},
    {"text_behind_the_end", "[a], b\n", "test.yaml:1: a second document begins here; only one is possible"},
    {"broken_utf8", "log: {level: \"\xff\"}\n", "test.yaml: the text is not valid UTF-8"},
};
INSTANTIATE_TEST_SUITE_P(single_values, refused, ::testing::ValuesIn(single_values), case_name);

constexpr refused_case access_rules[] = {
    {"open_door", "server:\n  host: 0.0.0.0\n",
     "test.yaml:2: server.host: 0.0.0.0 can be reached from other machines, and auth.mode none lets "
     "everybody in who "
     "reaches it; listen on 127.0.0.1 or ::1, or set auth.mode to api_key, jwt or trusted_header"},
    {"open_door_ipv6", "server: {host: \"::\"}\n",
     "test.yaml:1: server.host: :: can be reached from other machines, and auth.mode none lets everybody in "
     "who "
     "reaches it; listen on 127.0.0.1 or ::1, or set auth.mode to api_key, jwt or trusted_header"},
    {"unknown_mode", "auth: {mode: guess}\n",
     "test.yaml:1: auth.mode: \"guess\" is not possible; it must be none, api_key, jwt or trusted_header"},
    {"proxy_without_an_address", "auth: {mode: trusted_header}\n",
     "test.yaml:1: auth.trusted_proxies: is missing; auth.mode trusted_header needs the addresses of the "
     "proxy: "
     "from anywhere else the header is worth nothing"},
    {"no_address_of_a_proxy", "auth: {trusted_proxies: [proxy.local]}\n",
     "test.yaml:1: auth.trusted_proxies: \"proxy.local\" is no IP address or network such as 10.0.0.7 or "
     "10.0.0.0/8"},
    {"network_with_bits_of_a_host", "auth: {trusted_proxies: [10.0.0.5/8]}\n",
     "test.yaml:1: auth.trusted_proxies: \"10.0.0.5/8\" is no network, for its address goes on behind the "
     "first 8 bits; write 10.0.0.0/8, or 10.0.0.5 for that one address"},
    {"network_of_ipv6_with_bits_of_a_host", "auth: {trusted_proxies: [\"fd00::1/8\"]}\n",
     "test.yaml:1: auth.trusted_proxies: \"fd00::1/8\" is no network, for its address goes on behind the "
     "first 8 bits; write fd00::/8, or fd00::1 for that one address"},
    {"everybody_as_a_proxy", "auth: {trusted_proxies: [0.0.0.0/0]}\n",
     "test.yaml:1: auth.trusted_proxies: \"0.0.0.0/0\" is everybody: then the header is worth nothing, "
     "anybody may say who asks"},
    {"everybody_with_ipv6_as_a_proxy", "auth: {trusted_proxies: [\"::/0\"]}\n",
     "test.yaml:1: auth.trusted_proxies: \"::/0\" is everybody: then the header is worth nothing, anybody "
     "may "
     "say who asks"},
    {"header_that_has_another_meaning", "auth: {user_header: Host}\n",
     "test.yaml:1: auth.user_header: \"Host\" means something else to HTTP or to Parley; it must be a header "
     "that nobody but the proxy sets, such as X-Forwarded-User"},
    {"origin_with_the_port_of_https", "cors: {origins: [\"https://app.example:443\"]}\n",
     "test.yaml:1: cors.origins: \"https://app.example:443\" has the port that https has anyway, and "
     "browsers "
     "leave it out; write https://app.example"},
    {"origin_with_the_port_of_http", "cors: {origins: [\"http://[::1]:80\"]}\n",
     "test.yaml:1: cors.origins: \"http://[::1]:80\" has the port that http has anyway, and browsers leave "
     "it "
     "out; write http://[::1]"},
    {"no_name_of_a_header", "auth: {user_header: \"X User\"}\n",
     "test.yaml:1: auth.user_header: \"X User\" can not be the name of a header"},
    {"no_origin", "cors: {origins: [app.example]}\n",
     "test.yaml:1: cors.origins: \"app.example\" is no origin such as https://app.example, in small letters "
     "and "
     "without a path"},
    {"limits_without_their_redis", "limits: {kind: redis}\n",
     "test.yaml:1: cache.uri: is missing; limits.kind redis counts in that Redis, such as "
     "redis://localhost:6379"},
    {"secret_in_a_file", "auth: {bootstrap_key: 0123456789012345678901234567890123}\n",
     "test.yaml:1: auth.bootstrap_key: is a secret and has no place in a file; set PARLEY_AUTH_BOOTSTRAP_KEY "
     "instead"},
};
INSTANTIATE_TEST_SUITE_P(access_rules, refused, ::testing::ValuesIn(access_rules), case_name);

constexpr refused_case model_rules[] = {
    {"no_list", "models: echo\n",
     "test.yaml:1: models: there is a single value where a list, empty ([]) if there are none is expected"},
    {"entry_that_is_no_group", "models:\n  - echo\n",
     "test.yaml:2: models[0]: there is a single value where a group of keys with name, kind and path is "
     "expected"},
    {"without_name", "models:\n  - kind: scripted\n",
     "test.yaml:2: models[0].name: is missing; every model needs a name"},
    {"empty_name", "models:\n  - name: ''\n    kind: scripted\n",
     "test.yaml:2: models[0].name: must not be empty"},
    {"unknown_kind", "models:\n  - name: a\n    kind: lama\n",
     "test.yaml:3: models[0].kind: \"lama\" is not possible; it must be llama, upstream, route or scripted"},
    {"unknown_key_of_a_model", "models:\n  - name: a\n    kind: scripted\n    paralel: 2\n",
     "test.yaml:4: models[0].paralel: there is no such key; did you mean \"models[0].parallel\"?"},
    {"llama_without_path", "models:\n  - name: a\n",
     "test.yaml:2: models[0].path: is missing; kind llama needs a GGUF file"},
    {"scripted_with_path", "models:\n  - name: a\n    kind: scripted\n    path: x\n",
     "test.yaml:4: models[0].path: means nothing for kind scripted; leave it out"},
    {"name_used_twice",
     "models:\n  - {name: a, kind: scripted}\n  - {name: b, kind: scripted}\n  - {name: a, kind: scripted}\n",
     "test.yaml:4: models[2].name: \"a\" is the name of models[0] already (test.yaml:2)"},
    {"hot", "models:\n  - {name: a, kind: scripted, default_temperature: 2.5}\n",
     "test.yaml:2: models[0].default_temperature: 2.5 is out of range; it must be from 0 to 2"},
    {"not_a_number", "models:\n  - {name: a, kind: scripted, default_temperature: nan}\n",
     "test.yaml:2: models[0].default_temperature: \"nan\" is not a number, from 0 to 2"},
    {"unknown_default", "default_model: gpt\n",
     "test.yaml:1: default_model: there is no model \"gpt\"; models has: smollm2-135m-instruct"},
    {"default_of_nothing", "default_model: a\nmodels: []\n",
     "test.yaml:1: default_model: \"a\" can not be there: models is an empty list (test.yaml:2)"},
};
INSTANTIATE_TEST_SUITE_P(model_rules, refused, ::testing::ValuesIn(model_rules), case_name);

constexpr refused_case paths[] = {
    {"another_variable", "store: {path: \"${PWD}/x\"}\n",
     "test.yaml:1: store.path: ${PWD} can not be used in a path; these can: HOME, XDG_CACHE_HOME, "
     "XDG_CONFIG_HOME, "
     "XDG_DATA_HOME, XDG_RUNTIME_DIR, XDG_STATE_HOME"},
    {"absent_variable", "store: {path: \"${XDG_STATE_HOME}/x\"}\n",
     "test.yaml:1: store.path: ${XDG_STATE_HOME} is not set to an absolute path; set it or write a fallback: "
     "${XDG_STATE_HOME:-~/folder}"},
    {"bare_variable", "store: {path: $HOME/x}\n",
     "test.yaml:1: store.path: \"$HOME/x\": a variable is written as ${HOME}"},
    {"somebody_else", "store: {path: ~bob/x}\n",
     "test.yaml:1: store.path: \"~bob/x\": only your own home folder can be written as ~"},
    {"empty_path", "store: {path: ''}\n", "test.yaml:1: store.path: must not be empty"},
};
INSTANTIATE_TEST_SUITE_P(paths, refused, ::testing::ValuesIn(paths), case_name);

using refused_together = config_test;

TEST_F(refused_together, all_problems_of_all_layers_are_told_at_once) {
    write_file("server:\n  port: 70000\n  hots: x\nlog:\n  level: loud\n");
    request_.environment["PARLEY_SERVER_IDLE_TIMEOUT"] = "soon";
    request_.flags = {{"--port", "server.port", "http"}};
    EXPECT_EQ(
        lines(load()),
        (strings{
            "test.yaml:2: server.port: 70000 is out of range; it must be from 0 to 65535",
            "test.yaml:3: server.hots: there is no such key; did you mean \"server.host\"?",
            "test.yaml:5: log.level: \"loud\" is not possible; it must be trace, debug, info, warn or error",
            "PARLEY_SERVER_IDLE_TIMEOUT: server.idle_timeout: \"soon\" is not a duration such as 500ms, 30s, "
            "5m or 1h, from 1ms to 24h",
            "--port: server.port: \"http\" is not a whole number, from 0 to 65535"}));
}

TEST_F(refused_together, a_wrong_list_of_models_does_not_blame_the_default_model_too) {
    EXPECT_EQ(refusal("default_model: a\nmodels:\n  - {name: a, kind: scripted, parallel: 0}\n"),
              strings{"test.yaml:3: models[0].parallel: 0 is out of range; it must be from 1 to 100000"});
}

TEST_F(refused_together, a_file_that_can_not_be_read) {
    request_.file = "absent.yaml";
    EXPECT_EQ(lines(load()), strings{"absent.yaml: can not be read: No such file or directory"});
    request_.file = ".";
    EXPECT_EQ(lines(load()), strings{".: is a folder, not a file"});
    EXPECT_EQ(refusal(std::string(1024 * 1024 + 1, '#')), strings{"test.yaml: is larger than 1 MiB"});
    EXPECT_EQ(refusal(std::string(1024 * 1024, '#')), strings{});
}

TEST_F(refused_together, deep_nesting_is_an_error_and_no_crash) {
    auto const outcome = refusal("models: " + std::string(100'000, '['));
    ASSERT_EQ(outcome.size(), 1U);
    EXPECT_TRUE(outcome[0].starts_with("test.yaml:1: not readable as YAML: ")) << outcome[0];
}

using refused_environment = config_test;

TEST_F(refused_environment, unknown_variables) {
    request_.environment["PARLEY_SERVER_PROT"] = "80";
    request_.environment["PARLEY_PORT"] = "80";
    request_.environment["PARLEY_COMPLETELY_DIFFERENT"] = "80";
    request_.environment["PARLEY_TO_SERVER_HOST"] = "80";
    EXPECT_EQ(lines(load()),
              (strings{"PARLEY_COMPLETELY_DIFFERENT: there is no such variable",
                       "PARLEY_PORT: there is no such variable; did you mean PARLEY_SERVER_PORT?",
                       "PARLEY_SERVER_PROT: there is no such variable; did you mean PARLEY_SERVER_PORT?",
                       "PARLEY_TO_SERVER_HOST: there is no such variable; did you mean "
                       "PARLEY_SERVER_HOST?"}));
}

TEST_F(refused_environment, variables_of_others_are_left_alone) {
    for (auto const* name :
         {"PARLEYX", "PORT", "PARLEY_TEST_MONGODB_URI", "PARLEY_BUILD_DIR", "PARLEY_DEV_X", "PARLEY_BINARY",
          "PARLEY_JOBS", "PARLEY_CONFIG", "PARLEY_URL", "PARLEY_TO_STORE_URI", "PARLEY_SERVICE_HOST",
          "PARLEY_SERVICE_PORT_HTTP", "PARLEY_PORT_8080_TCP_ADDR"}) {
        request_.environment[name] = "x";
    }
    request_.environment["PARLEY_PORT"] = "tcp://10.0.0.1:8080";
    EXPECT_EQ(lines(load()), strings{});
}

TEST_F(refused_environment, models_that_can_not_be_read) {
    request_.environment["PARLEY_MODELS"] = "[{name: a";
    EXPECT_EQ(lines(load()), strings{"PARLEY_MODELS: not readable as YAML: end of map flow not found"});
    request_.environment["PARLEY_MODELS"] = "[{name: a, knid: scripted}]";
    EXPECT_EQ(
        lines(load()),
        strings{"PARLEY_MODELS: models[0].knid: there is no such key; did you mean \"models[0].kind\"?"});
    request_.environment["PARLEY_MODELS"] = "smollm";
    EXPECT_EQ(lines(load()), strings{"PARLEY_MODELS: models: there is a single value where a list, empty "
                                     "([]) if there are none is expected"});
    request_.environment["PARLEY_MODELS"] = "";
    EXPECT_EQ(lines(load()), strings{"PARLEY_MODELS: models: there is nothing where a list, empty ([]) if "
                                     "there are none is expected"});
}

TEST_F(refused_environment, lists_that_can_not_be_read) {
    struct broken {
        char const* written;
        char const* what;
    };
    write_file("cors: {origins: [\"https://file.example\"]}\n");
    for (auto const& [written, what] : {
             broken{"[\"https://a.example\"", "not readable as YAML: end of sequence flow not found"},
             broken{"[https://a.example], https://b.example", "there is more behind the end of the list"},
             broken{"[https://a.example] x", "there is more behind the end of the list"},
             broken{"[https://a.example,,https://b.example]",
                    "there is nothing in the list where a single value is expected"},
             broken{"[null]", "there is nothing in the list where a single value is expected"},
             broken{"[[https://a.example]]", "there is a list in the list where a single value is expected"},
             broken{"[a]: b", "there is a group of keys where a list of texts is expected"},
             broken{"https://a.example,,https://b.example", "in an entry: must not be empty"},
             broken{"https://a.example,", "in an entry: must not be empty"},
             broken{
                 "https://a.example;https://b.example",
                 "\"https://a.example;https://b.example\" is no origin such as https://app.example, in small "
                 "letters and without a path"},
         }) {
        request_.environment["PARLEY_CORS_ORIGINS"] = written;
        EXPECT_EQ(lines(load()), strings{fmt::format("PARLEY_CORS_ORIGINS: cors.origins: {}", what)})
            << written;
    }
}

TEST_F(refused_environment, a_list_that_can_not_be_read_is_not_missing_too) {
    write_file("auth: {mode: trusted_header}\n");
    request_.environment["PARLEY_AUTH_TRUSTED_PROXIES"] = "[10.0.0.1";
    EXPECT_EQ(lines(load()),
              strings{"PARLEY_AUTH_TRUSTED_PROXIES: auth.trusted_proxies: not readable as YAML: "
                      "end of sequence flow not found"});
}

TEST_F(refused_environment, no_home_folder) {
    request_.environment.erase("HOME");
    EXPECT_EQ(lines(load()).size(), 2U) << "the data folder and the model's file";
    request_.flags = {{"--data", "store.path", "/srv/parley"}};
    request_.environment["PARLEY_MODELS"] = "[]";
    EXPECT_EQ(lines(load()), strings{}) << "nothing needs it any more";
}

}  // namespace
}  // namespace parley::testing
