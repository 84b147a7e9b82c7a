// The error value that every layer returns instead of throwing.
// A kind decides the HTTP status (one switch in adapters/http), a code is the stable word clients
// compare, a message is for people. Values are immutable after construction and safe to copy between threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace parley {

enum class error_kind {
    invalid,              // the request is understood and wrong: 422
    malformed,            // the request can not be read at all: 400
    unauthenticated,      // 401
    forbidden,            // 403
    not_found,            // absent or somebody else's: 404
    method_not_allowed,   // 405
    conflict,             // state of the resource forbids it now: 409
    precondition_failed,  // If-Match does not match: 412
    too_large,            // 413
    unsupported_media,    // 415
    headers_too_large,    // 431
    rate_limited,         // 429
    overloaded,           // 503, with Retry-After
    unavailable,          // a needed part is down: 503, with Retry-After
    storage_full,         // 507
    timed_out,            // our own deadline passed: 504
    client_timed_out,     // the sender was too slow: 408
    cancelled,            // whoever asked has gone; nobody reads the answer
    internal,             // a bug or a broken disk: 500, discloses nothing
};

/// A limit that is used up, as a client is told of it. The name is a literal.
struct spent_limit {
    std::string_view name;
    std::int64_t quota = 0;
    std::chrono::seconds window{};  // 0: of things at once
    bool operator==(spent_limit const&) const = default;
};

struct error {
    error_kind kind = error_kind::internal;
    std::string code;     // snake_case, part of the contract, e.g. "interaction_not_found"
    std::string message;  // one English sentence
    std::string param;    // the field at fault as a JSON path without "$.", or empty
    std::string detail;   // for the log only (driver messages); never sent to a client
    std::chrono::milliseconds retry_after{};  // when it may go well again; 0: nobody knows
    std::optional<spent_limit> spent{};       // of rate_limited
};

template <class T>
using result = std::expected<T, error>;

[[nodiscard]] inline std::unexpected<error> fail(error_kind kind, std::string code, std::string message,
                                                 std::string param = {}, std::string detail = {}) {
    return std::unexpected(
        error{kind, std::move(code), std::move(message), std::move(param), std::move(detail), {}, {}});
}

/// 422 with the field's name.
[[nodiscard]] inline std::unexpected<error> invalid(std::string code, std::string message,
                                                    std::string param) {
    return fail(error_kind::invalid, std::move(code), std::move(message), std::move(param));
}

/// A bug or a broken driver: `detail` goes to the log, the client sees only a general sentence.
[[nodiscard]] inline std::unexpected<error> internal_error(std::string detail) {
    return fail(error_kind::internal, "internal_error", "The server failed to handle this request.", {},
                std::move(detail));
}

}  // namespace parley
