#include "adapters/client/server_address.hpp"

#include <gtest/gtest.h>

namespace parley::client {
namespace {

TEST(server_address, takes_hosts_ports_and_paths) {
    auto const usual = parse_server_address("http://127.0.0.1:8080").value();
    EXPECT_EQ(usual.host, "127.0.0.1");
    EXPECT_EQ(usual.port, 8080);
    EXPECT_EQ(usual.prefix, "");
    EXPECT_EQ(usual.authority, "127.0.0.1:8080");
    EXPECT_TRUE(usual.is_loopback);

    auto const proxied = parse_server_address("http://chat.example.org/parley/").value();
    EXPECT_EQ(proxied.host, "chat.example.org");
    EXPECT_EQ(proxied.port, 80);
    EXPECT_EQ(proxied.prefix, "/parley");
    EXPECT_FALSE(proxied.is_loopback);

    auto const six = parse_server_address("http://[::1]:9000/").value();
    EXPECT_EQ(six.host, "::1");
    EXPECT_EQ(six.authority, "[::1]:9000");
    EXPECT_TRUE(six.is_loopback);
    EXPECT_TRUE(parse_server_address("http://localhost").value().is_loopback);
    EXPECT_FALSE(parse_server_address("http://192.168.0.7").value().is_loopback);
}

TEST(server_address, says_that_https_is_not_possible_yet) {
    auto const refused = parse_server_address("https://chat.example.org");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "invalid_url");
    EXPECT_NE(refused.error().message.find("https is not possible yet"), std::string::npos);
}

TEST(server_address, refuses_what_is_no_address_of_a_server) {
    for (auto const* url :
         {"", "127.0.0.1:8080", "localhost:8080", "ftp://a", "http://", "http://ada:secret@a/", "http://a/?b",
          "http://a/#b", "http://a:0", "http://a:", "http://a:70000", "http://a b", "chat"}) {
        auto const refused = parse_server_address(url);
        ASSERT_FALSE(refused) << url;
        EXPECT_EQ(refused.error().message,
                  "\"" + std::string{url} + "\" is not an address such as http://127.0.0.1:8080.");
    }
}

}  // namespace
}  // namespace parley::client
