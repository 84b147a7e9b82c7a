#include "adapters/http/native/rate_headers.hpp"

#include "adapters/http/server/problem.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace parley::http {
namespace {

std::int64_t seconds_of(std::chrono::milliseconds time) {
    return std::chrono::ceil<std::chrono::seconds>(time).count();
}

/// Several are one list.
void join(response& out, std::string_view name, std::string value) {
    for (auto& one : out.headers) {
        if (one.name != name) continue;
        one.value += ", " + value;
        return;
    }
    out.headers.push_back({std::string{name}, std::move(value)});
}

}  // namespace

void add_rate_headers(response& out, std::vector<request_allowance> const& limits) {
    std::string policy;
    std::string left;
    for (auto const& one : limits) {
        auto const name = (policy.empty() ? "\"" : ", \"") + std::string{one.whose} + "\"";
        policy += name + ";q=" + std::to_string(one.rate.amount) +
                  ";w=" + std::to_string(seconds_of(one.rate.window));
        left += name + ";r=" + std::to_string(one.verdict.remaining) +
                ";t=" + std::to_string(seconds_of(one.verdict.full_again));
    }
    if (policy.empty()) return;
    join(out, "RateLimit-Policy", std::move(policy));
    join(out, "RateLimit", std::move(left));
}

void add_spent_limit(response& out, error const& why) {
    if (!why.spent) return;
    auto const name = "\"" + std::string{why.spent->name} + "\"";
    auto const quota = name + ";q=" + std::to_string(why.spent->quota);
    auto const window = why.spent->window.count();
    join(out, "RateLimit-Policy",
         quota + (window == 0 ? ";qu=\"concurrent-requests\"" : ";w=" + std::to_string(window)));
    join(out, "RateLimit", name + ";r=0;t=" + std::to_string(seconds_of(why.retry_after)));
}

response refuse_rate(request_allowance const& limit, std::string_view request_id) {
    return problem({error_kind::rate_limited,
                    "too_many_requests",
                    "More requests came within a minute than this " + std::string{limit.whose} + " may make.",
                    {},
                    {},
                    limit.verdict.retry_after},
                   request_id);
}

}  // namespace parley::http
