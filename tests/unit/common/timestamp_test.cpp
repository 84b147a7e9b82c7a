#include "common/timestamp.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(timestamp, is_written_with_milliseconds_in_utc) {
    EXPECT_EQ(to_rfc3339(from_unix_ms(0)), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(from_unix_ms(1'709'210'096'007)), "2024-02-29T12:34:56.007Z");
    EXPECT_EQ(to_rfc3339(from_unix_ms(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(timestamp, reads_what_it_writes) {
    for (std::int64_t const ms : {0LL, 1'709'210'096'007LL, 1LL, 253'402'300'799'999LL}) {
        EXPECT_EQ(parse_rfc3339(to_rfc3339(from_unix_ms(ms))), from_unix_ms(ms));
    }
}

TEST(timestamp, reads_offsets_and_fractions) {
    EXPECT_EQ(parse_rfc3339("2024-02-29T13:34:56+01:00"), from_unix_ms(1'709'210'096'000));
    EXPECT_EQ(parse_rfc3339("2024-02-29T12:34:56.0079Z"), from_unix_ms(1'709'210'096'007));
    EXPECT_EQ(parse_rfc3339("2024-02-29t07:04:56.5-05:30"), from_unix_ms(1'709'210'096'500));
}

TEST(timestamp, stays_within_the_years_that_can_be_written) {
    EXPECT_EQ(to_rfc3339(*parse_rfc3339("0000-01-01T00:00:00+10:00")), "0000-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(*parse_rfc3339("9999-12-31T23:59:60Z")), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(*parse_rfc3339("2016-12-31T23:59:60z")), "2017-01-01T00:00:00.000Z");
}

TEST(timestamp, refuses_what_is_no_time) {
    for (auto const* bad :
         {"", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2024-02-29", "2024-02-29T24:00:00Z",
          "2024-02-29T12:60:00Z", "2024-02-29T12:00:00", "2024-02-29T12:00:00.Z", "2024-02-29T12:00:00Zx",
          "2024-02-29 12:00:00Z", "-024-02-29T12:00:00Z"}) {
        EXPECT_FALSE(parse_rfc3339(bad)) << bad;
    }
}

}  // namespace
}  // namespace parley
