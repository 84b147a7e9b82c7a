#include "app/limiter_factory.hpp"

#include "adapters/memory/memory_limiter.hpp"
#include "adapters/redis/redis_limiter.hpp"
#include "adapters/redis/uri.hpp"

#include <utility>

namespace parley {

result<made_limiter> make_limiter(config const& settings, metrics& seen) {
    if (settings.limits.kind != "redis") return made_limiter{std::make_unique<memory_limiter>(), [] {}};
    auto where = redis::parse_uri(settings.cache.uri);
    if (!where) return std::unexpected(where.error());
    redis_limiter_options how;
    how.server.where = std::move(*where);
    how.server.ca_file = settings.cache.ca_file.string();
    how.server.command_timeout = settings.cache.timeout;
    how.prefix = settings.cache.prefix;
    auto opened = open_redis_limiter(std::move(how), seen);
    if (!opened) return std::unexpected(opened.error());
    auto* const open = opened->get();
    return made_limiter{std::move(*opened), [open] { open->close(); }};
}

}  // namespace parley
