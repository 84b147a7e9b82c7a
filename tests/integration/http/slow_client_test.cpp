// Clients that are slow, silent or many: everybody is let go in time, and nobody else notices.
#include "server_fixture.hpp"

#include <deque>

namespace parley::http {
namespace {

using namespace std::chrono_literals;

class slow_client_test : public server_fixture {
protected:
    slow_client_test() {
        // Long enough for a client of ours that a busy machine holds up.
        constexpr auto limit = 600ms;
        settings_.server.header_timeout = limit;
        settings_.server.body_timeout = limit;
        settings_.server.idle_timeout = limit;
        settings_.server.write_timeout = limit;
    }
};

TEST_F(slow_client_test, a_client_that_says_nothing_is_closed_without_a_word) {
    start();
    raw_client client(port_);
    EXPECT_TRUE(client.closed_silently());
    expect_alive();
}

TEST_F(slow_client_test, half_a_header_is_a_408) {
    start();
    raw_client client(port_);
    client.send("GET /echo HTTP/1.1\r\nHost: loc");
    auto const answer = client.receive();
    EXPECT_EQ(answer.status, 408);
    EXPECT_NE(answer.body.find("request_timeout"), std::string::npos);
    EXPECT_EQ(answer.headers.at("connection"), "close");
    expect_alive();
}

TEST_F(slow_client_test, trickling_bytes_do_not_buy_time) {
    start();
    raw_client client(port_);
    client.send("GET /echo HTTP/1.1\r\nHost: localhost\r\nX-Long: ");
    // One byte after the other until the server has had enough.
    while (!client.readable_within(5ms)) ASSERT_TRUE(client.send("x"));
    EXPECT_EQ(client.receive().status, 408);
}

TEST_F(slow_client_test, half_a_body_is_a_408) {
    start();
    raw_client client(port_);
    client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
    EXPECT_EQ(client.receive().status, 408);
    expect_alive();
}

TEST_F(slow_client_test, an_idle_connection_is_closed_without_a_word) {
    start();
    raw_client client(port_);
    client.send("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(client.receive().status, 200);
    EXPECT_TRUE(client.closed_silently());
}

TEST_F(slow_client_test, a_handler_may_take_longer_than_any_client) {
    start();
    raw_client client(port_);
    client.send("GET /waiting HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(waiting_.begun.wait());
    raw_client idle(port_);
    EXPECT_TRUE(idle.closed_silently());  // a whole timeout has passed
    waiting_.release();
    EXPECT_EQ(client.receive().status, 200);
}

TEST_F(slow_client_test, a_client_that_reads_nothing_is_let_go) {
    start();
    raw_client client(port_, 4096);
    client.send("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(endless_.over.wait());
    raw_client other(port_, 4096);
    other.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(server_->drain(10s));  // it ends by its write timeout, not by force
    EXPECT_EQ(telemetry_.connections, 0);
}

class many_clients_test : public server_fixture {};

TEST_F(many_clients_test, beyond_the_limit_clients_are_told_to_come_back) {
    settings_.server.max_connections = 2;
    start();
    raw_client first(port_);
    raw_client second(port_);
    for (auto* client : {&first, &second}) {
        client->send("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
        EXPECT_EQ(client->receive().status, 200);
    }
    raw_client third(port_);
    third.send("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    auto const answer = third.receive();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.headers.at("retry-after"), "1");
    EXPECT_EQ(answer.headers.at("connection"), "close");
    EXPECT_NE(answer.body.find("too_many_connections"), std::string::npos);
    EXPECT_TRUE(third.closed_silently());
    EXPECT_EQ(telemetry_.refused, 1);
    // A place that is free again is given away.
    first.send("GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(first.receive().status, 200);
    EXPECT_TRUE(first.closed_silently());
    first.close();
    int status = 503;
    for (int i = 0; i < 1000 && status == 503; ++i) status = get("/echo").status;
    EXPECT_EQ(status, 200);
}

TEST_F(many_clients_test, five_hundred_connections_at_once) {
    start();
    std::deque<raw_client> clients;
    for (int i = 0; i < 500; ++i) clients.emplace_back(port_);
    for (auto& one : clients) one.send("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for (auto& one : clients) EXPECT_EQ(one.receive().status, 200);
    EXPECT_EQ(telemetry_.connections, 500);
}

}  // namespace
}  // namespace parley::http
