// The small parts that readers are made of.
#include "adapters/upstream/http_answer.hpp"
#include "adapters/upstream/tool_call_builder.hpp"
#include "common/utf8_stream.hpp"
#include "services/token_estimate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace parley::upstream {
namespace {

TEST(token_estimate, counts_ascii_by_four_and_others_one_by_one) {
    token_estimate count;
    EXPECT_EQ(count.tokens(), 0);
    count.add("abcd");
    count.add("e");
    EXPECT_EQ(count.tokens(), 2);
    count.add("öß日");
    EXPECT_EQ(count.tokens(), 5);
    generation_request asked;
    asked.prompt = {{.role = "user", .content = "12345678"}};
    EXPECT_EQ(estimate_tokens(asked), 6);
    asked.prompt[0].parts = {text_part{"12345678"}, image_part{"data:image/png;base64,AA"}};
    EXPECT_EQ(estimate_tokens(asked), 806);
    asked.tools = {{.name = "look", .description = "Looks.", .parameters = R"({"type":"object"})"}};
    asked.response_format = response_format{.name = {}, .schema = R"({"a":1})"};
    EXPECT_EQ(estimate_tokens(asked), 806 + 9);
}

TEST(utf8_stream_of_a_server, puts_cut_characters_together_and_replaces_what_is_none) {
    utf8_stream mender;
    EXPECT_EQ(mender.feed("a\xe6\x97"), "a");
    EXPECT_EQ(mender.feed("\xa5z\xff"), "日z\xef\xbf\xbd");
    EXPECT_EQ(mender.finish(), "");
    EXPECT_EQ(mender.feed("\xf0\x9f"), "");
    EXPECT_EQ(mender.finish(), "\xef\xbf\xbd");
}

using calls = std::vector<tool_call>;

TEST(tool_call_builder, names_repeated_growing_or_in_pieces) {
    for (auto const& names : {std::vector<std::string>{"weather", "weather"},
                              {"wea", "weather"},
                              {"wea", "ther"},
                              {"weather", ""}}) {
        tool_call_builder builder;
        for (auto const& name : names) EXPECT_TRUE(builder.add({0, "x", name, ""}));
        EXPECT_EQ(builder.take(false), (calls{{"x", "weather", "{}"}})) << names[0] << names[1];
    }
}

TEST(tool_call_builder, ids_are_made_and_unique) {
    tool_call_builder builder;
    EXPECT_TRUE(builder.add({0, "", "f", "{}"}));
    EXPECT_TRUE(builder.add({1, "same", "g", "{}"}));
    EXPECT_TRUE(builder.add({2, "same", "h", "{}"}));
    EXPECT_TRUE(builder.add({3, std::string(200, 'i'), "i", "{}"}));
    EXPECT_EQ(
        builder.take(false),
        (calls{{"call_0", "f", "{}"}, {"same", "g", "{}"}, {"call_2", "h", "{}"}, {"call_3", "i", "{}"}}));
}

TEST(tool_call_builder, servers_that_number_badly) {
    tool_call_builder all_zero;
    EXPECT_TRUE(all_zero.add({0, "a", "f", "{}"}));
    EXPECT_TRUE(all_zero.add({0, "b", "g", "{\"x\""}));
    EXPECT_TRUE(all_zero.add({0, "", "", ":1}"}));
    EXPECT_EQ(all_zero.take(false), (calls{{"a", "f", "{}"}, {"b", "g", "{\"x\":1}"}}));
    tool_call_builder no_numbers;
    EXPECT_TRUE(no_numbers.add({{}, "a", "f", "{"}));
    EXPECT_TRUE(no_numbers.add({{}, "", "", "}"}));
    EXPECT_TRUE(no_numbers.add({{}, "b", "g", "{}"}));
    EXPECT_EQ(no_numbers.take(false), (calls{{"a", "f", "{}"}, {"b", "g", "{}"}}));
}

TEST(tool_call_builder, cut_off_calls_are_left_out) {
    tool_call_builder builder;
    EXPECT_TRUE(builder.add({0, "a", "f", "{}"}));
    EXPECT_TRUE(builder.add({1, "b", "g", "{\"x"}));
    EXPECT_EQ(builder.take(true), (calls{{"a", "f", "{}"}}));
    EXPECT_TRUE(builder.add({0, "a", "", "{}"}));
    EXPECT_EQ(builder.take(false), std::nullopt) << "nobody can answer a call without a name";
}

TEST(tool_call_builder, has_bounds) {
    tool_call_builder many;
    bool all = true;
    for (int i = 0; i < 129; ++i) all = many.add({i, "", "f", ""});
    EXPECT_FALSE(all);
    tool_call_builder large;
    EXPECT_FALSE(large.add({0, "", "f", std::string(1'100'000, 'x')}));
}

struct read_http {
    unsigned status = 0;
    std::string body;
    bool whole = false;
    bool open = false;
    std::string problem;
    bool operator==(read_http const&) const = default;
};

read_http read_in_pieces(std::string_view bytes, std::size_t size, bool eof) {
    http_answer answer{http_answer::of::request};
    read_http out;
    for (std::size_t at = 0; at < bytes.size() && out.problem.empty(); at += size) {
        out.problem = answer.feed(bytes.substr(at, size));
        if (out.problem.empty() && answer.has_header()) out.body += answer.take_body();
    }
    if (!out.problem.empty()) return out;
    if (eof) static_cast<void>(answer.finish());
    out.whole = answer.is_whole();
    out.open = answer.leaves_connection_open();
    if (answer.has_header()) out.status = answer.status();
    return out;
}

read_http read(std::string_view bytes, bool eof = false) {
    auto const whole = read_in_pieces(bytes, bytes.size(), eof);
    for (std::size_t const size : {1U, 2U, 3U, 7U})
        EXPECT_EQ(read_in_pieces(bytes, size, eof), whole) << bytes;
    return whole;
}

TEST(http_answer, chunked) {
    auto const got = read(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\n");
    EXPECT_EQ(got, (read_http{200, "abcde", true, true, {}}));
    EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", true).whole);
}

TEST(http_answer, with_a_length_or_to_the_end) {
    EXPECT_EQ(read("HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nabc"),
              (read_http{404, "abc", true, true, {}}));
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"),
              (read_http{200, "abc", true, false, {}}));
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\nabc", true), (read_http{200, "abc", true, false, {}}));
    EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", true).whole);
    EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd").open) << "something came behind it";
}

TEST(http_answer, interim_answers_are_passed_over) {
    EXPECT_EQ(read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                   "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"),
              (read_http{200, "a", true, true, {}}));
}

TEST(http_answer, what_is_none) {
    EXPECT_NE(read_in_pieces("SSH-2.0-OpenSSH\r\n\r\n", 100, false).problem, "");
    auto const large = "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x');
    EXPECT_EQ(read_in_pieces(large, 8192, false).problem, "its header is too large");
    auto const endless_chunk_line =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(100'000, 'a');
    EXPECT_EQ(read_in_pieces(endless_chunk_line, 8192, false).problem, "its header is too large");
}

}  // namespace
}  // namespace parley::upstream
