#include "app/model_search.hpp"

#include "common/log.hpp"
#include "common/pause.hpp"

#include <boost/asio/co_spawn.hpp>

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

// After a failure; less when it is asked more often anyway.
constexpr std::chrono::milliseconds soon_again{30'000};

/// What nobody knows of a discovered model is left to its server: it says what it does not take.
model_config settings_of(std::string const& upstream, std::string name, std::string remote_name) {
    model_config settings;
    settings.name = std::move(name);
    settings.kind = "upstream";
    settings.upstream = upstream;
    settings.remote_name = std::move(remote_name);
    settings.context_window = 0;
    settings.parallel = 64;
    settings.max_waiting = 256;
    settings.abilities = {"tools", "structured_output", "images"};
    return settings;
}

discovered_maker maker_for(std::shared_ptr<upstream::upstream> const& server, metrics& seen) {
    return [server, &seen](std::string const& name, std::string const& remote_name) {
        return make_remote_model(server, settings_of(server->name(), name, remote_name), seen);
    };
}

void report_bug(std::exception_ptr const& thrown) {
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& bug) {
        log::error("the search for models threw", {{"what", bug.what()}});
    }
}

}  // namespace

model_search::model_search(upstream_list const& upstreams, model_catalog& catalog, metrics& seen) {
    for (auto const& server : upstreams) {
        if (server->settings().discover_every == 0ms) continue;
        searches_.push_back(std::make_unique<search>(
            server, model_discovery{server->name(), catalog, maker_for(server, seen)}));
    }
    if (searches_.empty()) return;
    for (auto const& one : searches_) boost::asio::co_spawn(loop_, repeat(*one), report_bug);
    thread_ = std::thread{[this] { loop_.run(); }};
    pthread_setname_np(thread_.native_handle(), "model-search");
}

void model_search::stop() {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
}

task<void> model_search::repeat(search& one) {
    auto const every = one.server->settings().discover_every;
    while (true) {
        auto const ids = co_await one.server->list_models(loop_.get_executor());
        if (ids) {
            static_cast<void>(one.found.update(*ids));
        } else {
            log::warn("models not discovered", {{"upstream", std::string_view{one.server->name()}},
                                                {"code", std::string_view{ids.error().code}},
                                                {"problem", std::string_view{ids.error().message}}});
        }
        co_await pause(loop_.get_executor(), ids ? every : std::min(every, soon_again));
    }
}

}  // namespace parley
