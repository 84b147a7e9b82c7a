// The events of one turn, as text/event-stream: what POST …/messages with stream and GET …/events send.
#pragma once

#include "adapters/http/native/api_context.hpp"
#include "adapters/http/server/exchange.hpp"
#include "common/wakeup.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace parley::http {

struct turn_stream_start {
    user_id user;
    interaction_id interaction;
    message_id reply;
    std::size_t offset = 0;              // bytes of the reply's text that the reader has already
    std::optional<std::string> created;  // data of message.created, when the reader begins at the start
};

class turn_stream final : public event_stream {
public:
    turn_stream(api_context& api, turn_stream_start start, boost::asio::any_io_executor executor);

    [[nodiscard]] task<void> run(event_sink& sink) override;

private:
    enum class step { over, lost };

    [[nodiscard]] task<step> follow_live(event_sink& sink);
    [[nodiscard]] task<step> send_stored(event_sink& sink);
    [[nodiscard]] task<step> send_gone(event_sink& sink);
    [[nodiscard]] task<bool> send_delta(event_sink& sink, std::string_view text, std::size_t end);
    [[nodiscard]] task<bool> send_reasoning(event_sink& sink, std::string_view text, std::size_t end);

    api_context& api_;
    turn_stream_start start_;
    boost::asio::any_io_executor executor_;
    std::optional<message> stored_;  // as the store had it last
};

}  // namespace parley::http
