// An upstream that sends faster than its reader takes is slowed down by TCP.
#include "integration/upstream/upstream_fixture.hpp"

namespace parley::test {
namespace {

class upstream_pressure : public upstream_test {};

constexpr std::size_t frames = 40'000;

std::string frame(std::size_t number) {
    return as_chunk(says(fmt::format("{:06} {}", number, std::string(120, 'x'))));
}

TEST_F(upstream_pressure, what_nobody_takes_is_not_read) {
    std::atomic<std::size_t> sent = 0;
    std::atomic<bool> blocked = false;
    mock_upstream mock{[&](peer& client) {
        static_cast<void>(client.read_request());
        client.socket().set_option(boost::asio::socket_base::send_buffer_size{64 * 1024});
        client.send(stream_header);
        for (std::size_t i = 0; i < frames; ++i) {
            // Half a second without room: the other side does not read.
            if (!blocked && !client.can_send(500)) blocked = true;
            auto const bytes = frame(i);
            if (!client.send(bytes)) return;
            sent += bytes.size();
        }
        client.send(as_chunk(stops + done) + last_chunk);
        client.wait_for_close();
    }};
    auto const remote = model(config_for(mock));
    auto running = remote->start(say_hi(), loops_.executor(0)).value();
    ASSERT_TRUE(wait_until([&] { return blocked.load(); }));
    EXPECT_LT(sent, std::size_t{2} * 1024 * 1024) << "of " << frames * frame(0).size();

    auto const got = loops_.run(read_remote(std::move(running)));
    EXPECT_EQ(got.code(), "");
    ASSERT_EQ(got.text.size(), frames * 127);
    bool in_order = true;
    for (std::size_t i = 0; i < frames; ++i)
        in_order = in_order && got.text.compare(i * 127, 6, fmt::format("{:06}", i)) == 0;
    EXPECT_TRUE(in_order) << "every frame once and in order";
}

TEST_F(upstream_pressure, a_reader_that_pauses_is_no_slow_upstream) {
    mock_upstream mock{[&](peer& client) {
        static_cast<void>(client.read_request());
        // At once: no pause of this thread counts.
        std::string all{stream_header};
        for (std::size_t i = 0; i < 1'000; ++i) all += frame(i);
        client.send(all + as_chunk(stops + done) + last_chunk);
        client.wait_for_close();
    }};
    auto how = config_for(mock);
    how.token_timeout = 400ms;
    auto const remote = model(how);
    auto running = remote->start(say_hi(), loops_.executor(0)).value();
    // Longer than the time between tokens: nothing is taken meanwhile.
    boost::asio::io_context clock;
    boost::asio::steady_timer timer{clock, 800ms};
    timer.wait();
    auto const got = loops_.run(read_remote(std::move(running)));
    EXPECT_EQ(got.code(), "");
    EXPECT_EQ(got.text.size(), 1'000U * 127);
}

TEST_F(upstream_pressure, stop_while_the_reader_is_behind) {
    mock_upstream mock{[&](peer& client) {
        static_cast<void>(client.read_request());
        client.send(stream_header);
        for (std::size_t i = 0; client.send(frame(i)); ++i) {
        }
    }};
    auto const remote = model(config_for(mock));
    auto running = remote->start(say_hi(), loops_.executor(0)).value();
    running->stop();
    EXPECT_TRUE(wait_until([&] { return seen_.in_use() == 0; }));
    auto const got = loops_.run(read_remote(std::move(running)));
    EXPECT_TRUE(got.end.stopped);
    EXPECT_LE(got.text.size(), 64U * 1024);
}

}  // namespace
}  // namespace parley::test
