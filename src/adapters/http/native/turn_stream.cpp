#include "adapters/http/native/turn_stream.hpp"

#include "adapters/http/native/event_frame.hpp"
#include "adapters/http/wire/entities.hpp"
#include "common/utf8.hpp"
#include "modules/turn/feed_watch.hpp"

#include <chrono>
#include <utility>
#include <variant>

namespace parley::http {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto look_again = 500ms;

std::string_view terminal_event(message_status status) {
    switch (status) {
        case message_status::stopped:
            return "message.stopped";
        case message_status::interrupted:
            return "message.interrupted";
        case message_status::failed:
            return "message.failed";
        case message_status::complete:
        case message_status::queued:
        case message_status::in_progress:
            break;
    }
    return "message.completed";
}

std::string terminal_frame(message const& reply) {
    return event_frame("end", terminal_event(reply.status), to_json(reply));
}

}  // namespace

turn_stream::turn_stream(api_context& api, turn_stream_start start, boost::asio::any_io_executor executor)
    : api_(api),
      start_(std::move(start)),
      executor_(std::move(executor)) {}

task<void> turn_stream::run(event_sink& sink) {
    // g++ 12 destroys temporaries of a co_await that && may skip even when it is skipped: frames have names.
    if (start_.created) {
        auto created = event_frame("0", "message.created", *start_.created);
        start_.created.reset();  // many streams are open for long
        if (!co_await sink.write(std::move(created))) co_return;
    }
    wakeup sleeper{executor_};
    sink.notify_when_draining(sleeper);
    auto silent_since = steady::now();
    while (true) {
        auto const before = start_.offset;
        if (co_await follow_live(sink) == step::over) co_return;
        if (co_await send_stored(sink) == step::over || sink.draining()) co_return;
        // It waits for its turn, or another process writes it: the store is asked until it is over.
        co_await wait_for_feed(api_.feed, start_.reply, sleeper, executor_, look_again);
        if (start_.offset != before) silent_since = steady::now();
        if (steady::now() - silent_since < api_.keep_alive_interval) continue;
        std::string comment{keep_alive_comment};
        if (!co_await sink.write(std::move(comment))) co_return;
        silent_since = steady::now();
    }
}

task<turn_stream::step> turn_stream::follow_live(event_sink& sink) {
    auto const reader = api_.feed.follow(start_.reply, start_.offset, executor_);
    if (!reader) co_return step::lost;
    while (true) {
        auto event = co_await reader->next(api_.keep_alive_interval);
        if (auto const* delta = std::get_if<feed_delta>(&event)) {
            if (!co_await send_delta(sink, delta->text, delta->end)) co_return step::over;
        } else if (auto const* thought = std::get_if<feed_reasoning>(&event)) {
            if (!co_await send_reasoning(sink, thought->text, thought->end)) co_return step::over;
        } else if (auto const* end = std::get_if<feed_end>(&event)) {
            auto last = terminal_frame(end->reply);
            static_cast<void>(co_await sink.write(std::move(last)));
            co_return step::over;
        } else if (std::holds_alternative<feed_lost>(event)) {
            co_return step::lost;
        } else {
            std::string comment{keep_alive_comment};
            if (!co_await sink.write(std::move(comment))) co_return step::over;
        }
    }
}

/// What the store has of it.
task<turn_stream::step> turn_stream::send_stored(event_sink& sink) {
    auto const stored =
        co_await api_.conversations.get_message(start_.user, start_.interaction, start_.reply);
    if (!stored && stored.error().kind == error_kind::not_found) co_return co_await send_gone(sink);
    if (!stored) co_return step::lost;
    stored_ = *stored;
    auto const text = plain_text(stored->content);
    if (start_.offset < text.size()) {
        auto const from = utf8_prefix(text, start_.offset);
        auto const taken = co_await send_delta(sink, std::string_view{text}.substr(from), text.size());
        if (!taken) co_return step::over;
    }
    if (!is_final(stored->status)) co_return step::lost;
    auto last = terminal_frame(*stored);
    static_cast<void>(co_await sink.write(std::move(last)));
    co_return step::over;
}

/// It was deleted with its interaction, while it waited or by another process.
task<turn_stream::step> turn_stream::send_gone(event_sink& sink) {
    if (!stored_) co_return step::over;
    auto reply = std::move(*stored_);
    reply.status = message_status::stopped;
    auto last = terminal_frame(reply);
    static_cast<void>(co_await sink.write(std::move(last)));
    co_return step::over;
}

task<bool> turn_stream::send_delta(event_sink& sink, std::string_view text, std::size_t end) {
    start_.offset = end;
    std::string data;
    json_writer out{data};
    out.begin_object();
    out.member("delta", text);
    out.end_object();
    auto delta = event_frame(std::to_string(end), "message.delta", data);
    co_return co_await sink.write(std::move(delta));
}

/// Without an id: thoughts have no place in the text, and who comes back goes on with that.
task<bool> turn_stream::send_reasoning(event_sink& sink, std::string_view text, std::size_t end) {
    std::string data;
    json_writer out{data};
    out.begin_object();
    out.member("delta", text);
    out.member("end", static_cast<std::int64_t>(end));
    out.end_object();
    auto thought = event_frame("message.reasoning", data);
    co_return co_await sink.write(std::move(thought));
}

}  // namespace parley::http
