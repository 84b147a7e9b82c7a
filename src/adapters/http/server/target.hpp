// The request target (RFC 9112 §3.2): taken apart and percent-decoded. Pure functions.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// Views into the raw target.
struct target_parts {
    std::string_view path;       // still percent-encoded, begins with "/"; "*" for OPTIONS *
    std::string_view query;      // still encoded, without "?"
    std::string_view authority;  // of the absolute form, which goes before the Host header; empty otherwise
};

/// Errors: malformed_target.
[[nodiscard]] result<target_parts> split_target(std::string_view method, std::string_view target);

/// Decodes %XX. Errors: malformed_target for a broken escape, bytes that are no UTF-8, NUL.
[[nodiscard]] result<void> percent_decode(std::string_view encoded, std::string& out);

/// name=value pairs; "+" is a space as in HTML forms. Errors: as percent_decode().
[[nodiscard]] result<void> decode_query(std::string_view query, std::vector<field>& out);

}  // namespace parley::http
