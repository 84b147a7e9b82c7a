// Every malformed request gets its exact status and code, and the server goes on.
#include "server_fixture.hpp"

#include <random>

namespace parley::http {
namespace {

struct bad_case {
    std::string name;
    std::string bytes;
    int status;
    std::string code;
};

std::string get_with(std::string const& line) {
    return "GET /echo HTTP/1.1\r\nHost: localhost\r\n" + line + "\r\n\r\n";
}
std::string post_with(std::string const& lines, std::string const& body) {
    return "POST /echo HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n\r\n" + body;
}
std::string target(std::string const& text) { return "GET " + text + " HTTP/1.1\r\nHost: localhost\r\n\r\n"; }

std::string many_headers(int count) {
    std::string lines;
    for (int i = 0; i < count; ++i) lines += "X-" + std::to_string(i) + ": y\r\n";
    return lines + "X-Last: z";
}

std::vector<bad_case> const cases{
    {"no_target", "GET\r\n\r\n", 400, "malformed_request"},
    {"no_version", "GET /echo\r\n\r\n", 400, "malformed_request"},
    {"lower_case_version", "GET /echo http/1.1\r\nHost: localhost\r\n\r\n", 400, "malformed_request"},
    {"two_blanks", "GET  /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "malformed_request"},
    {"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http_version_not_supported"},
    {"http_1_2", "GET /echo HTTP/1.2\r\nHost: localhost\r\n\r\n", 505, "http_version_not_supported"},
    {"tls_hello", std::string("\x16\x03\x01\x02\x00\x01\x00", 7), 400, "malformed_request"},
    {"method_with_slash", "GE/T /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "malformed_request"},
    {"no_host", "GET /echo HTTP/1.1\r\nAccept: */*\r\n\r\n", 400, "malformed_request"},
    {"two_hosts", get_with("Host: localhost"), 400, "malformed_request"},
    {"bad_host", "GET /echo HTTP/1.1\r\nHost: local host\r\n\r\n", 400, "malformed_request"},
    {"host_with_user", "GET /echo HTTP/1.1\r\nHost: a@localhost\r\n\r\n", 400, "malformed_request"},
    {"length_then_encoding", post_with("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), 400,
     "malformed_request"},
    {"encoding_then_length", post_with("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"), 400,
     "malformed_request"},
    {"two_lengths", post_with("Content-Length: 5\r\nContent-Length: 6", "hello"), 400, "malformed_request"},
    {"two_equal_lengths", post_with("Content-Length: 5\r\nContent-Length: 5", "hello"), 400,
     "malformed_request"},
    {"list_of_lengths", post_with("Content-Length: 5, 5", "hello"), 400, "malformed_request"},
    {"negative_length", post_with("Content-Length: -5", "hello"), 400, "malformed_request"},
    {"length_with_plus", post_with("Content-Length: +5", "hello"), 400, "malformed_request"},
    {"hexadecimal_length", post_with("Content-Length: 0x5", "hello"), 400, "malformed_request"},
    {"empty_length", post_with("Content-Length:", "hello"), 400, "malformed_request"},
    {"length_beyond_64_bits", post_with("Content-Length: 18446744073709551621", "hello"), 400,
     "malformed_request"},
    {"encoding_gzip", post_with("Transfer-Encoding: gzip", ""), 501, "transfer_encoding_not_supported"},
    {"encoding_gzip_chunked", post_with("Transfer-Encoding: gzip, chunked", ""), 501,
     "transfer_encoding_not_supported"},
    {"encoding_chunked_twice", post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", ""), 400,
     "malformed_request"},
    {"encoding_identity", post_with("Transfer-Encoding: identity", ""), 501,
     "transfer_encoding_not_supported"},
    {"encoding_in_1_0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     "malformed_request"},
    {"chunk_size_no_number", post_with("Transfer-Encoding: chunked", "zz\r\n"), 400, "malformed_request"},
    {"chunk_size_negative", post_with("Transfer-Encoding: chunked", "-1\r\n"), 400, "malformed_request"},
    {"chunk_size_too_large", post_with("Transfer-Encoding: chunked", "fffffffffffffffff\r\n"), 400,
     "malformed_request"},
    {"chunk_without_end", post_with("Transfer-Encoding: chunked", "5\r\nhelloXX0\r\n\r\n"), 400,
     "malformed_request"},
    {"chunk_with_bare_lf", post_with("Transfer-Encoding: chunked", "5\nhello\r\n0\r\n\r\n"), 400,
     "malformed_request"},
    {"chunk_extension_without_end", post_with("Transfer-Encoding: chunked", "5;" + std::string(40'000, 'x')),
     400, "malformed_request"},
    {"lines_end_in_lf", "GET /echo HTTP/1.1\nHost: localhost\n\n", 400, "malformed_request"},
    {"one_line_ends_in_lf", "GET /echo HTTP/1.1\r\nHost: localhost\nA: b\r\n\r\n", 400, "malformed_request"},
    {"bare_cr_in_value", get_with("A: b\rc"), 400, "malformed_request"},
    {"nul_in_value", get_with(std::string("A: b\0c", 6)), 400, "malformed_request"},
    {"nul_in_name", get_with(std::string("A\0: b", 5)), 400, "malformed_request"},
    {"folded_line", get_with("A: b\r\n c"), 400, "malformed_request"},
    {"folded_first_line", "GET /echo HTTP/1.1\r\n Host: localhost\r\n\r\n", 400, "malformed_request"},
    {"blank_before_colon", get_with("A : b"), 400, "malformed_request"},
    {"no_name", get_with(": b"), 400, "malformed_request"},
    {"no_colon", get_with("nonsense"), 400, "malformed_request"},
    {"header_too_long", get_with("A: " + std::string(20'000, 'x')), 431, "headers_too_large"},
    {"header_without_end", "GET /echo HTTP/1.1\r\nA: " + std::string(20'000, 'x'), 431, "headers_too_large"},
    {"too_many_headers", get_with(many_headers(100)), 431, "headers_too_large"},
    {"target_too_long", target("/" + std::string(9'000, 'x')), 414, "target_too_long"},
    {"target_without_end", "GET /" + std::string(20'000, 'x'), 414, "target_too_long"},
    {"unknown_expectation", get_with("Expect: miracles"), 417, "expectation_failed"},
    {"broken_escape", target("/things/%zz"), 400, "malformed_target"},
    {"half_an_escape", target("/things/%4"), 400, "malformed_target"},
    {"path_no_utf8", target("/things/%ff"), 400, "malformed_target"},
    {"path_raw_utf8", target("/things/\xc3\xa4"), 400, "malformed_target"},
    {"path_nul", target("/things/%00"), 400, "malformed_target"},
    {"query_broken_escape", target("/echo?q=%g0"), 400, "malformed_target"},
    {"query_no_utf8", target("/echo?q=%c3"), 400, "malformed_target"},
    {"query_nul", target("/echo?q=%00"), 400, "malformed_target"},
    {"fragment", target("/echo#x"), 400, "malformed_target"},
    {"no_slash", target("echo"), 400, "malformed_target"},
    {"asterisk_with_get", target("*"), 400, "malformed_target"},
    {"other_scheme", target("ftp://localhost/echo"), 400, "malformed_target"},
    {"connect", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "method_not_implemented"},
    {"unknown_path", target("/nowhere"), 404, "route_not_found"},
    {"dots_are_no_folders", target("/x/../echo"), 404, "route_not_found"},
    {"unknown_method", "BREW /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, "method_not_allowed"},
    {"trace", "TRACE /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, "method_not_allowed"},
    {"lower_case_method", "get /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, "method_not_allowed"},
    {"unknown_method_and_path", "BREW /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, "route_not_found"},
    {"body_where_none_is_taken", get_with("Content-Length: 5") + "hello", 413, "payload_too_large"},
    {"chunks_where_none_are_taken", get_with("Transfer-Encoding: chunked") + "0\r\n\r\n", 413,
     "payload_too_large"},
    {"rebound_host", "GET /echo HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, "host_not_allowed"},
    {"rebound_absolute_target", target("http://evil.example/echo"), 403, "host_not_allowed"},
    {"other_origin", get_with("Origin: https://evil.example"), 403, "origin_not_allowed"},
    {"sandboxed_origin", get_with("Origin: null"), 403, "origin_not_allowed"},
};

class bad_input : public server_fixture, public testing::WithParamInterface<bad_case> {};

TEST_P(bad_input, is_answered_exactly) {
    start();
    raw_client client(port_);
    client.send(GetParam().bytes);
    client.end_sending();
    auto const answer = client.receive();
    EXPECT_EQ(answer.status, GetParam().status) << answer.body;
    EXPECT_NE(answer.body.find("\"code\":\"" + GetParam().code + "\""), std::string::npos) << answer.body;
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    EXPECT_EQ(answer.headers.at("x-request-id").size(), 36U);
    expect_alive();
}

INSTANTIATE_TEST_SUITE_P(http, bad_input, testing::ValuesIn(cases),
                         [](auto const& one) { return one.param.name; });

class bad_input_test : public server_fixture {};

TEST_F(bad_input_test, half_a_request_is_answered_when_the_client_ends_it) {
    start();
    for (auto const* bytes :
         {"GET /echo HT", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhal"}) {
        raw_client client(port_);
        client.send(bytes);
        client.end_sending();
        EXPECT_EQ(client.receive().status, 400) << bytes;
        EXPECT_TRUE(client.closed_silently());
    }
    expect_alive();
}

TEST_F(bad_input_test, a_refused_target_leaves_the_connection_usable) {
    start();
    raw_client client(port_);
    client.send(target("/%zz") + target("/nowhere") + target("/echo"));
    EXPECT_EQ(client.receive().status, 400);
    EXPECT_EQ(client.receive().status, 404);
    EXPECT_EQ(client.receive().status, 200);
}

TEST_F(bad_input_test, a_malformed_request_ends_the_connection) {
    start();
    raw_client client(port_);
    client.send(get_with("A : b") + target("/echo"));
    auto const answer = client.receive();
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.headers.at("connection"), "close");
    EXPECT_TRUE(client.closed_silently());
}

TEST_F(bad_input_test, wrong_methods_are_told_the_right_ones) {
    start();
    raw_client client(port_);
    client.send("PUT /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(client.receive().headers.at("allow"), "GET, HEAD, POST, OPTIONS");
    client.send("OPTIONS /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    auto const answer = client.receive();
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_FALSE(answer.headers.contains("content-length"));
    client.send("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(client.receive().status, 204);
}

/// Bytes that often look like HTTP for a while.
std::string garbage(std::mt19937& random) {
    static std::vector<std::string> const words{"GET ",
                                                "POST ",
                                                "/echo",
                                                "/stream",
                                                " HTTP/1.1",
                                                "\r\n",
                                                "\r\n\r\n",
                                                "Host: localhost\r\n",
                                                "Content-Length: ",
                                                "7",
                                                "\n",
                                                "\0",
                                                "Transfer-Encoding: chunked\r\n",
                                                "0\r\n\r\n",
                                                "%",
                                                "?",
                                                ":",
                                                " "};
    std::string bytes;
    for (auto parts = random() % 20; parts > 0; --parts) {
        if (random() % 4 == 0) {
            bytes.push_back(static_cast<char>(random()));
        } else {
            bytes += words[random() % words.size()];
        }
    }
    return bytes;
}

TEST_F(bad_input_test, a_thousand_connections_of_garbage_leave_the_server_alive) {
    start();
    std::mt19937 random(20'261'123);
    for (int i = 0; i < 1000; ++i) {
        raw_client client(port_);
        client.send(garbage(random));
        if (i % 3 == 0) {
            client.reset();
        } else {
            client.end_sending();
            client.receive_all();
        }
    }
    expect_alive();
}

}  // namespace
}  // namespace parley::http
