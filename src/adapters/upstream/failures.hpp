// What is said when a request to an upstream fails: the error of each case, as sentences that never hold a
// key. Thread safety: constant after construction.
#pragma once

#include "common/error.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::upstream {

class failures {
public:
    /// `secrets` are replaced by *** in all that an upstream says; very short ones are no secrets.
    failures(std::string upstream, std::vector<std::string> secrets);

    /// unavailable (upstream_unreachable): the name, the connection, TLS, the proxy, or a connection that was
    /// lost before the answer began.
    [[nodiscard]] error unreachable(std::string_view step, std::string_view why) const;

    /// timed_out (upstream_timeout): `what` did not happen within `patience`.
    [[nodiscard]] error too_slow(std::string_view what, std::chrono::milliseconds patience) const;

    /// overloaded (upstream_busy).
    [[nodiscard]] error busy(std::size_t connections) const;

    /// unavailable (upstream_invalid_answer): what came is no answer of the dialect.
    [[nodiscard]] error invalid_answer(std::string_view why) const;

    /// unavailable (upstream_failed): the answer broke off.
    [[nodiscard]] error broke_off(std::string_view why) const;

    /// By status, and by what the body says about it: upstream_rate_limited, upstream_timeout,
    /// upstream_failed, upstream_refused, context_length_exceeded.
    [[nodiscard]] error of_status(unsigned status, std::string_view body) const;

    /// Of an error object where an answer should have been: a JSON text with a member `error`, or one that is
    /// itself the error.
    [[nodiscard]] error of_answer(std::string_view json_text) const;

    /// Something of what an upstream said: one line, short, without secrets.
    [[nodiscard]] std::string excerpt(std::string_view said) const;

private:
    [[nodiscard]] std::string who() const;

    std::string const upstream_;
    std::vector<std::string> const secrets_;
};

/// How long to wait, by the headers Retry-After (seconds or a date, RFC 9110 §10.2.3) and retry-after-ms, at
/// most a day; nothing when neither can be read. `now` is what dates are compared with.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_retry_after(
    std::string_view seconds_or_date, std::string_view milliseconds,
    std::chrono::system_clock::time_point now);

}  // namespace parley::upstream
