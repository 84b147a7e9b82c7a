// The header of a response as bytes. Private to this folder.
#pragma once

#include "adapters/http/server/exchange.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::http {

enum class framing { length, chunked, until_close };

struct head_facts {
    std::string_view request_id;
    framing body = framing::length;
    std::size_t length = 0;  // bytes, for framing::length
    bool http_1_1 = true;    // what the client speaks
    bool keep_alive = true;  // after this response
};

/// Replaces the content of `out`. Adds Date, X-Request-Id, X-Content-Type-Options and Cache-Control: no-store
/// unless the response brings a Cache-Control. Control characters in values, which could begin another
/// header, are left out.
void write_head(std::string& out, response const& reply, head_facts const& facts);

}  // namespace parley::http
