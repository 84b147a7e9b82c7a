#include "app/cache_factory.hpp"

#include "adapters/memory/lru_cache.hpp"
#include "adapters/memory/no_cache.hpp"
#include "adapters/redis/redis_cache.hpp"
#include "adapters/redis/uri.hpp"
#include "common/id.hpp"

#include <algorithm>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

/// What one process keeps others can not make invalid.
constexpr auto longest_in_a_process = 1'000ms;

/// So long may a start wait to tell whether Redis is there.
constexpr auto first_look = 1'500ms;

made_cache make_memory_cache(cache_config const& settings, store_writers writers, metrics& seen) {
    lru_cache_options how{.max_bytes = settings.max_bytes, .ttl = settings.ttl};
    if (writers == store_writers::several_processes)
        how.ttl = std::min<std::chrono::milliseconds>(how.ttl, longest_in_a_process);
    seen.cache_usable(true);
    return {std::make_unique<lru_cache>(how), [] {}};
}

result<made_cache> make_redis_cache(cache_config const& settings, store_writers writers, metrics& seen) {
    auto where = redis::parse_uri(settings.uri);
    if (!where) return std::unexpected(where.error());
    redis_cache_options how;
    how.server.where = std::move(*where);
    how.server.ca_file = settings.ca_file.string();
    how.server.command_timeout = settings.timeout;
    how.ttl = settings.ttl;
    how.prefix = settings.prefix;
    // A store of this process alone: what an earlier run has kept, and not made invalid before it died, is
    // not for this one.
    if (writers == store_writers::this_process) how.prefix += ":" + process_id::make().text();
    auto opened = open_redis_cache(std::move(how), seen);
    if (!opened) return std::unexpected(opened.error());
    auto made = std::move(*opened);
    static_cast<void>(made->wait_for_first_attempt(first_look));
    auto* const open = made.get();
    return made_cache{std::move(made), [open] { open->close(); }};
}

}  // namespace

result<made_cache> make_cache(cache_config const& settings, store_writers writers, metrics& seen) {
    if (settings.kind == "redis") return make_redis_cache(settings, writers, seen);
    if (settings.kind == "none") return made_cache{std::make_unique<no_cache>(), [] {}};
    return make_memory_cache(settings, writers, seen);
}

}  // namespace parley
