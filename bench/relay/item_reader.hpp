// What the client of the relay benchmark reads: server-sent events in two dialects, and the items of
// mock_upstream in their text ("17:123456789012345;"). One thread; one reader for each answer.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relay_bench {

using steady = std::chrono::steady_clock;

enum class dialect { openai, parley };

// All that was seen of the measured answers, in nanoseconds.
struct samples {
    std::vector<std::int64_t> first_items;  // from the request to the first item
    std::vector<std::int64_t> transits;     // from the mock to here
    std::vector<std::int64_t> gaps;         // between two items of an answer
    std::uint64_t items = 0;
    std::uint64_t frames = 0;  // events with text: a relay may put several items into one
};

// The text of the first member of this name that is a string. Enough for texts without escapes, as the items
// are.
inline std::string_view member(std::string_view json, std::string_view quoted_name) {
    auto at = json.find(quoted_name);
    if (at == std::string_view::npos) return {};
    at = json.find_first_not_of(": ", at + quoted_name.size());
    if (at == std::string_view::npos || json[at] != '"') return {};
    auto const end = json.find('"', at + 1);
    return end == std::string_view::npos ? std::string_view{} : json.substr(at + 1, end - at - 1);
}

class item_reader {
public:
    item_reader(dialect spoken, std::int64_t wanted, samples& seen)
        : spoken_(spoken),
          wanted_(wanted),
          seen_(seen),
          asked_(steady::now()) {}

    // More of the body, which came at `now`.
    void take(std::string_view bytes, steady::time_point now) {
        while (!bytes.empty()) {
            auto const end = bytes.find('\n');
            line_.append(bytes.substr(0, end));
            if (end == std::string_view::npos) return;
            take_line(now);
            line_.clear();
            bytes.remove_prefix(end + 1);
        }
    }

    // Why the answer is not what the mock has sent; empty: it is, every item once and in order, to its end.
    [[nodiscard]] std::string_view fault() const {
        if (!fault_.empty()) return fault_;
        if (next_ != wanted_) return next_ == 0 ? "no item" : "items are missing";
        return ended_ ? "" : "no end";
    }

private:
    void take_line(steady::time_point now) {
        std::string_view line = line_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) {
            if (!data_.empty()) take_event(now);
            event_.clear();
            data_.clear();
        } else if (line.starts_with("event:")) {
            event_ = line.substr(line.starts_with("event: ") ? 7 : 6);
        } else if (line.starts_with("data:")) {
            data_ = line.substr(line.starts_with("data: ") ? 6 : 5);
        }
    }

    void take_event(steady::time_point now) {
        if (spoken_ == dialect::openai) {
            if (data_ == "[DONE]") {
                ended_ = true;
            } else {
                take_text(member(data_, "\"content\""), now);
            }
        } else if (event_ == "message.delta") {
            take_text(member(data_, "\"delta\""), now);
        } else if (event_ == "message.completed") {
            ended_ = true;
            // The whole message replaces what was shown: it must be the same text.
            if (data_.find(text_) == std::string_view::npos) fault_ = "another text at the end";
        } else if (event_ != "message.created") {
            fault_ = "ended as " + event_;
        }
    }

    void take_text(std::string_view text, steady::time_point now) {
        if (text.empty()) return;
        ++seen_.frames;
        text_.append(text);
        for (auto end = text_.find(';', read_); end != std::string_view::npos; end = text_.find(';', read_)) {
            take_item(std::string_view(text_).substr(read_, end - read_), now);
            read_ = end + 1;
        }
    }

    void take_item(std::string_view item, steady::time_point now) {
        std::int64_t number = -1;
        std::int64_t sent = 0;
        auto const* const begin = item.data();
        auto const* const end = begin + item.size();
        auto const [colon, bad_number] = std::from_chars(begin, end, number);
        if (bad_number != std::errc{} || colon == end || *colon != ':' ||
            std::from_chars(colon + 1, end, sent).ptr != end || number != next_) {
            if (fault_.empty()) fault_ = "an item out of order";
            return;
        }
        auto const arrived = now.time_since_epoch() / std::chrono::nanoseconds(1);
        if (next_ == 0) {
            seen_.first_items.push_back((now - asked_) / std::chrono::nanoseconds(1));
        } else {
            seen_.gaps.push_back(arrived - last_);
        }
        seen_.transits.push_back(arrived - sent);
        ++seen_.items;
        ++next_;
        last_ = arrived;
    }

    dialect spoken_;
    std::int64_t wanted_;
    samples& seen_;
    steady::time_point asked_;
    std::string line_, event_, data_;
    std::string text_;       // of the whole answer
    std::size_t read_ = 0;   // of it, as items
    std::int64_t next_ = 0;  // item
    std::int64_t last_ = 0;  // when the last one came
    bool ended_ = false;
    std::string fault_;
};

}  // namespace relay_bench
