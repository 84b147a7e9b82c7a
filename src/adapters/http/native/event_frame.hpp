// What the event streams of the API are made of (WHATWG HTML, server-sent events).
#pragma once

#include "adapters/http/server/exchange.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace parley::http {

/// One event. No text has a line break in it.
[[nodiscard]] std::string event_frame(std::string_view id, std::string_view event, std::string_view data);

/// One event without an id: whoever comes back goes on behind the last one that had one.
[[nodiscard]] std::string event_frame(std::string_view event, std::string_view data);

/// Nothing a client has to look at; shows that the stream is alive.
inline constexpr std::string_view keep_alive_comment = ": keep-alive\n\n";

/// The response that carries a stream.
[[nodiscard]] response stream_response(std::unique_ptr<event_stream> stream);

}  // namespace parley::http
