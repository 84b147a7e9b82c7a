#include "adapters/http/server/route_table.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace parley::http {
namespace {

class nothing final : public handler {
public:
    task<response> handle(request&) override { co_return response{}; }
};

class route_table_test : public testing::Test {
protected:
    nothing list_, create_, read_, remove_, me_, deep_, root_;
    route_table table_{{{"GET", "/", &root_, 0},
                        {"GET", "/api/v1/interactions", &list_, 0},
                        {"POST", "/api/v1/interactions", &create_, 100},
                        {"GET", "/api/v1/interactions/{interaction_id}", &read_, 0},
                        {"DELETE", "/api/v1/interactions/{interaction_id}", &remove_, 0},
                        {"GET", "/api/v1/interactions/{interaction_id}/messages/{message_id}", &deep_, 0},
                        {"GET", "/api/v1/users/me", &me_, 0},
                        {"PATCH", "/api/v1/users/{user_id}", &read_, 0}}};
};

TEST_F(route_table_test, finds_the_endpoint_of_path_and_method) {
    EXPECT_EQ(table_.match("GET", "/api/v1/interactions").found->target, &list_);
    EXPECT_EQ(table_.match("POST", "/api/v1/interactions").found->target, &create_);
    EXPECT_EQ(table_.match("GET", "/").found->target, &root_);
}

TEST_F(route_table_test, gives_decoded_parameters_in_order) {
    auto const match = table_.match("GET", "/api/v1/interactions/a%2Fb/messages/%C3%A4");
    ASSERT_TRUE(match.found);
    EXPECT_EQ(match.found->target, &deep_);
    EXPECT_EQ(match.parameters, (std::vector<std::string>{"a/b", "ä"}));
    EXPECT_EQ(match.path_template, "/api/v1/interactions/{interaction_id}/messages/{message_id}");
}

TEST_F(route_table_test, forgets_recycled_parameters) {
    auto const match = table_.match("GET", "/api/v1/interactions/x", {"old", "older", "oldest"});
    EXPECT_EQ(match.parameters, std::vector<std::string>{"x"});
    EXPECT_TRUE(table_.match("GET", "/nowhere", {"old"}).parameters.empty());
}

TEST_F(route_table_test, an_unknown_path_is_told_from_a_wrong_method) {
    for (auto const* path : {"/api/v1/nothing", "/api/v1/interactions/", "/api/v1/interactions//messages/x",
                             "/api/v1/interactions/x/messages", "/api", "//", "/API/v1/interactions"}) {
        auto const match = table_.match("GET", path);
        EXPECT_FALSE(match.found) << path;
        EXPECT_EQ(match.allow, "") << path;
        EXPECT_EQ(match.path_template, "unmatched") << path;
    }
    auto const match = table_.match("PUT", "/api/v1/interactions/x");
    EXPECT_FALSE(match.found);
    EXPECT_EQ(match.allow, "GET, HEAD, DELETE, OPTIONS");
    EXPECT_EQ(match.path_template, "/api/v1/interactions/{interaction_id}");
}

TEST_F(route_table_test, head_goes_where_get_goes) {
    EXPECT_EQ(table_.match("HEAD", "/api/v1/interactions").found->target, &list_);
    EXPECT_FALSE(table_.match("HEAD", "/api/v1/users/7").found);
}

TEST_F(route_table_test, a_literal_goes_before_a_parameter) {
    EXPECT_EQ(table_.match("GET", "/api/v1/users/me").found->target, &me_);
    EXPECT_EQ(table_.match("GET", "/api/v1/users/%6De").found->target, &me_);
    EXPECT_EQ(table_.match("PATCH", "/api/v1/users/you").found->target, &read_);
    EXPECT_FALSE(table_.match("PATCH", "/api/v1/users/me").found);
}

TEST_F(route_table_test, methods_are_told_by_case) { EXPECT_FALSE(table_.match("get", "/").found); }

TEST(route_table, an_endpoint_given_twice_is_a_bug) {
    nothing one;
    EXPECT_THROW(route_table({{"GET", "/a/{x}", &one, 0}, {"GET", "/a/{x}", &one, 0}}), std::logic_error);
    EXPECT_THROW(route_table({{"GET", "/a/{x}", &one, 0}, {"PUT", "/a/{y}", &one, 0}}), std::logic_error);
}

}  // namespace
}  // namespace parley::http
