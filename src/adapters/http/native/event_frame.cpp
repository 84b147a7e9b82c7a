#include "adapters/http/native/event_frame.hpp"

#include <utility>

namespace parley::http {
namespace {

void append_event(std::string& text, std::string_view event, std::string_view data) {
    text.append("event: ").append(event).append("\ndata: ").append(data).append("\n\n");
}

}  // namespace

std::string event_frame(std::string_view id, std::string_view event, std::string_view data) {
    std::string text;
    text.reserve(id.size() + event.size() + data.size() + 24);
    text.append("id: ").append(id).append("\n");
    append_event(text, event, data);
    return text;
}

std::string event_frame(std::string_view event, std::string_view data) {
    std::string text;
    append_event(text, event, data);
    return text;
}

response stream_response(std::unique_ptr<event_stream> stream) {
    response out;
    out.content_type = "text/event-stream";
    out.stream = std::move(stream);
    return out;
}

}  // namespace parley::http
