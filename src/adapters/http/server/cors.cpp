#include "adapters/http/server/cors.hpp"

#include <algorithm>
#include <chrono>

namespace parley::http {
namespace {

constexpr std::string_view request_headers =
    "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id, traceparent, "
    "tracestate";
constexpr std::string_view shown_headers =
    "ETag, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, "
    "X-Request-Id";

}  // namespace

cors_policy::cors_policy(cors_config const& settings)
    : origins_(settings.origins),
      max_age_(std::to_string(std::chrono::floor<std::chrono::seconds>(settings.max_age).count())) {}

bool cors_policy::allows(std::string_view origin) const {
    return std::ranges::find(origins_, origin) != origins_.end();
}

std::optional<response> cors_policy::preflight(request const& call, std::string_view methods) const {
    auto const origin = call.header("Origin");
    if (!origin || !allows(*origin) || !call.header("Access-Control-Request-Method")) return std::nullopt;
    response out;
    out.status = 204;
    out.content_type.clear();
    out.headers = {{"Access-Control-Allow-Methods", std::string{methods}},
                   {"Access-Control-Allow-Headers", std::string{request_headers}},
                   {"Access-Control-Max-Age", max_age_}};
    return out;
}

void cors_policy::mark(request const& call, response& answer) const {
    answer.headers.push_back({"Vary", "Origin"});
    auto const origin = call.header("Origin");
    if (!origin || !allows(*origin)) return;
    answer.headers.push_back({"Access-Control-Allow-Origin", std::string{*origin}});
    answer.headers.push_back({"Access-Control-Expose-Headers", std::string{shown_headers}});
}

}  // namespace parley::http
