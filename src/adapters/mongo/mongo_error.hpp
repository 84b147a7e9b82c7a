// From what libmongoc and the server report to the errors of the store ports.
#pragma once

#include "common/error.hpp"

#include <bson/bson.h>

#include <cstdint>
#include <string>

namespace parley::mongo {

/// What a command came back with, when it was no success. `code` is the server's, 0 when none answered.
struct failure {
    std::int64_t code = 0;
    error what;
};

/// A failed call of the driver. unavailable (store_unavailable): no server, or the connection broke, so that
/// nobody knows whether the command took effect. Further: as failure_of_code.
[[nodiscard]] failure failure_of(bson_error_t const& reported);

/// An error number of the server. Errors: conflict (duplicate_key), for callers to interpret; too_large
/// (message_too_large); storage_full; timed_out (store_timeout); unavailable (store_unavailable) when the
/// server is no primary, is going down or does not let us in; internal.
[[nodiscard]] failure failure_of_code(std::int64_t code, std::string const& message);

[[nodiscard]] bool is_duplicate(std::int64_t code);

/// Wrong credentials, or rights that are missing.
[[nodiscard]] bool is_refused(std::int64_t code);
inline constexpr std::int64_t authentication_failed = 18;

/// The server lacks what a command is made of: an older one, or another make.
[[nodiscard]] bool is_unknown_feature(std::int64_t code);

/// A document would be larger than MongoDB's can be: 16 MiB.
[[nodiscard]] bool is_too_large(std::int64_t code);

/// The document would not fit: 16 MiB.
[[nodiscard]] error too_large();

}  // namespace parley::mongo
