// Connections are kept, used again where they were made, and never more than allowed.
#include "integration/upstream/upstream_fixture.hpp"

namespace parley::test {
namespace {

class upstream_connections : public upstream_test {
protected:
    void wait_until_kept(std::size_t count) {
        ASSERT_TRUE(wait_until([&] { return seen_.in_use() == 0 && seen_.idle() == count; }));
    }
};

TEST_F(upstream_connections, one_is_used_again_on_its_loop) {
    mock_upstream mock{always(hello)};
    auto const remote = model(config_for(mock));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(ask(*remote).text, "Hello");
        wait_until_kept(1);
    }
    EXPECT_EQ(mock.connections(), 1U);
    EXPECT_EQ(ask(*remote, say_hi(), 1).text, "Hello");
    wait_until_kept(2);
    EXPECT_EQ(mock.connections(), 2U) << "another loop has connections of its own";
    EXPECT_EQ(ask(*remote, say_hi(), 1).text, "Hello");
    EXPECT_EQ(mock.connections(), 2U);
}

TEST_F(upstream_connections, one_that_waited_too_long_is_not_used) {
    mock_upstream mock{always(hello)};
    auto how = config_for(mock);
    how.idle_timeout = 0ms;
    auto const remote = model(how);
    EXPECT_EQ(ask(*remote).text, "Hello");
    wait_until_kept(1);
    EXPECT_EQ(ask(*remote).text, "Hello");
    wait_until_kept(1);
    EXPECT_EQ(mock.connections(), 2U);
}

TEST_F(upstream_connections, a_stale_one_that_dies_unheard_is_replaced_once) {
    mock_upstream mock{[](peer& client) {
        if (client.read_request().empty()) return;
        client.send(hello);
        // The first connection takes a second request and dies of it.
        if (client.number == 0) return static_cast<void>(client.read_request());
        client.wait_for_close();
    }};
    auto const remote = model(config_for(mock));
    EXPECT_EQ(ask(*remote).text, "Hello");
    wait_until_kept(1);
    EXPECT_EQ(ask(*remote).text, "Hello");
    EXPECT_EQ(mock.connections(), 2U);
}

TEST_F(upstream_connections, a_fresh_one_that_dies_is_a_failure) {
    mock_upstream mock{[](peer& client) { static_cast<void>(client.read_request()); }};
    auto const remote = model(config_for(mock));
    EXPECT_EQ(ask(*remote).code(), "upstream_unreachable");
    EXPECT_EQ(mock.connections(), 1U);
}

TEST_F(upstream_connections, one_that_the_server_has_closed_is_noticed) {
    mock_upstream mock{[](peer& client) {
        static_cast<void>(client.read_request());
        client.send(hello);
    }};
    auto const remote = model(config_for(mock));
    for (std::size_t i = 1; i <= 3; ++i) {
        EXPECT_EQ(ask(*remote).text, "Hello");
        ASSERT_TRUE(wait_until([&] { return mock.ended() == i && seen_.in_use() == 0; }));
        EXPECT_EQ(mock.connections(), i);
    }
}

TEST_F(upstream_connections, an_error_that_was_read_whole_keeps_it) {
    mock_upstream mock{always(whole("429 Many", R"({"error":{"message":"slow down"}})"))};
    auto const remote = model(config_for(mock));
    EXPECT_EQ(ask(*remote).code(), "upstream_rate_limited");
    EXPECT_EQ(ask(*remote).code(), "upstream_rate_limited");
    EXPECT_EQ(mock.connections(), 1U);
}

TEST_F(upstream_connections, no_more_than_allowed) {
    mock_upstream mock{[](peer& client) {
        while (!client.read_request().empty()) client.send(client.number == 0 ? stream_header : hello);
    }};
    auto how = config_for(mock);
    how.max_connections = 1;
    auto const remote = model(how);
    auto running = remote->start(say_hi(), loops_.executor(0)).value();
    ASSERT_TRUE(wait_until([&] { return seen_.in_use() == 1; }));
    auto const refused = ask(*remote, say_hi(), 1);
    EXPECT_EQ(refused.code(), "upstream_busy");
    EXPECT_EQ(refused.end.failure->kind, error_kind::overloaded);
    running->stop();
    EXPECT_TRUE(loops_.run(read_remote(std::move(running))).end.stopped);
    ASSERT_TRUE(wait_until([&] { return seen_.in_use() == 0; }));
    EXPECT_EQ(ask(*remote, say_hi(), 1).text, "Hello");
    wait_until_kept(1);
    // What waits on another loop gives way.
    EXPECT_EQ(ask(*remote, say_hi(), 2).text, "Hello");
    wait_until_kept(1);
    EXPECT_EQ(seen_.most(), 1U);
}

TEST_F(upstream_connections, close_idle_closes_them) {
    mock_upstream mock{always(hello)};
    auto const acme = server(config_for(mock));
    auto const remote = upstream::make_upstream_model(acme, remote_model());
    EXPECT_EQ(ask(*remote).text, "Hello");
    wait_until_kept(1);
    acme->close_idle();
    EXPECT_EQ(seen_.idle(), 0U);
    EXPECT_TRUE(wait_until([&] { return mock.ended() == 1; }));
    EXPECT_EQ(ask(*remote).text, "Hello");
}

TEST_F(upstream_connections, they_go_with_the_upstream) {
    mock_upstream mock{always(hello)};
    auto remote = model(config_for(mock));
    EXPECT_EQ(ask(*remote).text, "Hello");
    wait_until_kept(1);
    remote.reset();
    EXPECT_TRUE(wait_until([&] { return mock.ended() == 1; }));
}

TEST_F(upstream_connections, they_go_with_the_loop) {
    mock_upstream mock{always(hello)};
    auto const remote = model(config_for(mock));
    {
        event_loops short_lived{1};
        auto const executor = short_lived.executor(0);
        EXPECT_EQ(short_lived.run(ask_remote(*remote, say_hi(), executor)).text, "Hello");
        wait_until_kept(1);
    }
    EXPECT_EQ(seen_.idle(), 0U);
    EXPECT_TRUE(wait_until([&] { return mock.ended() == 1; }));
    EXPECT_EQ(ask(*remote).text, "Hello");
}

TEST_F(upstream_connections, many_streams_on_several_loops) {
    mock_upstream mock{always(hello)};
    auto how = config_for(mock);
    how.max_connections = 24;
    auto const remote = model(how);
    std::vector<std::future<remote_reading>> running;
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i < 24; ++i) {
            auto const executor = loops_.executor(i);
            running.push_back(loops_.start(ask_remote(*remote, say_hi(), executor), i));
        }
        for (auto& one : std::exchange(running, {})) {
            auto const got = one.get();
            EXPECT_EQ(got.text, "Hello") << got.code();
        }
        ASSERT_TRUE(wait_until([&] { return seen_.in_use() == 0; }));
    }
    EXPECT_LE(seen_.most(), 24U);
    EXPECT_EQ(seen_.streams(), 0U);
    EXPECT_EQ(seen_.requests().size(), 240U);
}

}  // namespace
}  // namespace parley::test
