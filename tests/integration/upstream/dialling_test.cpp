// From a name to a connection, where addresses are dead or silent.
#include "adapters/upstream/connect_race.hpp"
#include "adapters/upstream/name_lookup.hpp"
#include "support/generation_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace parley::upstream {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;

/// Listens, and never takes a connection: whoever comes when its line is full hears nothing.
class silent_address {
public:
    explicit silent_address(asio::io_context& loop) : listener_(loop, {asio::ip::address_v4::loopback(), 0}) {
        listener_.listen(0);
        // The kernel keeps one more than the backlog.
        fillers_.reserve(3);
        for (int i = 0; i < 3; ++i) {
            fillers_.emplace_back(loop);
            fillers_.back().async_connect(listener_.local_endpoint(), [](auto const&) {});
        }
        loop.poll();
    }
    [[nodiscard]] tcp::endpoint endpoint() const { return listener_.local_endpoint(); }

private:
    tcp::acceptor listener_;
    std::vector<tcp::socket> fillers_;
};

struct reached {
    boost::system::error_code failed;
    tcp::endpoint address;
};

task<reached> reach(asio::any_io_executor executor, std::vector<tcp::endpoint> addresses,
                    std::shared_ptr<lifeline> life) {
    auto const socket =
        co_await connect_to_one_of(std::move(executor), std::move(addresses), std::move(life));
    reached out;
    if (socket) {
        out.address = socket->remote_endpoint();
    } else {
        out.failed = socket.error();
    }
    co_return out;
}

class dialling : public ::testing::Test {
protected:
    /// Nobody listens there any more.
    tcp::endpoint dead() {
        tcp::acceptor gone{loop_, {asio::ip::address_v4::loopback(), 0}};
        return gone.local_endpoint();
    }
    reached dial(std::vector<tcp::endpoint> addresses) { return dial(std::move(addresses), life()); }
    reached dial(std::vector<tcp::endpoint> addresses, std::shared_ptr<lifeline> within) {
        return testing::run(loop_, reach(loop_.get_executor(), std::move(addresses), std::move(within)));
    }
    std::shared_ptr<lifeline> life() { return std::make_shared<lifeline>(loop_.get_executor()); }

    asio::io_context loop_{1};
    tcp::acceptor live_{loop_, {asio::ip::address_v4::loopback(), 0}};
};

TEST_F(dialling, goes_on_to_the_next_address_when_one_refuses) {
    EXPECT_EQ(dial({dead(), dead(), live_.local_endpoint()}).address, live_.local_endpoint());
}

TEST_F(dialling, goes_on_when_one_refuses_while_another_is_silent) {
    silent_address const silent{loop_};
    EXPECT_EQ(dial({silent.endpoint(), dead(), live_.local_endpoint()}).address, live_.local_endpoint());
}

TEST_F(dialling, does_not_wait_for_an_address_that_is_silent) {
    silent_address const silent{loop_};
    auto const begun = std::chrono::steady_clock::now();
    EXPECT_EQ(dial({silent.endpoint(), silent.endpoint(), live_.local_endpoint()}).address,
              live_.local_endpoint());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s) << "the kernel gives up after some minutes";
}

TEST_F(dialling, tells_why_none_was_reached) {
    EXPECT_EQ(dial({dead(), dead()}).failed, asio::error::connection_refused);
}

TEST_F(dialling, ends_at_its_deadline_and_when_it_is_stopped) {
    silent_address const silent{loop_};
    for (bool const stopped : {false, true}) {
        auto const within = life();
        if (stopped) {
            asio::post(loop_, [within] { within->end(lifeline::cause::stopped); });
        } else {
            within->end_within(1ms);
        }
        EXPECT_EQ(dial({silent.endpoint()}, within).failed, asio::error::operation_aborted);
    }
}

TEST_F(dialling, asks_the_system_for_a_name_and_nobody_for_an_address) {
    name_lookup name{"localhost", 80};
    auto const found = testing::run(loop_, name.ask(loop_.get_executor(), life()));
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_TRUE(found->front().address().is_loopback());
    EXPECT_EQ(found->front().port(), 80);
    name_lookup address{"::1", 81};
    EXPECT_EQ(testing::run(loop_, address.ask(loop_.get_executor(), life())).value(),
              (std::vector<tcp::endpoint>{{asio::ip::address_v6::loopback(), 81}}));
}

TEST_F(dialling, gives_the_answer_to_one_question_to_all_who_wait) {
    name_lookup name{"localhost", 80};
    std::size_t answered = 0;
    for (int i = 0; i < 500; ++i) {
        asio::co_spawn(loop_, name.ask(loop_.get_executor(), life()),
                       [&](std::exception_ptr const&, auto const& found) { answered += found ? 1 : 0; });
    }
    loop_.run();
    EXPECT_EQ(answered, 500U);
}

TEST_F(dialling, an_event_loop_may_go_while_it_waits_for_a_name) {
    name_lookup name{"localhost", 80};
    for (int i = 0; i < 200; ++i) {
        asio::io_context mortal{1};
        auto const within = std::make_shared<lifeline>(mortal.get_executor());
        asio::co_spawn(mortal, name.ask(mortal.get_executor(), within), asio::detached);
        mortal.poll();
    }
    EXPECT_TRUE(testing::run(loop_, name.ask(loop_.get_executor(), life())));
}

TEST_F(dialling, does_not_wait_for_a_name_when_it_is_stopped) {
    auto const over = life();
    over->end(lifeline::cause::stopped);
    name_lookup name{"localhost", 80};
    auto const found = testing::run(loop_, name.ask(loop_.get_executor(), over));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error(), asio::error::operation_aborted);
}

}  // namespace
}  // namespace parley::upstream
