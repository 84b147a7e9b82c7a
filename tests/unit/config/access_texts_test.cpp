// What may be an address of a proxy, its header and an origin.
#include "common/config_access.hpp"

#include <gtest/gtest.h>

namespace parley::testing {
namespace {

TEST(access_texts, a_proxy_has_addresses_and_networks) {
    for (auto const* good :
         {"10.0.0.7", "10.0.0.0/8", "10.0.0.7/32", "0.0.0.0/1", "::1", "fd00::/8", "::1/128"}) {
        EXPECT_EQ(problem_of_proxy(good), "") << good;
    }
    for (auto const* bad : {"10.0.0.5/8", "10.0.0.7/31", "fd00::1/64", "0.0.0.0/0", "10.1.2.3/0", "::/0",
                            "fd00::/0", "10.0.0.0/33", "10.0.0/8", "proxy.local", "*", ""}) {
        EXPECT_NE(problem_of_proxy(bad), "") << bad;
    }
    EXPECT_TRUE(problem_of_proxy("10.1.2.3/0").contains("is everybody"));
}

TEST(access_texts, the_header_of_a_proxy_is_for_nothing_else) {
    for (auto const* good : {"X-Forwarded-User", "X-User", "Remote-User", "x-auth-request-email",
                             "Cf-Access-Authenticated-User-Email"}) {
        EXPECT_EQ(problem_of_user_header(good), "") << good;
    }
    for (auto const* bad :
         {"Host", "host", "HOST", "Authorization", "Cookie", "Content-Length", "content-type",
          "Transfer-Encoding", "Connection", "Upgrade", "Origin", "Idempotency-Key", "If-Match",
          "Last-Event-ID", "X-Request-Id", "traceparent", "X-Forwarded-For", "User-Agent"}) {
        EXPECT_TRUE(problem_of_user_header(bad).contains("means something else")) << bad;
    }
    EXPECT_EQ(problem_of_user_header("X User"), "\"X User\" can not be the name of a header");
}

TEST(access_texts, an_origin_is_written_as_browsers_do) {
    for (auto const* good : {"https://app.example", "http://localhost:5173", "https://a:80", "http://a:443",
                             "http://[::1]", "http://[::1]:8080", "http://10.0.0.1:65535"}) {
        EXPECT_EQ(problem_of_origin(good), "") << good;
    }
    EXPECT_TRUE(problem_of_origin("https://a:443").ends_with("; write https://a"));
    EXPECT_TRUE(problem_of_origin("http://a:80").ends_with("; write http://a"));
    for (auto const* bad : {"app.example", "https://", "https://App.example", "https://a/",
                            "https://a:", "https://a:0443", "https://a:65536", "https://a:b", "https://a:1:2",
                            "https://:1", "http://[::1", "http://[::1]x:1", "ftp://a", "*", "null", ""}) {
        EXPECT_TRUE(problem_of_origin(bad).contains("is no origin")) << bad;
    }
}

}  // namespace
}  // namespace parley::testing
