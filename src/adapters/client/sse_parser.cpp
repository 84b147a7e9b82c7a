#include "adapters/client/sse_parser.hpp"

#include <utility>

namespace parley::client {

std::vector<sse_event> sse_parser::feed(std::string_view bytes) {
    std::vector<sse_event> out;
    for (char const c : bytes) {
        if (overflowed_) break;
        auto const second_half = std::exchange(after_carriage_return_, c == '\r') && c == '\n';
        if (second_half) continue;
        if (c == '\r' || c == '\n') {
            end_line(out);
        } else {
            line_.push_back(c);
            overflowed_ = line_.size() > largest_;
        }
    }
    return out;
}

void sse_parser::end_line(std::vector<sse_event>& out) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    auto const whole = std::exchange(line_, {});
    std::string_view line = whole;
    if (std::exchange(first_line_, false) && line.starts_with(byte_order_mark))
        line.remove_prefix(byte_order_mark.size());
    if (!line.empty()) {
        auto const colon = line.find(':');
        auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
        if (value.starts_with(' ')) value.remove_prefix(1);
        return take_field(line.substr(0, colon), value);
    }
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
    } else if (name == "id" && value.find('\0') == std::string_view::npos) {
        last_id_ = value;
    }
    // A comment has no name; retry and unknown fields mean nothing here.
}

}  // namespace parley::client
