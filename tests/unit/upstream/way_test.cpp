#include "adapters/upstream/address.hpp"
#include "adapters/upstream/proxy.hpp"

#include <gtest/gtest.h>

namespace parley::upstream {
namespace {

server_address at(std::string_view url) { return parse_base_url(url).value(); }

/// Host and port of the proxy; empty without one.
std::string proxy_of(std::string_view url, proxy_environment const& environment,
                     std::string const& setting = "environment") {
    auto const chosen = choose_proxy(at(url), setting, environment).value();
    return chosen ? chosen->host + ":" + std::to_string(chosen->port) : "";
}

TEST(base_url, its_parts) {
    auto const one = at("https://api.openai.com/v1/");
    EXPECT_TRUE(one.tls);
    EXPECT_EQ(one.host, "api.openai.com");
    EXPECT_EQ(one.port, 443);
    EXPECT_EQ(one.prefix, "/v1");
    EXPECT_EQ(one.authority, "api.openai.com");
    auto const other = at("http://[::1]:8000");
    EXPECT_FALSE(other.tls);
    EXPECT_EQ(other.host, "::1");
    EXPECT_EQ(other.port, 8000);
    EXPECT_EQ(other.prefix, "");
    EXPECT_EQ(other.authority, "[::1]:8000");
}

TEST(base_url, what_is_none) {
    for (auto const* url : {"", "api.openai.com/v1", "ftp://x/", "http:///v1", "https://user:pass@x/",
                            "https://x/?a=b", "https://x/#a", "https://x:0/", "https://x:99999/"}) {
        auto const parsed = parse_base_url(url);
        ASSERT_FALSE(parsed) << url;
        EXPECT_EQ(parsed.error().code, "upstream_config_invalid");
        EXPECT_EQ(parsed.error().message.find("pass@"), std::string::npos);
    }
}

TEST(proxy, of_the_environment_as_curl_reads_it) {
    EXPECT_EQ(proxy_of("https://x.org/", {{"https_proxy", "http://p:1"}, {"HTTPS_PROXY", "q:2"}}), "p:1");
    EXPECT_EQ(proxy_of("https://x.org/", {{"HTTPS_PROXY", "q:2"}, {"http_proxy", "p:1"}}), "q:2");
    EXPECT_EQ(proxy_of("http://x.org/", {{"http_proxy", "p:1"}, {"HTTPS_PROXY", "q:2"}}), "p:1");
    EXPECT_EQ(proxy_of("http://x.org/", {{"HTTP_PROXY", "p:1"}}), "") << "a CGI client can set it";
    EXPECT_EQ(proxy_of("http://x.org/", {{"ALL_PROXY", "p:1"}}), "p:1");
    EXPECT_EQ(proxy_of("https://x.org/", {{"https_proxy", ""}, {"all_proxy", "p"}}), "p:80");
    EXPECT_EQ(proxy_of("https://x.org/", {}), "");
}

TEST(proxy, setting_comes_first) {
    proxy_environment const environment{{"https_proxy", "p:1"}, {"no_proxy", "*"}};
    EXPECT_EQ(proxy_of("https://x.org/", environment, "none"), "");
    EXPECT_EQ(proxy_of("https://x.org/", environment, "http://q:2"), "q:2");
    EXPECT_EQ(proxy_of("https://127.0.0.1/", environment, "http://q:2"), "q:2");
}

TEST(proxy, loopback_goes_without) {
    proxy_environment const environment{{"all_proxy", "p:1"}};
    for (auto const* url :
         {"http://127.0.0.1/", "http://localhost:8/", "http://[::1]/", "http://a.localhost/"})
        EXPECT_EQ(proxy_of(url, environment), "") << url;
    EXPECT_EQ(proxy_of("http://10.0.0.1/", environment), "p:1");
}

TEST(proxy, no_proxy) {
    auto const with = [](std::string const& rules) {
        return proxy_environment{{"all_proxy", "p:1"}, {"NO_PROXY", rules}};
    };
    EXPECT_EQ(proxy_of("http://x.org/", with("*")), "");
    EXPECT_EQ(proxy_of("http://x.org/", with("a.org, X.org")), "");
    EXPECT_EQ(proxy_of("http://a.x.org/", with("x.org")), "");
    EXPECT_EQ(proxy_of("http://a.x.org/", with(".x.org")), "");
    EXPECT_EQ(proxy_of("http://ax.org/", with("x.org")), "p:1") << "a part of a name is none of its domains";
    EXPECT_EQ(proxy_of("http://x.org:8080/", with("x.org:8080")), "");
    EXPECT_EQ(proxy_of("http://x.org:8081/", with("x.org:8080")), "p:1");
    EXPECT_EQ(proxy_of("http://10.1.2.3/", with("10.0.0.0/8")), "");
    EXPECT_EQ(proxy_of("http://11.1.2.3/", with("10.0.0.0/8")), "p:1");
    EXPECT_EQ(proxy_of("http://[fd00::1]/", with("fd00::/8")), "");
    EXPECT_EQ(proxy_of("http://10.1.2.3/", with("10.1.2.3")), "");
}

TEST(proxy, credentials_and_what_is_none) {
    auto const chosen = choose_proxy(at("https://x.org/"), "http://u:p%40ss-word@q:2", {}).value();
    EXPECT_EQ(chosen->authorization, "Basic dTpwQHNzLXdvcmQ=");
    for (auto const* useless : {"socks5://p:1", "https://p:1", "http://", "http://a b"}) {
        auto const refused = choose_proxy(at("https://x.org/"), useless, {});
        ASSERT_FALSE(refused) << useless;
        EXPECT_EQ(refused.error().param, "proxy");
    }
    auto const refused = choose_proxy(at("https://x.org/"), "socks5://u:secret-word@p:1", {});
    EXPECT_EQ(refused.error().message.find("secret-word"), std::string::npos);
}

}  // namespace
}  // namespace parley::upstream
