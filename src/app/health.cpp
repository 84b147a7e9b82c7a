#include "app/health.hpp"

#include "adapters/client/http_client.hpp"
#include "app/run_task.hpp"
#include "common/visible_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

// Health checks give up after five seconds or so; an answer that says why is worth more than a kill.
constexpr client::http_patience patience{.connect = 2s, .answer = 2s};
constexpr std::size_t longest_shown = 500;  // bytes

health_verdict not_ready(std::string_view why) {
    fmt::print(stderr, "parley: {}\n", why);
    return health_verdict::not_ready;
}

}  // namespace

health_verdict run_health(health_options const& options) {
    auto where = client::parse_server_address(options.url);
    if (!where) {
        fmt::print(stderr, "parley: {}\n", where.error().message);
        return health_verdict::bad_address;
    }
    client::http_client const http{std::move(*where), patience};
    auto const answer = run_task(http.send({.method = "GET", .target = "/readyz", .body = {}}));
    if (!answer) return not_ready(answer.error().message);
    auto body = visible_text(std::string_view{answer->body}.substr(0, longest_shown));
    std::ranges::replace(body, '\n', ' ');
    if (answer->status != 200) return not_ready(fmt::format("not ready: {} {}", answer->status, body));
    fmt::print("ready: {}\n", body);
    return health_verdict::ready;
}

}  // namespace parley
