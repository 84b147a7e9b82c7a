// Listening, draining, stopping.
#include "server_fixture.hpp"

namespace parley::http {
namespace {

using namespace std::chrono_literals;

class lifecycle_test : public server_fixture {};

TEST_F(lifecycle_test, a_taken_address_is_a_clear_error) {
    start();
    config second = settings_;
    second.server.port = port_;
    server other(second, routes_, telemetry_);
    auto const port = other.listen();
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().code, "address_in_use");
    EXPECT_NE(port.error().message.find(std::to_string(port_)), std::string::npos);
}

TEST_F(lifecycle_test, an_address_that_is_not_ours_is_a_clear_error) {
    settings_.server.host = "192.0.2.1";
    server one(settings_, routes_, telemetry_);
    auto const port = one.listen();
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().code, "cannot_bind");
}

TEST_F(lifecycle_test, a_host_that_is_none_is_a_clear_error) {
    settings_.server.host = "no such host";
    server one(settings_, routes_, telemetry_);
    auto const port = one.listen();
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().code, "invalid_host");
}

TEST_F(lifecycle_test, a_name_is_resolved) {
    settings_.server.host = "localhost";
    start();
    expect_alive();
}

TEST_F(lifecycle_test, it_has_as_many_loops_as_configured) {
    start();
    EXPECT_EQ(server_->event_loops().size(), 2U);
}

TEST_F(lifecycle_test, drain_closes_idle_connections_and_lets_requests_finish) {
    start();
    raw_client idle(port_);
    idle.send("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(idle.receive().status, 200);
    raw_client busy(port_);
    busy.send("GET /waiting HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(waiting_.begun.wait());
    raw_client also_idle(port_);
    raw_client neighbour(port_);  // the fourth connection: on the loop of the busy one
    neighbour.send("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(neighbour.receive().status, 200);

    server_->begin_drain();
    EXPECT_TRUE(idle.closed_silently());
    EXPECT_TRUE(neighbour.closed_silently());
    EXPECT_THROW(raw_client{port_}, std::runtime_error);
    waiting_.release();
    auto const answer = busy.receive();
    EXPECT_EQ(answer.body, "\"released\"");
    EXPECT_EQ(answer.headers.at("connection"), "close");
    EXPECT_TRUE(busy.closed_silently());
    busy.close();
    EXPECT_TRUE(server_->drain(10s));
    EXPECT_EQ(telemetry_.connections, 0);
}

TEST_F(lifecycle_test, drain_tells_streams_to_end) {
    start();
    raw_client client(port_);
    client.send("GET /silent HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.receive_until("data: begin\n\n");
    EXPECT_TRUE(server_->drain(10s));
    EXPECT_NE(client.receive_all().find("data: end\n\n"), std::string::npos);
}

TEST_F(lifecycle_test, drain_ends_by_force_when_the_grace_is_over) {
    start();
    raw_client client(port_);
    client.send("GET /waiting HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(waiting_.begun.wait());
    EXPECT_FALSE(server_->drain(20ms));
    EXPECT_TRUE(client.closed_silently());
    waiting_.release();
}

TEST_F(lifecycle_test, stop_ends_streams_and_idle_connections) {
    start();
    raw_client streaming(port_);
    streaming.send("GET /silent HTTP/1.1\r\nHost: localhost\r\n\r\n");
    streaming.receive_until("data: begin\n\n");
    raw_client idle(port_);
    server_->stop();
    EXPECT_TRUE(silent_.destroyed.wait());
    server_->stop();
    EXPECT_EQ(telemetry_.connections, 0);
}

TEST_F(lifecycle_test, a_server_that_never_started_goes_quietly) {
    server one(settings_, routes_, telemetry_);
    EXPECT_TRUE(one.listen());
    EXPECT_TRUE(one.drain(1s));
}

TEST_F(lifecycle_test, a_port_is_free_again_after_stop) {
    start();
    expect_alive();
    server_->stop();
    settings_.server.port = port_;
    server_.reset();
    start();
    expect_alive();
}

}  // namespace
}  // namespace parley::http
