#include "adapters/http/native/operations.hpp"

#include "adapters/http/native/api_handler.hpp"
#include "adapters/http/native/models.hpp"
#include "adapters/http/wire/json_writer.hpp"

#include <string>
#include <utility>

namespace parley::http {
namespace {

/// A server without any model keeps conversations all the same.
bool default_model_ready(model_catalog const& models) {
    if (models.all().empty()) return true;
    auto const model = models.find(std::nullopt);
    if (!model) return false;
    auto const info = (*model)->info();
    return info.state == model_state::ready || (info.on_demand && info.state != model_state::failed);
}

std::string_view to_text(cache_state state) {
    switch (state) {
        case cache_state::off:
            return "off";
        case cache_state::ok:
            return "ok";
        case cache_state::unavailable:
            return "unavailable";
    }
    return "unavailable";
}

}  // namespace

task<response> get_health::handle(request&) { co_return json_response(200, R"({"status":"ok"})"); }

task<response> get_readiness::handle(request&) {
    auto const store = co_await api_.conversations.ping();
    auto const ready = store && default_model_ready(api_.models) && !draining_.load();
    std::string body;
    json_writer out{body};
    out.begin_object();
    out.member("status", ready ? "ready" : "not_ready");
    out.key("checks");
    out.begin_object();
    out.member("store", store ? std::string{"ok"} : store.error().code);
    // Without its cache the server is slower, and as ready as before.
    out.member("cache", to_text(api_.kept.state()));
    out.key("models");
    out.begin_object();
    for (auto const* const model : api_.models.all()) {
        auto const info = model->info();
        out.any_key(info.name);
        out.value(to_text(info.state));
    }
    out.end_object();
    out.end_object();
    out.end_object();
    auto answer = json_response(ready ? 200 : 503, std::move(body));
    if (!ready) answer.headers.push_back({"Retry-After", "1"});
    co_return answer;
}

task<response> get_metrics::handle(request&) {
    auto answer = json_response(200, seen_.exposition());
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    co_return answer;
}

}  // namespace parley::http
