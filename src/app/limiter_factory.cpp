#include "app/limiter_factory.hpp"

#include "adapters/memory/memory_limiter.hpp"
#include "adapters/redis/redis_limiter.hpp"
#include "adapters/redis/uri.hpp"

#include <chrono>
#include <utility>

namespace parley {
namespace {

/// So long may a start wait to tell whether Redis is there.
constexpr std::chrono::milliseconds first_look{1'500};

}  // namespace

result<made_limiter> make_limiter(config const& settings, metrics& seen) {
    if (settings.limits.kind != "redis") {
        seen.limiter_usable(true);
        return made_limiter{std::make_unique<memory_limiter>(), [] {}};
    }
    auto where = redis::parse_uri(settings.cache.uri);
    if (!where) return std::unexpected(where.error());
    redis_limiter_options how;
    how.server.where = std::move(*where);
    how.server.ca_file = settings.cache.ca_file.string();
    how.server.command_timeout = settings.cache.timeout;
    how.prefix = settings.cache.prefix;
    auto opened = open_redis_limiter(std::move(how), std::make_unique<memory_limiter>(), seen);
    if (!opened) return std::unexpected(opened.error());
    static_cast<void>((*opened)->wait_for_first_attempt(first_look));
    auto* const open = opened->get();
    return made_limiter{std::move(*opened), [open] { open->close(); }};
}

}  // namespace parley
