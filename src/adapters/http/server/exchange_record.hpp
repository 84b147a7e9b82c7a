// What is told of a finished exchange: figures always, a line in the log when asked for.
#pragma once

#include "adapters/http/server/session_context.hpp"

#include <chrono>
#include <cstddef>

namespace parley::http {

/// `bytes`: of the body sent. The method is folded into the known ones, so that labels stay few.
void record_exchange(session_context const& context, request const& call, unsigned status,
                     std::chrono::nanoseconds duration, std::size_t bytes);

}  // namespace parley::http
