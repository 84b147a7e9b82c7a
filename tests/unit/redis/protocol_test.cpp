#include "adapters/redis/protocol.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::redis {
namespace {

using namespace std::string_literals;

TEST(redis_protocol, commands_may_hold_any_bytes) {
    EXPECT_EQ(format_command({"SET", "k", "a\r\n\0b"s, ""}),
              "*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\n\0b\r\n$0\r\n\r\n"s);
}

std::string const conversation =
    "+OK\r\n$-1\r\n$5\r\na\r\n\0b\r\n:-42\r\n-ERR no\r\n*3\r\n$1\r\nx\r\n*1\r\n:7\r\n*0\r\n$0\r\n\r\n"s;

std::vector<reply> all_replies() {
    using enum reply::type;
    reply const seven{.kind = integer, .number = 7};
    return {{.kind = status, .text = "OK"},
            {},
            {.kind = text, .text = "a\r\n\0b"s},
            {.kind = integer, .number = -42},
            {.kind = error, .text = "ERR no"},
            {.kind = list,
             .items = {{.kind = text, .text = "x"}, {.kind = list, .items = {seven}}, {.kind = list}}},
            {.kind = text}};
}

std::vector<reply> read(std::string const& bytes, std::size_t piece) {
    reply_parser parser;
    std::vector<reply> out;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        EXPECT_TRUE(parser.feed(std::string_view{bytes}.substr(at, piece)));
        while (true) {
            auto next = parser.next();
            EXPECT_TRUE(next.has_value());
            if (!next || !*next) break;
            out.push_back(std::move(**next));
        }
    }
    return out;
}

TEST(redis_protocol, replies_come_out_whole_however_they_are_cut) {
    for (std::size_t const piece :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, conversation.size()})
        EXPECT_EQ(read(conversation, piece), all_replies()) << piece;
}

TEST(redis_protocol, a_reply_that_is_cut_short_is_none) {
    for (std::size_t size = 0; size < 5; ++size) EXPECT_TRUE(read(conversation.substr(0, size), 1).empty());
}

TEST(redis_protocol, what_is_no_reply_is_an_error) {
    for (auto const* const bytes : {"HTTP/1.1 400 Bad Request\r\n\r\n", "!\r\n"}) {
        reply_parser parser;
        auto const fed = parser.feed(bytes);
        auto const next = parser.next();
        ASSERT_FALSE(fed && next) << bytes;
        EXPECT_EQ(next.error().code, "redis_protocol");
    }
}

TEST(redis_protocol, a_reply_without_end_is_an_error) {
    reply_parser parser;
    ASSERT_TRUE(parser.feed("$9999999999\r\n"));
    std::string const megabyte(1024UL * 1024, 'x');
    int fed = 0;
    while (fed < 100 && parser.feed(megabyte)) ++fed;
    EXPECT_EQ(fed, 63);
}

}  // namespace
}  // namespace parley::redis
