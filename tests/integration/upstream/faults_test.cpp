// Upstreams that die, hang, or never end, and generations that are called off.
#include "integration/upstream/upstream_fixture.hpp"

namespace parley::test {
namespace {

class upstream_faults : public upstream_test {};

TEST_F(upstream_faults, a_connection_that_dies_at_every_byte) {
    mock_upstream mock{[](peer& client) {
        // A request and a connection for each prefix, the whole answer included.
        if (!client.read_request().empty()) client.send(std::string_view{hello}.substr(0, client.number));
    }};
    auto const remote = model(config_for(mock));
    // Where in the bytes the JSON of a piece is whole.
    auto const behind = [](std::string const& piece) {
        return hello.find(piece) + piece.size() - std::string_view{"\n\n"}.size();
    };
    auto const first = behind(says("Hel"));
    auto const second = behind(says("lo"));
    auto const finish = behind(stops);
    auto const header = stream_header.size();
    for (std::size_t length = 0; length <= hello.size(); ++length) {
        auto const got = ask(*remote);
        ASSERT_EQ(mock.connections(), length + 1);
        EXPECT_EQ(got.text, length >= second ? "Hello" : length >= first ? "Hel" : "") << length;
        EXPECT_EQ(got.code(), length >= finish   ? ""
                              : length >= header ? "upstream_failed"
                                                 : "upstream_unreachable")
            << length << ": " << (got.end.failure ? got.end.failure->message : "");
        EXPECT_EQ(got.end.usage.estimated, length >= first && length < behind(usage_chunk)) << length;
    }
}

TEST_F(upstream_faults, one_that_never_ends) {
    mock_upstream mock{[](peer& client) {
        static_cast<void>(client.read_request());
        client.send(client.number == 0 ? stream_header + as_chunk(says("Hel")) : hello);
        client.wait_for_close();
    }};
    auto how = config_for(mock);
    how.token_timeout = 60ms;
    auto const remote = model(how);
    auto const got = ask(*remote);
    EXPECT_EQ(got.code(), "upstream_timeout");
    EXPECT_EQ(got.end.failure->kind, error_kind::timed_out);
    EXPECT_EQ(got.text, "Hel");
    EXPECT_TRUE(wait_until([&] { return mock.ended() == 1; })) << "the connection is closed";
    EXPECT_EQ(ask(*remote).text, "Hello");
}

TEST_F(upstream_faults, comments_and_empty_pieces_are_no_tokens) {
    mock_upstream mock{[](peer& client) {
        static_cast<void>(client.read_request());
        if (client.number > 0) return static_cast<void>(client.send(hello));
        client.send(stream_header);
        while (client.send(as_chunk(": PROCESSING\n\n" + sse(R"({"role":"assistant","content":""})")))) {
        }
    }};
    auto how = config_for(mock);
    how.first_token_timeout = 60ms;
    auto const remote = model(how);
    auto const got = ask(*remote);
    EXPECT_EQ(got.code(), "upstream_timeout");
    EXPECT_FALSE(got.end.time_to_first_token);
    EXPECT_TRUE(wait_until([&] { return ask(*remote).text == "Hello"; }));
}

TEST_F(upstream_faults, one_that_says_nothing_at_all) {
    mock_upstream mock{[](peer& client) {
        static_cast<void>(client.read_request());
        if (client.number > 0) client.send(hello);
        client.wait_for_close();
    }};
    auto how = config_for(mock);
    how.first_token_timeout = 60ms;
    auto const remote = model(how);
    EXPECT_EQ(ask(*remote).code(), "upstream_timeout");
    EXPECT_TRUE(wait_until([&] { return mock.connections() > 0; }));  // its thread may be late
    EXPECT_EQ(mock.connections(), 1U) << "what is slow is not asked twice";
    EXPECT_TRUE(wait_until([&] { return ask(*remote).text == "Hello"; }));
}

TEST_F(upstream_faults, the_end_mark_may_be_missing_while_the_connection_stays) {
    mock_upstream mock{[](peer& client) {
        static_cast<void>(client.read_request());
        client.send(stream_header + as_chunk(says("Hello") + stops));
        client.wait_for_close();
    }};
    auto how = config_for(mock);
    how.token_timeout = 60ms;
    auto const got = ask(*model(how));
    EXPECT_EQ(got.text, "Hello");
    EXPECT_EQ(got.code(), "");
}

TEST_F(upstream_faults, nobody_listens) {
    std::string url;
    {
        mock_upstream const gone{always(hello)};
        url = gone.url();
    }
    auto const got = ask(*model(config_for(url)));
    EXPECT_EQ(got.code(), "upstream_unreachable");
    EXPECT_EQ(got.end.failure->kind, error_kind::unavailable);
    EXPECT_EQ(seen_.in_use(), 0U);
    ASSERT_EQ(seen_.requests().size(), 1U);
    EXPECT_EQ(seen_.requests()[0].outcome, "upstream_unreachable");
}

TEST_F(upstream_faults, a_refusal_before_the_request_is_read) {
    mock_upstream mock{[](peer& client) {
        std::array<char, 64> some;
        static_cast<void>(client.read(some.data(), some.size()));
        client.send(whole("413 Large", R"({"error":{"message":"too large"}})", "Connection: close\r\n"));
        client.wait_for_close();
    }};
    auto asked = say_hi();
    asked.prompt[0].content = std::string(3'000'000, 'x');
    EXPECT_EQ(ask(*model(config_for(mock)), std::move(asked)).code(), "upstream_refused");
}

/// A generation on a loop that a test can hold on to.
struct held {
    std::unique_ptr<generation> running;
};

task<std::string> begin(held& into, language_model& of, boost::asio::any_io_executor executor) {
    into.running = of.start(say_hi(), executor).value();
    auto const event = co_await into.running->next(30s);
    auto const* delta = std::get_if<generation_delta>(&event);
    co_return delta == nullptr ? "" : delta->text;
}

task<bool> drop(held& what) {
    what.running.reset();
    co_return true;
}

TEST_F(upstream_faults, stop_from_another_thread_closes_the_connection) {
    mock_upstream mock{[](peer& client) {
        static_cast<void>(client.read_request());
        client.send(stream_header + as_chunk(says("Hel")));
        client.wait_for_close();
    }};
    auto const remote = model(config_for(mock));
    held one;
    ASSERT_EQ(loops_.run(begin(one, *remote, loops_.executor(0))), "Hel");
    EXPECT_EQ(remote->info().running, 1U);
    one.running->stop();
    auto const got = loops_.run(read_remote(std::move(one.running)));
    EXPECT_TRUE(got.end.stopped);
    EXPECT_FALSE(got.end.failure);
    EXPECT_TRUE(got.end.usage.estimated);
    EXPECT_EQ(got.end.usage.output_tokens, 1);
    EXPECT_GT(got.end.usage.input_tokens, 0);
    EXPECT_TRUE(wait_until([&] { return mock.ended() == 1; }));
    ASSERT_EQ(seen_.requests().size(), 1U);
    EXPECT_EQ(seen_.requests()[0].outcome, "stopped");
    EXPECT_EQ(remote->info().running, 0U);
}

TEST_F(upstream_faults, stop_before_anything_has_happened) {
    mock_upstream mock{[](peer& client) { client.wait_for_close(); }};
    auto const remote = model(config_for(mock));
    auto begun = remote->start(say_hi(), loops_.executor(0)).value();
    begun->stop();
    auto const got = loops_.run(read_remote(std::move(begun)));
    EXPECT_TRUE(got.end.stopped);
    EXPECT_FALSE(got.end.failure);
}

TEST_F(upstream_faults, dropping_a_generation_closes_the_connection) {
    mock_upstream mock{[](peer& client) {
        static_cast<void>(client.read_request());
        client.send(stream_header + as_chunk(says("Hel")));
        client.wait_for_close();
    }};
    auto const remote = model(config_for(mock));
    held one;
    ASSERT_EQ(loops_.run(begin(one, *remote, loops_.executor(0))), "Hel");
    ASSERT_TRUE(loops_.run(drop(one)));
    EXPECT_TRUE(wait_until([&] { return mock.ended() == 1 && seen_.in_use() == 0 && seen_.streams() == 0; }));
}

task<bool> is_idle(generation& from) {
    auto const event = co_await from.next(1ms);
    co_return std::holds_alternative<generation_idle>(event);
}

TEST_F(upstream_faults, next_comes_back_when_nothing_has_come) {
    mock_upstream mock{[](peer& client) {
        static_cast<void>(client.read_request());
        client.wait_for_close();
    }};
    auto const remote = model(config_for(mock));
    auto begun = remote->start(say_hi(), loops_.executor(0)).value();
    EXPECT_TRUE(loops_.run(is_idle(*begun)));
    EXPECT_TRUE(loops_.run(is_idle(*begun)));
    begun->stop();
    EXPECT_TRUE(loops_.run(read_remote(std::move(begun))).end.stopped);
}

}  // namespace
}  // namespace parley::test
