#include "adapters/http/server/host_guard.hpp"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

std::string code_of(result<void> const& checked) { return checked ? "" : checked.error().code; }

TEST(host_guard, takes_loopback_names_and_addresses) {
    host_guard const guard("127.0.0.1");
    for (auto const* host : {"localhost", "LOCALHOST:8080", "chat.localhost", "127.0.0.1", "127.0.0.1:8080",
                             "127.8.9.1:1", "[::1]", "[::1]:8080"}) {
        EXPECT_EQ(code_of(guard.check(host, std::nullopt)), "") << host;
    }
}

TEST(host_guard, takes_the_configured_host) {
    host_guard const guard("parley.lan");
    EXPECT_EQ(code_of(guard.check("parley.lan:8080", std::nullopt)), "");
    EXPECT_EQ(code_of(guard.check("other.lan", std::nullopt)), "host_not_allowed");
}

TEST(host_guard, refuses_names_that_were_rebound) {
    host_guard const guard("127.0.0.1");
    for (auto const* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example",
                             "notlocalhost", "", "10.0.0.1", "[::2]", "0x7f.1", "127.1"}) {
        EXPECT_EQ(code_of(guard.check(host, std::nullopt)), "host_not_allowed") << host;
    }
    EXPECT_EQ(guard.check("evil.example", std::nullopt).error().kind, error_kind::forbidden);
}

TEST(host_guard, takes_loopback_origins) {
    host_guard const guard("127.0.0.1");
    for (auto const* origin : {"http://localhost:3000", "http://127.0.0.1:8080", "https://[::1]:8443"}) {
        EXPECT_EQ(code_of(guard.check("localhost:8080", origin)), "") << origin;
    }
}

TEST(host_guard, refuses_other_origins) {
    host_guard const guard("127.0.0.1");
    for (auto const* origin : {"https://evil.example", "null", "", "http://localhost.evil.example", "file://",
                               "chrome-extension://localhost", "http://localhost@evil.example", "http://"}) {
        EXPECT_EQ(code_of(guard.check("localhost:8080", origin)), "origin_not_allowed") << origin;
    }
}

TEST(is_valid_host, follows_the_grammar) {
    for (auto const* host : {"a", "a.b-c_d:80", "", "1.2.3.4:65535", "[::1]:80", "[fe80::1]", "a:"}) {
        EXPECT_TRUE(is_valid_host(host)) << host;
    }
    for (auto const* host : {"a b", "a/b", "a@b", "a:b", "[::1", "[x]", "::1", "a:123456", "a,b", "[::1]x"}) {
        EXPECT_FALSE(is_valid_host(host)) << host;
    }
}

}  // namespace
}  // namespace parley::http
