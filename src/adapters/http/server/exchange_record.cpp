#include "adapters/http/server/exchange_record.hpp"

#include "common/log.hpp"

#include <array>

namespace parley::http {
namespace {

std::string_view known_method(std::string_view sent) {
    constexpr std::array<std::string_view, 7> known{"GET",    "POST", "HEAD",   "PATCH",
                                                    "DELETE", "PUT",  "OPTIONS"};
    for (auto const one : known) {
        if (one == sent) return one;
    }
    return "OTHER";
}

}  // namespace

void record_exchange(session_context const& context, request const& call, unsigned status,
                     std::chrono::nanoseconds duration, std::size_t bytes) {
    auto const method = known_method(call.method);
    context.telemetry.request(call.route, method, status, duration);
    if (context.logging == request_logging::none ||
        (context.logging == request_logging::errors && status < 500)) {
        return;
    }
    log::info("request", {{"request_id", std::string_view(call.request_id)},
                          {"method", method},
                          {"route", call.route},
                          {"status", std::int64_t{status}},
                          {"duration_ms", std::chrono::duration<double, std::milli>(duration).count()},
                          {"bytes", static_cast<std::int64_t>(bytes)}});
}

}  // namespace parley::http
