// From configuration to the cache that stands before the stores.
#pragma once

#include "common/config.hpp"
#include "common/error.hpp"
#include "services/cache.hpp"
#include "services/metrics.hpp"

#include <functional>
#include <memory>

namespace parley {

/// Who else writes to the store that is cached.
enum class store_writers { this_process, several_processes };

struct made_cache {
    std::unique_ptr<cache> value;
    /// Ends its connections; once, when nobody calls it any more.
    std::function<void()> close;
};

/// A cache that cannot be reached is made all the same: it is passed by until it can, and a warning says why.
/// `seen` must outlive it. Errors, each with a sentence for the operator: cache_uri_invalid,
/// cache_tls_invalid.
[[nodiscard]] result<made_cache> make_cache(cache_config const& settings, store_writers writers,
                                            metrics& seen);

}  // namespace parley
