#include "adapters/redis/uri.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley::redis {
namespace {

TEST(redis_uri, plain_servers) {
    EXPECT_EQ(parse_uri("redis://localhost"), (address{.nodes = {{"localhost", 6379}}}));
    EXPECT_EQ(parse_uri("redis://10.0.0.1:7000/"), (address{.nodes = {{"10.0.0.1", 7000}}}));
    EXPECT_EQ(parse_uri("redis://[::1]:7000/3"), (address{.nodes = {{"::1", 7000}}, .database = 3}));
    EXPECT_EQ(parse_uri("rediss://cache.example"),
              (address{.nodes = {{"cache.example", 6379}}, .tls = true}));
}

TEST(redis_uri, credentials) {
    EXPECT_EQ(parse_uri("redis://:secret@h"), (address{.nodes = {{"h", 6379}}, .password = "secret"}));
    EXPECT_EQ(parse_uri("redis://ada:p%40ss%2Fw%3Ard@h:1/2"),
              (address{.nodes = {{"h", 1}}, .user = "ada", .password = "p@ss/w:rd", .database = 2}));
}

TEST(redis_uri, sentinels) {
    EXPECT_EQ(parse_uri("redis+sentinel://:pw@a,b:5,[::1]:6/main/4?sentinel_user=u&sentinel_password=s%26p"),
              (address{.nodes = {{"a", 26379}, {"b", 5}, {"::1", 6}},
                       .master = "main",
                       .password = "pw",
                       .database = 4,
                       .sentinel_user = "u",
                       .sentinel_password = "s&p"}));
    EXPECT_TRUE(parse_uri("rediss+sentinel://a/main")->tls);
}

TEST(redis_uri, what_can_not_be_right_is_refused_without_showing_it) {
    for (auto const* const text :
         {"", "localhost:6379", "http://h", "redis://", "redis://h:0", "redis://h:99999", "redis://h:x",
          "redis://h/x", "redis://h/-1", "redis://h/1/2", "redis://a,b", "redis://ada@h", "redis://a:%zz@h",
          "redis://h?x=1", "redis+sentinel://h", "redis+sentinel://h/", "redis+sentinel://h,/main",
          "redis+sentinel://h/main/x", "redis://u:secret@@h?sentinel_password=secret"}) {
        auto const outcome = parse_uri(text);
        ASSERT_FALSE(outcome) << text;
        EXPECT_EQ(outcome.error().code, "cache_uri_invalid");
        EXPECT_EQ(outcome.error().message.find("secret"), std::string::npos);
    }
}

}  // namespace
}  // namespace parley::redis
