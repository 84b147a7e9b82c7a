#include "adapters/http/server/server.hpp"

#include "adapters/http/server/listener.hpp"

#include <pthread.h>

#include <algorithm>
#include <string>
#include <thread>

namespace parley::http {
namespace {

constexpr std::chrono::milliseconds wait_for_handlers{1'000};

request_logging parse_logging(std::string_view word) {
    if (word == "none") return request_logging::none;
    return word == "all" ? request_logging::all : request_logging::errors;
}

session_context make_context(config const& settings, route_table const& routes, metrics& telemetry) {
    std::optional<host_guard> guard;
    if (settings.auth.mode == "none") guard.emplace(settings.server.host);
    std::optional<cors_policy> cors;
    if (!settings.cors.origins.empty()) cors.emplace(settings.cors);
    return {settings.server,
            routes,
            telemetry,
            std::move(guard),
            parse_logging(settings.log.requests),
            std::move(cors),
            settings.auth.mode == "trusted_header"};
}

std::vector<std::unique_ptr<event_loop>> make_loops(session_context const& context, connection_count& open) {
    auto const count =
        context.limits.threads != 0 ? context.limits.threads : std::thread::hardware_concurrency();
    std::vector<std::unique_ptr<event_loop>> loops;
    for (unsigned i = 0; i < std::max(count, 1U); ++i)
        loops.push_back(std::make_unique<event_loop>(context, open));
    return loops;
}

}  // namespace

struct server::state {
    state(config const& settings, route_table const& routes, metrics& telemetry)
        : context(make_context(settings, routes, telemetry)),
          open(settings.server.max_connections),
          loops(make_loops(context, open)),
          accepting(context, open, loops) {}

    session_context const context;
    connection_count open;
    std::vector<std::unique_ptr<event_loop>> loops;
    listener accepting;
    std::vector<std::thread> threads;
};

server::server(config const& settings, route_table const& routes, metrics& telemetry)
    : state_(std::make_unique<state>(settings, routes, telemetry)) {}

server::~server() { stop(); }

result<std::uint16_t> server::listen() {
    auto const& network = state_->context.limits;
    return state_->accepting.open(network.host, network.port);
}

std::vector<boost::asio::any_io_executor> server::event_loops() const {
    std::vector<boost::asio::any_io_executor> executors;
    for (auto& loop : state_->loops) executors.emplace_back(loop->io().get_executor());
    return executors;
}

void server::start() {
    state_->accepting.start();
    for (auto& loop : state_->loops) {
        auto& thread = state_->threads.emplace_back([&running = *loop] { running.run(); });
        auto const name = "parley-http-" + std::to_string(state_->threads.size() - 1);
        ::pthread_setname_np(thread.native_handle(), name.c_str());
    }
}

void server::begin_drain() {
    state_->accepting.close();
    for (auto& loop : state_->loops) loop->begin_drain();
}

bool server::drain(std::chrono::milliseconds grace) {
    begin_drain();
    if (state_->threads.empty() || state_->open.wait_for_none(grace)) return true;
    for (auto& loop : state_->loops) loop->close_all();
    static_cast<void>(state_->open.wait_for_none(wait_for_handlers));
    return false;
}

void server::stop() {
    if (state_->threads.empty()) return;
    state_->accepting.close();
    for (auto& loop : state_->loops) loop->close_all();
    static_cast<void>(state_->open.wait_for_none(wait_for_handlers));
    for (auto& loop : state_->loops) loop->stop();
    for (auto& thread : state_->threads) thread.join();
    state_->threads.clear();
}

}  // namespace parley::http
