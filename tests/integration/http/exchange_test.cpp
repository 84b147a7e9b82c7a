// What well-behaved clients see: answers, headers, connections kept and closed, bodies.
#include "common/log.hpp"
#include "server_fixture.hpp"

namespace parley::http {
namespace {

class exchange_test : public server_fixture {};

std::string request_line(std::string const& line, std::string const& headers = "") {
    return line + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

TEST_F(exchange_test, every_answer_has_the_common_headers) {
    start();
    auto const answer = get("/echo?a=b%20c");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "GET /echo\nquery a=b c\nbody ");
    EXPECT_EQ(answer.headers.at("x-request-id").size(), 36U);
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.headers.at("date").size(), 29U);
    EXPECT_EQ(answer.headers.at("connection"), "close");
}

TEST_F(exchange_test, a_sane_request_id_comes_back_and_another_does_not) {
    start();
    raw_client client(port_);
    client.send(request_line("GET /nowhere", "X-Request-Id: My.id_7-x\r\n"));
    auto const answer = client.receive();
    EXPECT_EQ(answer.headers.at("x-request-id"), "My.id_7-x");
    EXPECT_NE(answer.body.find("\"instance\":\"urn:parley:request:My.id_7-x\""), std::string::npos)
        << answer.body;
    for (auto const& id : {std::string("a b"), std::string("<x>"), std::string(129, 'x'), std::string()}) {
        client.send(request_line("GET /echo", "X-Request-Id: " + id + "\r\n"));
        EXPECT_EQ(client.receive().headers.at("x-request-id").size(), 36U) << id;
    }
}

TEST_F(exchange_test, pipelined_requests_are_answered_in_order) {
    start();
    raw_client client(port_);
    std::string all;
    for (int i = 0; i < 100; ++i) all += request_line("GET /echo?n=" + std::to_string(i));
    client.send(all);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(client.receive().body, "GET /echo\nquery n=" + std::to_string(i) + "\nbody ");
    }
}

TEST_F(exchange_test, head_is_get_without_the_body) {
    start();
    raw_client client(port_);
    client.send(request_line("HEAD /echo") + request_line("GET /echo"));
    auto const head = client.receive(true);
    EXPECT_EQ(head.status, 200);
    auto const body = client.receive().body;
    EXPECT_EQ(body, "GET /echo\nbody ");
    EXPECT_EQ(head.headers.at("content-length"), std::to_string(body.size() + 1));  // it says HEAD
}

