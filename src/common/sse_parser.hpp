// Server-sent events out of bytes that arrive in any pieces (WHATWG HTML, "Server-sent events", §9.2.6).
// No I/O. Thread safety: none; one parser per stream.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

struct sse_event {
    std::string type = "message";
    std::string data;
    std::string last_id;  // of this event or the last one before it that had an id
    bool operator==(sse_event const&) const = default;
};

class sse_parser {
public:
    /// `largest` is how many bytes one line, or the data of one event, may have.
    explicit sse_parser(std::size_t largest = std::size_t{16} * 1024 * 1024) : largest_{largest} {}

    /// The events that these bytes complete. An event that the stream's end cuts off never comes, as the
    /// rules say.
    [[nodiscard]] std::vector<sse_event> feed(std::string_view bytes);

    /// For streams of servers that leave out the empty line at the very end: the event that is still open, if
    /// it has data. Nothing may be fed any more.
    [[nodiscard]] std::vector<sse_event> finish();

    /// True when something was larger than allowed; nothing comes out any more.
    [[nodiscard]] bool overflowed() const { return overflowed_; }

private:
    void end_line(std::vector<sse_event>& out);
    void take_field(std::string_view name, std::string_view value);

    std::size_t largest_;
    std::string line_;
    std::string type_;
    std::string data_;
    std::string last_id_;
    bool first_line_ = true;
    bool after_carriage_return_ = false;
    bool overflowed_ = false;
};

}  // namespace parley
