// Event streams over real sockets: framing, clients that vanish, half-closed clients, drain.
#include "server_fixture.hpp"

namespace parley::http {
namespace {

using namespace std::chrono_literals;

class stream_test : public server_fixture {
protected:
    static std::string ask(std::string const& path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }
};

TEST_F(stream_test, frames_come_as_chunks_with_the_right_headers) {
    start();
    raw_client client(port_);
    client.send(ask("/stream"));
    auto const head = client.receive();
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.at("content-type"), "text/event-stream");
    EXPECT_EQ(head.headers.at("cache-control"), "no-cache, no-transform");
    EXPECT_EQ(head.headers.at("x-accel-buffering"), "no");
    EXPECT_EQ(head.headers.at("transfer-encoding"), "chunked");
    EXPECT_FALSE(head.headers.contains("content-length"));
    EXPECT_EQ(client.receive_until("0\r\n\r\n"),
              "9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n9\r\ndata: 3\n\n\r\n0\r\n\r\n");
    client.send(ask("/echo"));
    EXPECT_EQ(client.receive().status, 200);
}

TEST_F(stream_test, a_request_sent_during_a_stream_is_answered_after_it) {
    start();
    raw_client client(port_);
    client.send(ask("/silent"));
    EXPECT_EQ(client.receive().status, 200);
    client.receive_until("data: begin\n\n");
    client.send(ask("/echo?later=1") + "GET /echo?lat");
    client.send("est=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    server_->begin_drain();
    client.receive_until("0\r\n\r\n");
    auto const later = client.receive();
    EXPECT_EQ(later.body, "GET /echo\nquery later=1\nbody ");
    EXPECT_EQ(later.headers.at("connection"), "close");  // nothing more of a server that drains
    EXPECT_TRUE(client.closed_silently());
}

TEST_F(stream_test, a_client_that_vanishes_ends_its_stream) {
    start();
    {
        raw_client client(port_);
        client.send(ask("/silent"));
        client.receive_until("data: begin\n\n");
    }
    EXPECT_TRUE(silent_.destroyed.wait());
    expect_alive();
}

TEST_F(stream_test, a_client_that_resets_ends_its_stream) {
    start();
    raw_client client(port_);
    client.send(ask("/silent"));
    client.receive_until("data: begin\n\n");
    client.reset();
    EXPECT_TRUE(silent_.destroyed.wait());
    expect_alive();
}

TEST_F(stream_test, a_client_that_vanishes_during_a_flood_ends_its_stream) {
    start();
    {
        raw_client client(port_);
        client.send(ask("/endless"));
        client.receive_until("data: xxx");
    }
    EXPECT_TRUE(endless_.over.wait());
    expect_alive();
}

TEST_F(stream_test, a_half_closed_client_keeps_its_stream) {
    start();
    raw_client client(port_);
    client.send(ask("/silent"));
    client.end_sending();
    client.receive_until("data: begin\n\n");
    client.receive_until(": ping\n\n");  // the server has seen the end and asks
    server_->begin_drain();
    EXPECT_NE(client.receive_all().find("data: end\n\n"), std::string::npos);
}

TEST_F(stream_test, a_stream_that_fails_is_cut_and_not_ended) {
    start();
    raw_client client(port_);
    ::testing::internal::CaptureStderr();
    client.send(ask("/broken"));
    auto const all = client.receive_all();
    auto const logged = ::testing::internal::GetCapturedStderr();
    EXPECT_TRUE(all.ends_with("9\r\ndata: 1\n\n\r\n")) << all;
    EXPECT_NE(logged.find("a secret of the house"), std::string::npos);
    expect_alive();
}

TEST_F(stream_test, streams_are_counted) {
    start();
    raw_client client(port_);
    client.send(ask("/silent"));
    client.receive_until("data: begin\n\n");
    EXPECT_EQ(telemetry_.streams, 1);
    client.close();
    EXPECT_TRUE(silent_.destroyed.wait());
    EXPECT_TRUE(server_->drain(10s));
    EXPECT_EQ(telemetry_.streams, 0);
}

TEST_F(stream_test, two_hundred_clients_vanish_at_once) {
    start();
    {
        std::vector<std::unique_ptr<raw_client>> clients;
        for (int i = 0; i < 200; ++i) {
            clients.push_back(std::make_unique<raw_client>(port_));
            clients.back()->send(ask("/silent"));
        }
        for (auto& one : clients) one->receive_until("data: begin\n\n");
        EXPECT_EQ(telemetry_.streams, 200);
    }
    EXPECT_TRUE(silent_.destroyed.wait(200));
    EXPECT_TRUE(server_->drain(10s));
    EXPECT_EQ(telemetry_.connections, 0);
}

}  // namespace
}  // namespace parley::http