TEST_F(exchange_test, http_1_0_closes_unless_asked_to_stay) {
    start();
    raw_client client(port_);
    client.send("GET /echo HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.receive().headers.at("connection"), "keep-alive");
    client.send("GET /echo HTTP/1.0\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(client.receive().headers.at("connection"), "close");
    EXPECT_TRUE(client.closed_silently());
}

TEST_F(exchange_test, absolute_targets_are_understood) {
    start();
    raw_client client(port_);
    client.send(request_line("GET http://localhost:1/echo?x=1"));
    EXPECT_EQ(client.receive().body, "GET /echo\nquery x=1\nbody ");
}

TEST_F(exchange_test, a_body_may_come_in_chunks) {
    start();
    raw_client client(port_);
    client.send(request_line("POST /echo", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n");
    client.send("7;x=\"y\"\r\n, world\r\n0\r\nA-Trailer: x\r\n\r\n");
    EXPECT_EQ(client.receive().body, "POST /echo\nbody hello, world");
}

TEST_F(exchange_test, a_large_body_arrives_whole) {
    start();
    raw_client client(port_);
    std::string const body(100'000, 'b');
    client.send(request_line("POST /echo", "Content-Length: 100000\r\n") + body);
    EXPECT_EQ(client.receive().body, "POST /echo\nbody " + body);
}

TEST_F(exchange_test, a_large_answer_arrives_whole) {
    start();
    EXPECT_EQ(get("/large").body.size(), large_handler::size);
}

TEST_F(exchange_test, too_large_is_said_before_the_body_is_sent) {
    start();
    raw_client client(port_);
    client.send(request_line("POST /echo", "Content-Length: 100001\r\n"));
    auto const answer = client.receive();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.headers.at("connection"), "close");
    EXPECT_NE(answer.body.find("payload_too_large"), std::string::npos);
}

TEST_F(exchange_test, a_client_that_sends_all_the_same_can_read_the_answer) {
    start();
    // The server waits a second for all of it; a machine that stands still so long gets another try.
    using steady = std::chrono::steady_clock;
    int status = 0;
    auto begun = steady::now();
    for (int tries = 3; tries > 0 && status == 0; --tries) {
        ASSERT_TRUE(tries == 3 || steady::now() - begun >= std::chrono::seconds{1}) << "reset at once";
        begun = steady::now();
        raw_client client(port_);
        client.send(request_line("POST /echo", "Content-Length: 8000000\r\n"));
        if (client.send(std::string(8'000'000, 'x'))) status = client.receive().status;  // or it was reset
    }
    EXPECT_EQ(status, 413);
    expect_alive();
}

TEST_F(exchange_test, chunks_beyond_the_limit_are_refused_while_they_come) {
    start();
    raw_client client(port_);
    client.send(request_line("POST /echo", "Transfer-Encoding: chunked\r\n"));
    std::string const chunk = "c350\r\n" + std::string(50'000, 'x') + "\r\n";
    client.send(chunk + chunk);
    client.send("1\r\n");
    EXPECT_EQ(client.receive().status, 413);
    expect_alive();
}

TEST_F(exchange_test, a_client_that_asks_is_told_to_continue) {
    start();
    raw_client client(port_);
    client.send(request_line("POST /echo", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
    EXPECT_EQ(client.receive_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    EXPECT_EQ(client.receive().body, "POST /echo\nbody hello");
}

TEST_F(exchange_test, a_client_that_asks_with_too_much_is_refused) {
    start();
    raw_client client(port_);
    client.send(request_line("POST /echo", "Content-Length: 100001\r\nExpect: 100-continue\r\n"));
    EXPECT_EQ(client.receive().status, 413);
    raw_client lost(port_);
    lost.send(request_line("POST /nowhere", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
    EXPECT_EQ(lost.receive().status, 404);
    EXPECT_TRUE(lost.closed_silently());
}

TEST_F(exchange_test, a_client_that_asks_and_does_not_wait_is_not_told) {
    start();
    raw_client client(port_);
    client.send(request_line("POST /echo", "Content-Length: 5\r\nExpect: 100-continue\r\n") + "hello");
    EXPECT_EQ(client.receive().status, 200);
}

TEST_F(exchange_test, a_half_closed_client_gets_its_answer) {
    start();
    raw_client client(port_);
    client.send(request_line("GET /waiting"));
    client.end_sending();
    ASSERT_TRUE(waiting_.begun.wait());
    waiting_.release();
    EXPECT_EQ(client.receive().body, "\"released\"");
}

TEST_F(exchange_test, an_exception_of_a_handler_is_a_500_that_says_nothing) {
    start();
    raw_client client(port_);
    ::testing::internal::CaptureStderr();
    client.send(request_line("GET /throws", "X-Request-Id: find-me\r\n"));
    auto const answer = client.receive();
    auto const logged = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
    EXPECT_NE(logged.find("find-me"), std::string::npos) << logged;
    EXPECT_NE(logged.find("a secret of the house"), std::string::npos);
    client.send(request_line("GET /echo"));
    EXPECT_EQ(client.receive().status, 200);
}

/// The log's lines about requests while `act` runs.
template <class Act>
std::string logged_requests(Act act) {
    ::testing::internal::CaptureStderr();
    log::start({.level = "info", .format = "json"});
    act();
    auto const text = ::testing::internal::GetCapturedStderr();
    log::start({.level = "warn", .format = "text"});
    return text;
}

TEST_F(exchange_test, requests_are_logged_by_template_without_what_they_ask) {
    settings_.log.requests = "all";
    start();
    auto const text = logged_requests([this] {
        EXPECT_EQ(get("/echo?q=my-secret").status, 200);
        EXPECT_EQ(get("/nowhere/my-secret").status, 404);
        EXPECT_TRUE(server_->drain(std::chrono::seconds(10)));
    });
    EXPECT_NE(text.find("\"method\":\"GET\",\"route\":\"/echo\",\"status\":200,\"duration_ms\":"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("\"route\":\"unmatched\",\"status\":404"), std::string::npos);
    EXPECT_NE(text.find("\"request_id\":\""), std::string::npos);
    EXPECT_EQ(text.find("my-secret"), std::string::npos);
}

TEST_F(exchange_test, when_errors_are_logged_only_the_servers_own_are) {
    settings_.log.requests = "errors";
    start();
    auto const text = logged_requests([this] {
        EXPECT_EQ(get("/nowhere").status, 404);
        EXPECT_EQ(get("/throws").status, 500);
        EXPECT_TRUE(server_->drain(std::chrono::seconds(10)));
    });
    EXPECT_EQ(text.find("\"status\":404"), std::string::npos) << text;
    EXPECT_NE(text.find("\"event\":\"request\""), std::string::npos);
    EXPECT_NE(text.find("\"status\":500"), std::string::npos);
}

TEST_F(exchange_test, with_authentication_every_host_is_welcome) {
    settings_.auth.mode = "api_key";
    start();
    raw_client client(port_);
    client.send("GET /echo HTTP/1.1\r\nHost: chat.example\r\nOrigin: https://chat.example\r\n\r\n");
    EXPECT_EQ(client.receive().status, 200);
}

TEST_F(exchange_test, connections_and_requests_are_counted) {
    start();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(get("/echo").status, 200);
    EXPECT_TRUE(server_->drain(std::chrono::seconds(10)));
    EXPECT_EQ(telemetry_.requests, 5);
    EXPECT_EQ(telemetry_.connections, 0);
}

}  // namespace
}  // namespace parley::http
