#include "adapters/upstream/answer_stream.hpp"

#include <algorithm>
#include <utility>

namespace parley::upstream {
namespace {

constexpr std::size_t largest_event = std::size_t{1024} * 1024;
constexpr std::size_t largest_whole = std::size_t{4} * 1024 * 1024;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// From the front, so that it is not looked at again with every byte that comes.
void drop_what_means_nothing(std::string& text) {
    std::size_t begin = 0;
    for (;; begin += byte_order_mark.size()) {
        begin = std::min(text.find_first_not_of(" \t\r\n", begin), text.size());
        if (!std::string_view{text}.substr(begin).starts_with(byte_order_mark)) break;
    }
    text.erase(0, begin);
}

}  // namespace

answer_stream::answer_stream(std::unique_ptr<answer_reader> dialect, failures const& words)
    : dialect_(std::move(dialect)),
      words_(words),
      parser_(largest_event) {}

void answer_stream::feed(std::string_view bytes) {
    if (over()) return;
    if (form_ == form::events) return feed_events(bytes);
    kept_ += bytes;
    if (kept_.size() > largest_whole) {
        answer_.failure = words_.invalid_answer("it is too large");
    } else if (form_ == form::unknown && find_form() && form_ == form::events) {
        feed_events(std::exchange(kept_, {}));
    }
}

/// By the first character that is no space, because servers name their answers wrongly: no line of events
/// begins with a brace or an angle bracket.
bool answer_stream::find_form() {
    drop_what_means_nothing(kept_);
    if (byte_order_mark.starts_with(kept_)) return false;  // nothing, or half of a mark
    if (kept_.front() == '<') {
        answer_.failure = words_.invalid_answer("an HTML page came instead of it");
    } else if (kept_.front() == '\x1f') {  // how gzip begins, and no text
        answer_.failure = words_.invalid_answer("it is compressed, which was not asked for");
    }
    form_ = kept_.front() == '{' ? form::json : form::events;
    return !answer_.failure;
}

void answer_stream::feed_events(std::string_view bytes) {
    take(parser_.feed(bytes));
    if (parser_.overflowed() && !over()) answer_.failure = words_.invalid_answer("an event is too large");
}

void answer_stream::take(std::vector<sse_event> const& events) {
    for (auto const& one : events) {
        if (over()) return;
        dialect_->take_event(one.type, one.data, answer_);
    }
}

void answer_stream::finish(bool cut_off) {
    if (!over() && form_ == form::json && !cut_off) dialect_->take_whole(kept_, answer_);
    if (!over() && form_ == form::events) {
        // The last event may lack its empty line. Half an event is none: what it fails with is the cut.
        take(parser_.finish());
        if (answer_.failure && answer_.failure->code == "upstream_invalid_answer") answer_.failure.reset();
    }
    answer_.close();
    if (over()) {
        if (answer_.complete && !answer_.failure && !answer_.begun)
            answer_.failure = words_.invalid_answer("there is nothing in it");
    } else if (answer_.finish) {
        answer_.complete = true;
    } else if (!answer_.begun && !cut_off) {
        answer_.failure = words_.invalid_answer("there is nothing in it");
    } else {
        answer_.failure = words_.broke_off("the connection ended before the answer did");
    }
}

}  // namespace parley::upstream
