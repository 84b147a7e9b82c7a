// A running server with small handlers on a free port.
#pragma once

#include "adapters/http/server/server.hpp"
#include "common/wakeup.hpp"
#include "support/http/raw_client.hpp"
#include "support/http/tiny_handlers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace parley::http {

/// A condition of tests: set in one thread, waited for in another.
class event {
public:
    void set() {
        std::lock_guard const lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    /// True when it was set `times` times within ten seconds.
    bool wait(int times = 1) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return count_ >= times; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

/// One frame, then silence until the client goes or the server drains.
class silent_stream final : public event_stream {
public:
    silent_stream(boost::asio::any_io_executor const& executor, event& destroyed)
        : sleeper_(executor),
          destroyed_(destroyed) {}
    ~silent_stream() override { destroyed_.set(); }

    task<void> run(event_sink& sink) override {
        sink.notify_when_draining(sleeper_);
        bool going = co_await sink.write("data: begin\n\n");
        while (going && !sink.draining()) co_await sleeper_.wait(std::chrono::hours(1));
        if (going) going = co_await sink.write("data: end\n\n");
    }

private:
    wakeup sleeper_;
    event& destroyed_;
};

class silent_handler final : public handler {
public:
    task<response> handle(request& call) override {
        response reply;
        reply.stream = std::make_unique<silent_stream>(call.executor, destroyed);
        co_return reply;
    }
    event destroyed;
};

/// Frames without end, as fast as the client takes them.
class endless_stream final : public event_stream {
public:
    explicit endless_stream(event& over) : over_(over) {}
    task<void> run(event_sink& sink) override {
        bool going = true;
        while (going) going = co_await sink.write("data: " + std::string(16'000, 'x') + "\n\n");
        over_.set();
    }

private:
    event& over_;
};

class endless_handler final : public handler {
public:
    task<response> handle(request&) override {
        response reply;
        reply.stream = std::make_unique<endless_stream>(over);
        co_return reply;
    }
    event over;
};

/// A stream whose code is wrong.
class broken_stream final : public event_stream {
public:
    task<void> run(event_sink& sink) override {
        bool const going = co_await sink.write("data: 1\n\n");
        if (going) throw std::runtime_error("a secret of the house");
    }
};

class broken_stream_handler final : public handler {
public:
    task<response> handle(request&) override {
        response reply;
        reply.stream = std::make_unique<broken_stream>();
        co_return reply;
    }
};

/// Begins, says so, and answers when it is released. For one request.
class waiting_handler final : public handler {
public:
    task<response> handle(request& call) override {
        sleeper_ = std::make_unique<wakeup>(call.executor);
        begun.set();
        bool released = false;
        while (!released) released = co_await sleeper_->wait(std::chrono::seconds(10));
        response reply;
        reply.body = "\"released\"";
        co_return reply;
    }
    /// Once it has begun.
    void release() { sleeper_->notify(); }

    /// Before the server's event loops are destroyed.
    void forget() { sleeper_.reset(); }

    event begun;

private:
    std::unique_ptr<wakeup> sleeper_;  // lives longer than the call: notify() may still run when it returns
};

class large_handler final : public handler {
public:
    task<response> handle(request&) override {
        response reply;
        reply.body.assign(size, 'x');
        co_return reply;
    }
    static constexpr std::size_t size = 32 * 1024 * 1024;
};

/// Counts what the server tells.
class counting_metrics final : public metrics {
public:
    void request(std::string_view, std::string_view, unsigned, std::chrono::nanoseconds) override {
        ++requests;
    }
    void connection(connection_change change) override {
        connections += change == connection_change::opened ? 1 : -1;
    }
    void connection_refused(std::string_view) override { ++refused; }
    void event_stream(connection_change change) override {
        streams += change == connection_change::opened ? 1 : -1;
    }
    void store_operation(std::string_view, std::string_view, std::chrono::nanoseconds) override {}
    void store_commit(std::size_t, std::chrono::nanoseconds) override {}
    void generations(std::string_view, std::size_t, std::size_t) override {}
    void generation_finished(generation_observation const&) override {}
    std::string exposition() override { return {}; }

    std::atomic<int> requests = 0, connections = 0, refused = 0, streams = 0;
};

class server_fixture : public testing::Test {
protected:
    server_fixture() {
        settings_.server.port = 0;
        settings_.server.threads = 2;
        settings_.log.requests = "none";
    }

    ~server_fixture() override {
        if (server_) server_->stop();
        waiting_.forget();
    }

    void start() {
        server_ = std::make_unique<server>(settings_, routes_, telemetry_);
        auto const port = server_->listen();
        ASSERT_TRUE(port) << port.error().message;
        port_ = *port;
        server_->start();
    }

    /// One request on a connection of its own; shows that the server goes on.
    [[nodiscard]] raw_response get(std::string const& path) const {
        raw_client client(port_);
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return client.receive();
    }
    void expect_alive() const { EXPECT_EQ(get("/echo").status, 200); }

    config settings_;
    tiny_site site_;
    silent_handler silent_;
    endless_handler endless_;
    broken_stream_handler broken_;
    waiting_handler waiting_;
    large_handler large_;
    route_table routes_{{{"GET", "/echo", &site_.echo, 0},
                         {"POST", "/echo", &site_.echo, 100'000},
                         {"GET", "/throws", &site_.throws, 0},
                         {"GET", "/stream", &site_.streams, 0},
                         {"GET", "/silent", &silent_, 0},
                         {"GET", "/endless", &endless_, 0},
                         {"GET", "/broken", &broken_, 0},
                         {"GET", "/waiting", &waiting_, 0},
                         {"GET", "/large", &large_, 0}}};
    counting_metrics telemetry_;
    std::unique_ptr<server> server_;
    std::uint16_t port_ = 0;
};

}  // namespace parley::http
