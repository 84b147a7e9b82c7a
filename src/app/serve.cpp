#include "app/serve.hpp"

#include "app/application.hpp"
#include "app/signals.hpp"
#include "common/log.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

namespace parley {
namespace {

using namespace std::chrono_literals;

std::string host_for_url(std::string const& host) {
    if (host == "localhost") return "127.0.0.1";
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

/// One line that is written over on a terminal; elsewhere only its last state, as a log line.
class progress_line {
public:
    void show(std::vector<model_progress> const& models) {
        if (!terminal_) return;
        std::string text;
        for (auto const& model : models) {
            if (!model.settled) text += fmt::format("  loading {} {:3.0f} %", model.name, model.share * 100);
        }
        if (text.empty() && shown_ == 0) return;
        auto const padding = std::max(shown_, text.size()) - text.size();
        fmt::print(stderr, "\r{}{}", text, std::string(padding, ' '));
        std::fflush(stderr);
        shown_ = text.size();
    }
    void clear() {
        show({});
        if (shown_ == 0 && terminal_) fmt::print(stderr, "\r");
    }

private:
    bool terminal_ = isatty(STDERR_FILENO) == 1;
    std::size_t shown_ = 0;
};

bool all_settled(std::vector<model_progress> const& models) {
    return std::ranges::all_of(models, &model_progress::settled);
}

void report(std::vector<model_progress> const& models) {
    for (auto const& model : models) {
        if (model.problem.empty()) {
            log::info("model ready", {{"model", std::string_view{model.name}}});
        } else {
            log::error("model failed", {{"model", std::string_view{model.name}},
                                        {"problem", std::string_view{model.problem}}});
        }
    }
}

/// The signal that came meanwhile, or 0.
int wait_for_models(application const& server) {
    progress_line line;
    while (true) {
        auto const models = server.models();
        if (all_settled(models)) break;
        line.show(models);
        if (auto const signal = next_signal(50ms); signal != 0) return line.clear(), signal;
    }
    line.clear();
    report(server.models());
    return 0;
}

void print_ready_line(std::string const& host, std::uint16_t port) {
    auto const base = fmt::format("http://{}:{}", host_for_url(host), port);
    fmt::print("parley ready: chat {0}/ docs {0}/docs api {0}/api/v1\n", base);
    std::fflush(stdout);
}

}  // namespace

int run_serve(config const& settings) {
    hold_signals();
    log::start(settings.log);
    auto server = application::start(settings);
    if (!server) {
        fmt::print(stderr, "parley: cannot start: {}\n", server.error().message);
        if (!server.error().detail.empty()) fmt::print(stderr, "        ({})\n", server.error().detail);
        return 1;
    }
    auto signal = wait_for_models(**server);
    if (signal == 0) {
        print_ready_line(settings.server.host, (*server)->port());
        signal = next_signal();
    }
    log::info("shutting down", {{"signal", std::int64_t{signal}}});
    leave_at_next_signal();
    if (!(*server)->shut_down()) {
        log::error("a reply could not be ended; its last checkpoint is kept");
        std::fflush(nullptr);
        _exit(1);
    }
    return 0;
}

}  // namespace parley
