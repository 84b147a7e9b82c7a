// The writer against Boost.JSON: every byte at every place of a text, times and ids as text.
#include "adapters/http/wire/json_writer.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace parley::http {
namespace {

template <class T>
std::string written(T const& content) {
    std::string text;
    json_writer out{text};
    out.value(content);
    return text;
}

TEST(json_writer, escapes_what_must_be_wherever_it_stands) {
    for (std::size_t size = 1; size <= 20; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 128; ++byte) {
                std::string text(size, 'x');
                text[at] = static_cast<char>(byte);
                ASSERT_EQ(written(text), boost::json::serialize(boost::json::string(text)))
                    << byte << " at " << at << " of " << size;
            }
        }
    }
}

TEST(json_writer, leaves_other_languages_alone) {
    std::string const text = "Grüße, 世界, \xf0\x9f\x99\x82 and \xc2\x80";
    EXPECT_EQ(written(text), '"' + text + '"');
}

TEST(json_writer, numbers_ids_and_times) {
    EXPECT_EQ(written(std::int64_t{-9'223'372'036'854'775'807 - 1}), "-9223372036854775808");
    auto const made = message_id::make();
    EXPECT_EQ(written(made), '"' + made.text() + '"');
    EXPECT_EQ(written(*parse_rfc3339("2026-01-02T03:04:05.006Z")), "\"2026-01-02T03:04:05.006Z\"");
    EXPECT_EQ(written(std::optional<std::string>{}), "null");
}

TEST(json_writer, separates_members) {
    std::string text = "before";
    json_writer out{text};
    out.begin_object();
    out.member("a", "1");
    out.member("b", std::int64_t{2});
    out.key("c");
    out.begin_array();
    out.value("x");
    out.value("");
    out.end_array();
    out.end_object();
    EXPECT_EQ(text, R"(before{"a":"1","b":2,"c":["x",""]})");
}

}  // namespace
}  // namespace parley::http
