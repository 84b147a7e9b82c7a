// A response body that is written while it comes into being: chunks, and the watch for clients that go away.
// Private to this folder.
#pragma once

#include "adapters/http/server/byte_stream.hpp"
#include "adapters/http/server/input_buffer.hpp"
#include "adapters/http/server/response_head.hpp"
#include "adapters/http/server/session_context.hpp"

namespace parley::http {

struct stream_connection {
    session_context const& context;
    byte_stream& stream;
    session_signals& signals;
    input_buffer& input;  // takes what the client sends meanwhile
    request const& call;
};

/// Content type and caching headers of an event stream, unless the handler set its own.
void make_stream_headers(response& reply);

/// Runs `body` to its end, or until the client has gone. True when the client has all of it.
[[nodiscard]] task<bool> run_stream(stream_connection where, event_stream& body, framing how,
                                    std::string_view content_type);

}  // namespace parley::http
