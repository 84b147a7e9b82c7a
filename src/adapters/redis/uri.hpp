// redis:// URIs, with everything in them that a deployment needs:
//   redis://[[user]:password@]host[:port][/database]            plain
//   rediss://…                                                  TLS, with the certificate checked
//   redis+sentinel://[[user]:password@]host[:port][,…]/master[/database][?sentinel_user=…&sentinel_password=…]
//   rediss+sentinel://…
// Names and passwords are percent-encoded. Thread safety: pure functions.
#pragma once

#include "adapters/redis/options.hpp"
#include "common/error.hpp"

#include <string_view>

namespace parley::redis {

/// Errors: invalid (cache_uri_invalid); the sentence never shows the URI, which may hold a password.
[[nodiscard]] result<address> parse_uri(std::string_view text);

}  // namespace parley::redis
