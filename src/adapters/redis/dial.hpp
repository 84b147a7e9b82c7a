// From options to a connection that is ready for commands: finds the master where sentinels know it,
// connects, greets. Private to this folder. Thread safety: one event loop.
#pragma once

#include "adapters/redis/link.hpp"
#include "adapters/redis/options.hpp"
#include "common/error.hpp"
#include "common/task.hpp"

#include <memory>
#include <string>

namespace parley::redis {

struct dialled {
    std::shared_ptr<link> line;
    endpoint where;
    std::string identity;  // of this run of this server; printable, without blanks
};

/// Asks the sentinels in their order; the first that knows the master is believed, and the server must call
/// itself a master. `latest` is told of every line that
/// is opened on the way, so that somebody can close it. Both outlive the task. Errors: those of open_stream
/// and greet; unavailable (redis_sentinel).
[[nodiscard]] task<result<dialled>> dial(options const& how, std::weak_ptr<link>& latest);

}  // namespace parley::redis
