#include "common/stop_filter.hpp"

#include <algorithm>
#include <utility>

namespace parley {

namespace {

std::vector<std::string> without_empty(std::vector<std::string> stops) {
    std::erase_if(stops, [](std::string const& stop) { return stop.empty(); });
    return stops;
}

}  // namespace

stop_filter::stop_filter(std::vector<std::string> stops) : stops_(without_empty(std::move(stops))) {}

std::string stop_filter::feed(std::string_view piece) {
    if (matched_) return {};
    if (stops_.empty()) return std::string(piece);
    held_ += piece;
    auto first_end = std::string::npos;
    auto first_begin = std::string::npos;
    for (auto const& stop : stops_) {
        auto const begin = held_.find(stop);
        if (begin == std::string::npos) continue;
        auto const end = begin + stop.size();
        if (end < first_end || (end == first_end && begin < first_begin)) {
            first_end = end;
            first_begin = begin;
        }
    }
    matched_ = first_end != std::string::npos;
    auto const shown = matched_ ? first_begin : held_.size() - length_to_hold();
    auto text = held_.substr(0, shown);
    held_.erase(0, matched_ ? held_.size() : shown);
    return text;
}

std::string stop_filter::finish() { return std::exchange(held_, {}); }

std::size_t stop_filter::length_to_hold() const {
    std::size_t longest = 0;
    for (auto const& stop : stops_) {
        for (auto length = std::min(held_.size(), stop.size() - 1); length > longest; --length) {
            if (held_.ends_with(std::string_view(stop).substr(0, length))) longest = length;
        }
    }
    return longest;
}

}  // namespace parley
