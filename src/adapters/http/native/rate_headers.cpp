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
    out.headers.push_back({"RateLimit-Policy", std::move(policy)});
    out.headers.push_back({"RateLimit", std::move(left)});
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
