#include "modules/identity/proxy_identity.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

bool has(std::vector<std::string> const& proxies, char const* peer) {
    auto const list = proxy_list::parse(proxies);
    return list && list->contains(boost::asio::ip::make_address(peer));
}

TEST(proxy_list, holds_addresses_and_networks) {
    EXPECT_TRUE(has({"10.0.0.7"}, "10.0.0.7"));
    EXPECT_FALSE(has({"10.0.0.7"}, "10.0.0.8"));
    EXPECT_TRUE(has({"10.0.0.0/8"}, "10.255.1.2"));
    EXPECT_TRUE(has({"10.1.2.3/8"}, "10.255.1.2")) << "what stands behind the prefix means nothing";
    EXPECT_FALSE(has({"10.0.0.0/8"}, "11.0.0.1"));
    EXPECT_TRUE(has({"::1", "fd00::/8"}, "fd12::3"));
    EXPECT_FALSE(has({"fd00::/8"}, "fe80::1"));
    EXPECT_FALSE(has({"::/0"}, "10.0.0.7")) << "another family";
    EXPECT_TRUE(has({"0.0.0.0/0"}, "10.0.0.7"));
    EXPECT_FALSE(has({}, "127.0.0.1"));
}

TEST(proxy_list, an_address_of_ipv4_in_one_of_ipv6_is_that_of_ipv4) {
    EXPECT_TRUE(has({"10.0.0.7"}, "::ffff:10.0.0.7"));
    EXPECT_FALSE(has({"10.0.0.7"}, "::ffff:10.0.0.8"));
    EXPECT_TRUE(has({"::ffff:10.0.0.7"}, "10.0.0.7")) << "however it is written in the configuration";
    EXPECT_TRUE(has({"::ffff:10.0.0.7"}, "::ffff:10.0.0.7"));
    EXPECT_TRUE(has({"::ffff:10.0.0.0/104"}, "10.1.2.3"));
    EXPECT_FALSE(has({"::ffff:10.0.0.0/104"}, "11.1.2.3"));
}

TEST(proxy_list, what_is_none_is_named) {
    for (auto const* const wrong : {"", "proxy", "10.0.0.0/33", "10.0.0", "10.0.0.7:80"}) {
        auto const list = proxy_list::parse({wrong});
        ASSERT_FALSE(list) << wrong;
        EXPECT_EQ(list.error().code, "invalid_address");
    }
}

}  // namespace
}  // namespace parley
