#include "common/sse_parser.hpp"

#include <algorithm>
#include <utility>

namespace parley {
namespace {

// An id goes with every event behind it; a long one would take its size for each.
constexpr std::size_t longest_id = 256;

}  // namespace

std::vector<sse_event> sse_parser::feed(std::string_view bytes) {
    std::vector<sse_event> out;
    while (!bytes.empty() && !overflowed_) {
        // A line feed behind a carriage return belongs to the same line end, also in the next piece.
        if (std::exchange(after_carriage_return_, false) && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            continue;
        }
        auto const end = std::min(bytes.find_first_of("\r\n"), bytes.size());
        line_ += bytes.substr(0, end);
        overflowed_ = line_.size() > largest_;
        if (overflowed_ || end == bytes.size()) break;
        after_carriage_return_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        end_line(out);
    }
    return out;
}

std::vector<sse_event> sse_parser::finish() {
    std::vector<sse_event> out;
    if (overflowed_) return out;
    if (!line_.empty()) end_line(out);
    if (!overflowed_) end_line(out);
    return out;
}

void sse_parser::end_line(std::vector<sse_event>& out) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    std::string_view line = line_;
    if (std::exchange(first_line_, false) && line.starts_with(byte_order_mark))
        line.remove_prefix(byte_order_mark.size());
    if (!line.empty()) {
        auto const colon = line.find(':');
        auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
        if (value.starts_with(' ')) value.remove_prefix(1);
        take_field(line.substr(0, colon), value);
        line_.clear();  // keeps its memory for the next line
        return;
    }
    line_.clear();
    auto type = std::exchange(type_, {});
    auto data = std::exchange(data_, {});
    if (data.empty()) return;
    data.pop_back();  // the line feed behind the last line
    out.push_back({type.empty() ? "message" : std::move(type), std::move(data), last_id_});
}

void sse_parser::take_field(std::string_view name, std::string_view value) {
    if (name == "event") {
        type_ = value;
    } else if (name == "data") {
        data_ += value;
        data_ += '\n';
        overflowed_ = overflowed_ || data_.size() > largest_;
    } else if (name == "id" && value.size() <= longest_id && value.find('\0') == std::string_view::npos) {
        last_id_ = value;
    }
    // A comment has no name; retry and unknown fields mean nothing here.
}

}  // namespace parley
