#include "common/sse_parser.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

using events = std::vector<sse_event>;

events parse_in_pieces(std::string_view text, std::size_t size) {
    sse_parser parser;
    events out;
    for (std::size_t at = 0; at < text.size(); at += size) {
        for (auto& one : parser.feed(text.substr(at, size))) out.push_back(std::move(one));
    }
    return out;
}

/// Whatever the pieces are, the events are the same.
void expect_events(std::string_view text, events const& expected) {
    for (std::size_t const size :
         {text.size(), std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
        EXPECT_EQ(parse_in_pieces(text, std::max<std::size_t>(size, 1)), expected) << "pieces of " << size;
    }
}

TEST(sse_parser, reads_type_data_and_id) {
    expect_events(
        "id: 0\nevent: message.created\ndata: {\"a\":1}\n\nid: 3\nevent: message.delta\ndata: x\n\n",
        {{"message.created", "{\"a\":1}", "0"}, {"message.delta", "x", "3"}});
}

TEST(sse_parser, takes_every_kind_of_line_end) {
    expect_events("data: a\r\n\r\ndata: b\r\rdata: c\n\n",
                  {{"message", "a", ""}, {"message", "b", ""}, {"message", "c", ""}});
    expect_events("data: a\rdata: b\r\ndata: c\n\r\n", {{"message", "a\nb\nc", ""}});
}

TEST(sse_parser, joins_lines_of_data) {
    expect_events("data: one\ndata:two\ndata:  three\n\n", {{"message", "one\ntwo\n three", ""}});
    expect_events("data\n\n", {{"message", "", ""}});
    expect_events("data\ndata\n\n", {{"message", "\n", ""}});
}

TEST(sse_parser, passes_over_comments_and_unknown_fields) {
    expect_events(": keep-alive\n\n:\n\ndata: a\n: in between\nretry: 10\ncolour: red\n\n",
                  {{"message", "a", ""}});
}

TEST(sse_parser, an_event_without_data_does_not_come_and_leaves_its_type_to_nobody) {
    expect_events("event: message.delta\n\ndata: a\n\n", {{"message", "a", ""}});
}

TEST(sse_parser, keeps_the_last_id_until_another_comes) {
    expect_events("id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
                  {{"message", "a", "7"}, {"message", "b", "7"}, {"message", "c", ""}});
    std::string_view constexpr with_null{"id: 7\ndata: a\n\nid: 8\0\ndata: b\n\n", 31};
    expect_events(with_null, {{"message", "a", "7"}, {"message", "b", "7"}});
}

TEST(sse_parser, takes_no_id_that_is_as_long_as_a_text) {
    sse_parser parser;
    auto const events = parser.feed("id: " + std::string(257, 'x') +
                                    "\ndata: a\n\nid: " + std::string(256, 'y') + "\ndata: b\n\n");
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].last_id, "");
    EXPECT_EQ(events[1].last_id, std::string(256, 'y'));
}

TEST(sse_parser, drops_a_byte_order_mark_at_the_beginning_only) {
    expect_events(
        "\xef\xbb\xbf"
        "data: a\n\n\xef\xbb\xbf"
        "data: b\n\n",
        {{"message", "a", ""}});
}

TEST(sse_parser, never_shows_an_event_that_was_cut_off) {
    expect_events("data: a\n\ndata: b\n", {{"message", "a", ""}});
    expect_events("data: a", {});
}

TEST(sse_parser, finishes_an_event_without_its_empty_line) {
    for (std::string_view const rest : {"data: b", "data: b\n", "data: b\r", "data: b\r\n"}) {
        sse_parser parser;
        EXPECT_EQ(parser.feed("data: a\n\n"), (events{{"message", "a", ""}}));
        EXPECT_EQ(parser.feed(rest), events{});
        EXPECT_EQ(parser.finish(), (events{{"message", "b", ""}})) << rest;
    }
    sse_parser nothing_open;
    EXPECT_EQ(nothing_open.feed("data: a\n\n: bye\n").size(), 1U);
    EXPECT_EQ(nothing_open.finish(), events{});
}

TEST(sse_parser, gives_up_on_what_is_too_large) {
    sse_parser one_line{10};
    EXPECT_EQ(one_line.feed("data: 123456789\n\n"), events{});
    EXPECT_TRUE(one_line.overflowed());
    sse_parser many_lines{10};
    EXPECT_EQ(many_lines.feed("data: 123\ndata: 456\ndata: 789\n\n"), events{});
    EXPECT_TRUE(many_lines.overflowed());
    EXPECT_EQ(many_lines.feed("data: a\n\n"), events{});
    sse_parser enough{10};
    EXPECT_EQ(enough.feed("data: 123\n\ndata: 456\n\n").size(), 2U);
    EXPECT_FALSE(enough.overflowed());
}

}  // namespace
}  // namespace parley
