// One connection's bytes as a session needs them: a TCP socket in the server, memory in tests and fuzzing.
// Thread safety: one event loop. One read and one write may be pending at the same time.
#pragma once

#include "common/task.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

namespace parley::http {

class byte_stream {
public:
    using clock = std::chrono::steady_clock;
    using pieces = std::array<std::string_view, 3>;  // sent as one; any may be empty

    byte_stream() = default;
    byte_stream(byte_stream const&) = delete;
    byte_stream& operator=(byte_stream const&) = delete;
    virtual ~byte_stream() = default;

    /// Bytes read; 0 at the end, when the connection is broken or when the deadline passed (see expired()).
    [[nodiscard]] virtual task<std::size_t> read_some(std::span<char> into) = 0;

    /// Sends everything; false when the client has gone or did not take it within the write timeout. Sets and
    /// clears the deadline by itself.
    [[nodiscard]] virtual task<bool> write(pieces data) = 0;

    /// Sends what can be sent without waiting; the number of bytes.
    [[nodiscard]] virtual std::size_t write_now(std::string_view data) = 0;

    /// Returns when the connection is broken for good, a mere end of the client's sending is not enough.
    [[nodiscard]] virtual task<void> wait_until_broken() = 0;

    /// Tells the client that nothing more comes.
    virtual void end_sending() = 0;

    /// A deadline for what is pending now or next: it ends what is pending and makes expired() true until the
    /// next call.
    virtual void expire_at(clock::time_point when) = 0;
    [[nodiscard]] virtual bool expired() const = 0;

    /// Who is at the other end; unspecified when it has gone already.
    [[nodiscard]] virtual boost::asio::ip::address peer() const { return {}; }

    static constexpr clock::time_point never = clock::time_point::max();
};

}  // namespace parley::http
