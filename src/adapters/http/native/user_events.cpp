#include "adapters/http/native/user_events.hpp"

#include "adapters/http/native/event_frame.hpp"
#include "adapters/http/wire/user_events.hpp"

#include <utility>
#include <variant>

namespace parley::http {
namespace {

using steady = std::chrono::steady_clock;

// Some clients take a stream for open only when something has come through all proxies on the way.
constexpr std::string_view opening_comment = ": open\n\n";

}  // namespace

user_event_stream::user_event_stream(user_feed& feed, user_id user, std::string after,
                                     std::chrono::milliseconds keep_alive_interval,
                                     boost::asio::any_io_executor const& executor)
    : alarm_(executor),
      reader_(feed.follow(user, std::move(after), alarm_)),
      keep_alive_interval_(keep_alive_interval) {}

task<void> user_event_stream::run(event_sink& sink) {
    sink.notify_when_draining(alarm_);
    std::string opening{opening_comment};
    if (!co_await sink.write(std::move(opening))) co_return;
    auto silent_until = steady::now() + keep_alive_interval_;
    while (true) {
        auto frame = next_frame();
        if (!frame) {
            if (sink.draining()) co_return;
            auto const left = std::chrono::ceil<std::chrono::milliseconds>(silent_until - steady::now());
            if (left.count() > 0) {
                co_await alarm_.wait(left);
                continue;
            }
            frame.emplace(keep_alive_comment);
        }
        if (!co_await sink.write(std::move(*frame))) co_return;
        silent_until = steady::now() + keep_alive_interval_;
    }
}

std::optional<std::string> user_event_stream::next_frame() {
    auto const next = reader_->next();
    if (auto const* const seen = std::get_if<numbered_event>(&next)) {
        return event_frame(seen->id, name_of(*seen->event), to_json(*seen->event));
    }
    if (auto const* const gap = std::get_if<feed_gap>(&next)) return event_frame(gap->id, "reset", "{}");
    return std::nullopt;
}

task<result<response>> get_events::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const room = co_await take_stream_place(api(), call);
    if (!room) co_return std::unexpected(room.error());
    // Who names no event has read nothing yet: that is a gap like any other. So the stream begins with an id
    // to come back with, and with what tells the client to read everything, now that it misses no change.
    std::string after{call.header("Last-Event-ID").value_or("")};
    co_return stream_response(std::make_unique<user_event_stream>(
        api().news, call.caller.user_id, std::move(after), api().keep_alive_interval, call.executor));
}

}  // namespace parley::http
