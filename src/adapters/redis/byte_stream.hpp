// A connected socket, plain or under TLS, as the link above it needs it. Private to this folder.
// Thread safety: one event loop. One read and one write may be under way at a time.
#pragma once

#include "adapters/redis/options.hpp"
#include "common/error.hpp"
#include "common/task.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace parley::redis {

class byte_stream {
public:
    using handler = std::move_only_function<void(boost::system::error_code, std::size_t)>;

    byte_stream() = default;
    byte_stream(byte_stream const&) = delete;
    byte_stream& operator=(byte_stream const&) = delete;
    virtual ~byte_stream() = default;

    /// The memory must live until `done` is called.
    virtual void read_some(std::span<char> into, handler done) = 0;
    virtual void write_all(std::string_view bytes, handler done) = 0;
    /// Reads and writes under way end with an error.
    virtual void close() = 0;
};

/// TLS as options say: the server's certificate must be good for its name. Errors: cache_tls_invalid (the
/// file with the authorities can not be used).
[[nodiscard]] result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(options const& how);

/// Resolves, connects and greets under TLS when `tls` is given; each step ends within `patience`.
/// Errors: unavailable (cache_unreachable), with what happened as its message.
[[nodiscard]] task<result<std::unique_ptr<byte_stream>>> open_stream(
    endpoint to, std::shared_ptr<boost::asio::ssl::context> tls, std::chrono::milliseconds patience);

}  // namespace parley::redis
