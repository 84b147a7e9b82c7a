// Lists of texts in environment variables.
#include "common/config_print.hpp"
#include "unit/config/config_fixture.hpp"

namespace parley::testing {
namespace {

using list_variables = config_test;
using strings = std::vector<std::string>;

TEST_F(list_variables, are_commas_or_yaml_or_json) {
    write_file("cors: {origins: [\"https://file.example\"]}\n");
    for (auto const* written :
         {"https://a.example,http://b:5173", " https://a.example , http://b:5173\n",
          "[https://a.example, http://b:5173]", R"(["https://a.example","http://b:5173"])",
          "\n[\n  \"https://a.example\",\n  \"http://b:5173\",\n]\n"}) {
        request_.environment["PARLEY_CORS_ORIGINS"] = written;
        auto const outcome = load();
        ASSERT_EQ(lines(outcome), strings{}) << written;
        EXPECT_EQ(outcome->values.cors.origins, (strings{"https://a.example", "http://b:5173"})) << written;
        EXPECT_EQ(outcome->origins.at("cors.origins").source, "PARLEY_CORS_ORIGINS");
    }
}

TEST_F(list_variables, are_empty_when_nothing_is_in_them) {
    write_file("cors: {origins: [\"https://file.example\"]}\n");
    for (auto const* written : {"", "  ", "[]", " [ ] "}) {
        request_.environment["PARLEY_CORS_ORIGINS"] = written;
        auto const outcome = load();
        ASSERT_EQ(lines(outcome), strings{}) << written;
        EXPECT_EQ(outcome->values.cors.origins, strings{}) << written;
    }
}

TEST_F(list_variables, hold_what_only_one_of_the_forms_can_say) {
    request_.environment["PARLEY_AUTH_JWT_AUDIENCE"] = R"(["a, b", "[c]", " d "])";
    request_.environment["PARLEY_AUTH_TRUSTED_PROXIES"] = "10.0.0.7, fd00::/8, ::1";
    auto const outcome = load();
    ASSERT_EQ(lines(outcome), strings{});
    EXPECT_EQ(outcome->values.auth.jwt_audience, (strings{"a, b", "[c]", " d "}));
    EXPECT_EQ(outcome->values.auth.trusted_proxies, (strings{"10.0.0.7", "fd00::/8", "::1"}));
    request_.environment = {{"HOME", "/home/ada"}};
    auto const again = load_file(to_yaml(*outcome));
    ASSERT_EQ(lines(again), strings{});
    EXPECT_EQ(again->values.auth.jwt_audience, outcome->values.auth.jwt_audience);
}

}  // namespace
}  // namespace parley::testing
