#include "adapters/http/server/target.hpp"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

std::string code_of(result<target_parts> const& parts) { return parts ? "" : parts.error().code; }

TEST(split_target, origin_form) {
    auto const parts = split_target("GET", "/a/b?x=1&y=2");
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->path, "/a/b");
    EXPECT_EQ(parts->query, "x=1&y=2");
    EXPECT_EQ(parts->authority, "");
    EXPECT_EQ(split_target("GET", "/a?b?c")->query, "b?c");
}

TEST(split_target, absolute_form_brings_its_host) {
    auto const parts = split_target("GET", "HTTP://localhost:80/a?b");
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->authority, "localhost:80");
    EXPECT_EQ(parts->path, "/a");
    EXPECT_EQ(parts->query, "b");
    EXPECT_EQ(split_target("GET", "https://host")->path, "/");
    EXPECT_EQ(split_target("GET", "http://host?q")->query, "q");
}

TEST(split_target, asterisk_is_for_options) {
    EXPECT_EQ(split_target("OPTIONS", "*")->path, "*");
    EXPECT_EQ(code_of(split_target("GET", "*")), "malformed_target");
}

TEST(split_target, refuses_what_is_no_target) {
    for (auto const* target : {"a", "ftp://host/", "http://", "http:///a", "http://user@host/", "/a#b",
                               "/a\x7f", "/\xc3\xa4", "host:80", "?x"}) {
        EXPECT_EQ(code_of(split_target("GET", target)), "malformed_target") << target;
    }
}

TEST(percent_decode, decodes_once) {
    std::string out;
    ASSERT_TRUE(percent_decode("/a%20b%2525+%c3%A4", out));
    EXPECT_EQ(out, "/a b%25+ä");
}

TEST(percent_decode, refuses_broken_escapes_bad_utf8_and_nul) {
    std::string out;
    for (auto const* text : {"%", "%4", "%zz", "%4g", "a%", "%ff", "%c3", "%ed%a0%80", "%c0%80", "%00"}) {
        auto const done = percent_decode(text, out);
        ASSERT_FALSE(done) << text;
        EXPECT_EQ(done.error().code, "malformed_target") << text;
        EXPECT_EQ(done.error().kind, error_kind::malformed) << text;
    }
}

TEST(decode_query, pairs_in_order) {
    std::vector<field> out;
    ASSERT_TRUE(decode_query("a=1&&b&c=x%3Dy=z&a=two+words&=", out));
    ASSERT_EQ(out.size(), 5U);
    EXPECT_EQ(out[0].name + "|" + out[0].value, "a|1");
    EXPECT_EQ(out[1].name + "|" + out[1].value, "b|");
    EXPECT_EQ(out[2].name + "|" + out[2].value, "c|x=y=z");
    EXPECT_EQ(out[3].name + "|" + out[3].value, "a|two words");
    EXPECT_EQ(out[4].name + "|" + out[4].value, "|");
    EXPECT_FALSE(decode_query("a=%zz", out));
    EXPECT_FALSE(decode_query("%ff=1", out));
}

}  // namespace
}  // namespace parley::http
