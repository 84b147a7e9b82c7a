// The session over memory: what depends on how bytes arrive, not on sockets and time.
#include "support/http/memory_stream.hpp"
#include "support/http/tiny_handlers.hpp"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

class session_test : public testing::Test {
protected:
    std::string serve(std::vector<std::string> pieces) {
        return serve_in_memory(context_, std::move(pieces));
    }

    static std::size_t count(std::string const& text, std::string const& part) {
        std::size_t found = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
        return found;
    }

    tiny_site site_;
    no_metrics telemetry_;
    session_context const context_{server_config{}, site_.routes, telemetry_, std::nullopt,
                                   request_logging::none};
};

TEST_F(session_test, answers_the_same_however_the_bytes_are_cut) {
    std::string const text =
        "POST /echo?a=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: 1\r\n\r\n"
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        "GET /things/7 HTTP/1.1\r\nHost: x\r\n\r\n";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < text.size(); at += size) pieces.push_back(text.substr(at, size));
        auto const answers = serve(std::move(pieces));
        ASSERT_EQ(count(answers, "HTTP/1.1 200 OK\r\n"), 3U) << size << "\n" << answers;
        auto const first = answers.find("POST /echo\nquery a=1\nbody hello world");
        auto const second = answers.find("POST /echo\nbody abc");
        auto const third = answers.find("GET /things/7\nparameter 7\nbody ");
        ASSERT_LT(first, second) << size;
        ASSERT_LT(second, third) << size;
        ASSERT_NE(third, std::string::npos) << size;
    }
}

TEST_F(session_test, a_pipelined_request_waits_for_the_stream_before_it) {
    auto const answers =
        serve({"GET /stream HTTP/1.1\r\nHost: x\r\n\r\nGET /thi", "ngs/8 HTTP/1.1\r\nHost: x\r\n\r\n"});
    auto const end = answers.find("9\r\ndata: 3\n\n\r\n0\r\n\r\n");
    ASSERT_NE(end, std::string::npos) << answers;
    EXPECT_NE(answers.find("parameter 8", end), std::string::npos);
}

TEST_F(session_test, a_1_0_client_gets_a_stream_that_ends_with_the_connection) {
    auto const answers = serve({"GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"});
    EXPECT_TRUE(answers.ends_with("\r\n\r\ndata: 1\n\ndata: 2\n\ndata: 3\n\n")) << answers;
    EXPECT_NE(answers.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(answers.find("Transfer-Encoding"), std::string::npos);
    EXPECT_EQ(answers.find("Content-Length"), std::string::npos);
}

TEST_F(session_test, the_head_of_a_stream_is_its_header_alone) {
    auto const answers = serve({"HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n"});
    EXPECT_NE(answers.find("Content-Type: text/event-stream\r\n"), std::string::npos);
    EXPECT_TRUE(answers.ends_with("\r\n\r\n"));
    EXPECT_EQ(answers.find("data:"), std::string::npos);
}

TEST_F(session_test, empty_lines_before_a_request_are_skipped) {
    EXPECT_EQ(count(serve({"\r\n\r\nGET /echo HTTP/1.1\r\nHost: x\r\n\r\n"}), "HTTP/1.1 200 OK"), 1U);
}

TEST_F(session_test, a_refused_request_with_a_short_body_leaves_the_connection_usable) {
    auto const answers = serve({"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel", "lo",
                                "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n"});
    EXPECT_EQ(count(answers, "HTTP/1.1 404 Not Found"), 1U);
    EXPECT_EQ(count(answers, "HTTP/1.1 200 OK"), 1U);
}

TEST_F(session_test, nothing_of_a_request_is_left_for_the_next) {
    auto const answers =
        serve({"POST /echo?q=1 HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\nContent-Length: 2\r\n\r\nhi",
               "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n"});
    EXPECT_EQ(count(answers, "X-Request-Id: mine\r\n"), 1U);
    EXPECT_TRUE(answers.ends_with("GET /echo\nbody ")) << answers;
}

TEST_F(session_test, a_malformed_request_after_a_head_request_gets_its_body) {
    auto const answers = serve({"HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n", "GET /half"});
    EXPECT_NE(answers.find("HTTP/1.1 400 Bad Request"), std::string::npos);
    EXPECT_NE(answers.find("\"code\":\"malformed_request\""), std::string::npos);
}

}  // namespace
}  // namespace parley::http
