// Redis's protocol (RESP2), as hiredis writes and reads it. No I/O.
// Thread safety: format_command is a pure function; a reply_parser belongs to one connection.
#pragma once

#include "adapters/redis/reply.hpp"
#include "common/error.hpp"

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley::redis {

/// A command with its arguments, ready for the wire. Arguments may hold any bytes.
[[nodiscard]] std::string format_command(std::span<std::string_view const> words);
[[nodiscard]] inline std::string format_command(std::initializer_list<std::string_view> words) {
    return format_command(std::span{words.begin(), words.size()});
}

class reply_parser {
public:
    /// More than this without a whole reply is not what we asked for.
    static constexpr std::size_t largest_reply = 64UL * 1024 * 1024;  // bytes

    reply_parser();
    ~reply_parser();
    reply_parser(reply_parser const&) = delete;
    reply_parser& operator=(reply_parser const&) = delete;

    /// Takes bytes as they come, cut anywhere. After an error it must not be used again.
    [[nodiscard]] result<void> feed(std::string_view bytes);
    /// The next whole reply, or nothing until more bytes have come. Errors: malformed (redis_protocol).
    [[nodiscard]] result<std::optional<reply>> next();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace parley::redis
