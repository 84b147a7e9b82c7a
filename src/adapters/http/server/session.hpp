// One connection: requests one after the other, each read, dispatched, answered. Knows no sockets.
// Private to this folder and its tests. Thread safety: one event loop.
#pragma once

#include "adapters/http/server/byte_stream.hpp"
#include "adapters/http/server/dispatch.hpp"
#include "adapters/http/server/input_buffer.hpp"
#include "adapters/http/server/request_reader.hpp"
#include "adapters/http/server/response_head.hpp"
#include "adapters/http/server/session_context.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <string>

namespace parley::http {

class session {
public:
    /// Everything referred to outlives the session.
    session(session_context const& context, byte_stream& stream, session_signals& signals,
            boost::asio::any_io_executor executor);

    /// Serves until the connection has ended.
    [[nodiscard]] task<void> run();

    /// Answers one problem without reading anything, and ends.
    [[nodiscard]] task<void> turn_away(error what);

private:
    using clock = byte_stream::clock;

    [[nodiscard]] task<bool> serve_one();
    [[nodiscard]] task<std::size_t> await_head();
    [[nodiscard]] task<bool> receive_more(std::size_t wanted);
    [[nodiscard]] bool is_awaited(request_reader const& reader) const;
    [[nodiscard]] task<void> turn_away_unknown(dispatch_plan& plan);
    void let_go_of_body();
    [[nodiscard]] task<bool> receive_body(request_reader& reader, bool keep);
    [[nodiscard]] task<bool> ask_for_body(request_reader const& reader);
    [[nodiscard]] task<bool> answer(response reply, head_facts facts);
    [[nodiscard]] task<bool> answer_stream(response reply, head_facts facts);
    [[nodiscard]] task<void> refuse(refusal why);
    [[nodiscard]] task<void> linger();
    [[nodiscard]] refusal unfinished() const;
    void begin_exchange();
    void record(unsigned status, std::size_t bytes);

    session_context const& context_;
    byte_stream& stream_;
    session_signals& signals_;
    input_buffer input_;
    request call_;
    std::string head_text_;  // the header of call_
    std::string out_;        // the header of the answer
    clock::time_point now_;  // of the last event, so that the clock is read twice an exchange
    bool first_ = true;      // no request has been read yet
};

}  // namespace parley::http
