// Handler of GET /api/v1/events, and the stream that it answers with.
#pragma once

#include "adapters/http/native/api_handler.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace parley::http {

class get_events final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

/// Ends when the client goes or the server drains.
class user_event_stream final : public event_stream {
public:
    /// Follows from now on. `after`: the id of the last event that the client has read, or what it says.
    user_event_stream(user_feed& feed, user_id user, std::string after,
                      std::chrono::milliseconds keep_alive_interval,
                      boost::asio::any_io_executor const& executor);

    [[nodiscard]] task<void> run(event_sink& sink) override;

private:
    [[nodiscard]] std::optional<std::string> next_frame();

    wakeup alarm_;  // of news and of the end; outlives the reader
    std::unique_ptr<user_feed_reader> reader_;
    std::chrono::milliseconds keep_alive_interval_;
};

}  // namespace parley::http
