#include "adapters/http/web/accept_encoding.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley::http {
namespace {

TEST(coding_weight, what_is_named_has_its_weight) {
    constexpr auto header = "gzip, br;q=0.5 ,\tdeflate;Q=0.25;, zstd;q=0";
    EXPECT_EQ(coding_weight(header, "gzip"), 1000);
    EXPECT_EQ(coding_weight(header, "br"), 500);
    EXPECT_EQ(coding_weight(header, "zstd"), 0);
    EXPECT_EQ(coding_weight(header, "compress"), 0);
    EXPECT_EQ(coding_weight("GZIP;q=1.000", "gzip"), 1000);
    EXPECT_EQ(coding_weight("x-gzip;q=0.123", "gzip"), 123);
    EXPECT_EQ(coding_weight("x-br", "br"), 0);
}

TEST(coding_weight, a_star_stands_for_what_is_not_named) {
    EXPECT_EQ(coding_weight("*", "br"), 1000);
    EXPECT_EQ(coding_weight("gzip;q=0.2, *;q=0.7", "br"), 700);
    EXPECT_EQ(coding_weight("*;q=0.7, gzip;q=0.2", "gzip"), 200);
    EXPECT_EQ(coding_weight("*, br;q=0", "br"), 0);
}

TEST(coding_weight, everybody_reads_what_is_not_coded_unless_they_say_no) {
    for (auto const* header : {"", "br", "gzip, br;q=0.001", "*"}) {
        EXPECT_EQ(coding_weight(header, "identity"), 1) << header;
    }
    EXPECT_EQ(coding_weight("identity", "identity"), 1000);
    EXPECT_EQ(coding_weight("gzip, identity;q=0.3", "identity"), 300);
    EXPECT_EQ(coding_weight("br, identity;q=0", "identity"), 0);
    EXPECT_EQ(coding_weight("br, *;q=0", "identity"), 0);
    EXPECT_EQ(coding_weight("*;q=0, identity;q=0.1", "identity"), 100);
}

TEST(coding_weight, what_is_not_understood_is_left_out) {
    for (std::string const weight :
         {"2", "1.1", "1.001", "0.1234", "-1", ".5", "0,5", "", "x", "0.x", "00"}) {
        EXPECT_EQ(coding_weight("br;q=" + weight, "br"), 0) << weight;
        EXPECT_EQ(coding_weight("gzip, br;q=" + weight, "gzip"), 1000) << weight;
    }
    EXPECT_EQ(coding_weight("br;level=3", "br"), 0);
    EXPECT_EQ(coding_weight("br;", "br"), 0);
    EXPECT_EQ(coding_weight(",,, ,br", "br"), 1000);
    EXPECT_EQ(coding_weight("br;q=0.", "br"), 0);
    EXPECT_EQ(coding_weight("br;q=1.", "br"), 1000) << "RFC 9110 allows the point alone";
}

}  // namespace
}  // namespace parley::http
