#include "adapters/http/server/problem.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <map>

namespace parley::http {
namespace {

TEST(status_of, every_kind_has_its_status) {
    std::map<error_kind, unsigned> const expected{
        {error_kind::invalid, 422},           {error_kind::malformed, 400},
        {error_kind::unauthenticated, 401},   {error_kind::forbidden, 403},
        {error_kind::not_found, 404},         {error_kind::method_not_allowed, 405},
        {error_kind::conflict, 409},          {error_kind::precondition_failed, 412},
        {error_kind::too_large, 413},         {error_kind::unsupported_media, 415},
        {error_kind::headers_too_large, 431}, {error_kind::rate_limited, 429},
        {error_kind::overloaded, 503},        {error_kind::unavailable, 503},
        {error_kind::storage_full, 507},      {error_kind::timed_out, 504},
        {error_kind::client_timed_out, 408},  {error_kind::cancelled, 499},
        {error_kind::internal, 500}};
    for (auto const& [kind, status] : expected) EXPECT_EQ(status_of(kind), status);
}

TEST(problem, has_the_members_of_both_dialects) {
    auto const reply =
        problem({error_kind::invalid, "invalid_title", "The title is \"too\" long.", "title", "secret"},
                "0190a5c0-0000-7000-8000-000000000001");
    EXPECT_EQ(reply.status, 422U);
    EXPECT_EQ(reply.content_type, "application/problem+json");
    EXPECT_EQ(boost::json::parse(reply.body), boost::json::parse(R"({
        "type": "urn:parley:error:invalid_title", "title": "Unprocessable Entity", "status": 422,
        "detail": "The title is \"too\" long.", "instance": "urn:uuid:0190a5c0-0000-7000-8000-000000000001",
        "code": "invalid_title", "param": "title",
        "error": {"message": "The title is \"too\" long.", "type": "invalid_request_error", "param": "title",
                  "code": "invalid_title"}})"));
}

TEST(problem, without_a_field_at_fault_param_is_null) {
    auto const body =
        boost::json::parse(problem({error_kind::not_found, "x", "y"}, "my-id").body).as_object();
    EXPECT_TRUE(body.at("param").is_null());
    EXPECT_TRUE(body.at("error").as_object().at("param").is_null());
    EXPECT_EQ(body.at("instance"), "urn:parley:request:my-id");
}

TEST(problem, says_when_to_come_back) {
    for (auto const kind : {error_kind::rate_limited, error_kind::overloaded, error_kind::unavailable}) {
        auto const reply = problem({kind, "x", "y"}, "z");
        ASSERT_EQ(reply.headers.size(), 1U);
        EXPECT_EQ(reply.headers[0].name, "Retry-After");
        EXPECT_EQ(reply.headers[0].value, "1");
    }
    EXPECT_TRUE(problem({error_kind::timed_out, "x", "y"}, "z").headers.empty());
}

TEST(problem, an_internal_error_discloses_nothing) {
    auto const reply = problem(internal_error("/var/lib: disk I/O error").error(), "z");
    EXPECT_EQ(reply.status, 500U);
    EXPECT_EQ(reply.body.find("disk"), std::string::npos);
    EXPECT_NE(reply.body.find("internal_error"), std::string::npos);
}

}  // namespace
}  // namespace parley::http
