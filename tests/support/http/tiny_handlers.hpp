// Handlers that show what the server core does with a request; shared by tests and the fuzz target.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "adapters/http/server/route_table.hpp"

#include <stdexcept>
#include <string>

namespace parley::http {

/// Says what arrived, a line each.
class echo_handler final : public handler {
public:
    task<response> handle(request& call) override {
        response reply;
        reply.content_type = "text/plain";
        reply.body = call.method + " " + call.path + "\n";
        for (auto const& one : call.path_parameters) reply.body += "parameter " + one + "\n";
        for (auto const& one : call.query) reply.body += "query " + one.name + "=" + one.value + "\n";
        reply.body += "body " + call.body;
        co_return reply;
    }
};

class throwing_handler final : public handler {
public:
    task<response> handle(request&) override {
        throw std::runtime_error("a secret of the house");
        co_return response{};
    }
};

/// Three frames without waiting.
class three_frames final : public event_stream {
public:
    task<void> run(event_sink& sink) override {
        for (int i = 1; i <= 3; ++i) {
            bool const taken = co_await sink.write("data: " + std::to_string(i) + "\n\n");
            if (!taken) co_return;
        }
    }
};

class three_frames_handler final : public handler {
public:
    task<response> handle(request&) override {
        response reply;
        reply.stream = std::make_unique<three_frames>();
        co_return reply;
    }
};

/// The routes of these handlers.
struct tiny_site {
    echo_handler echo;
    throwing_handler throws;
    three_frames_handler streams;
    route_table routes{{{"GET", "/echo", &echo, 0},
                        {"POST", "/echo", &echo, 1000},
                        {"GET", "/things/{thing_id}", &echo, 0},
                        {"DELETE", "/things/{thing_id}", &echo, 0},
                        {"GET", "/throws", &throws, 0},
                        {"GET", "/stream", &streams, 0}}};
};

}  // namespace parley::http
