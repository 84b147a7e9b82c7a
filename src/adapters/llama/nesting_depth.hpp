// How deep brackets are nested in a text that is being written. llama.cpp's parser of replies calls itself
// for each level and would run out of stack, which ends the process. Thread safety: none; belongs to one
// reply.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace parley {

class nesting_depth {
public:
    void feed(std::string_view text) {
        for (char const c : text) take(c);
    }

    /// The largest so far, by two ways of reading: as JSON, where brackets in strings do not count, and as a
    /// text in which quotes mean nothing, since a quote in the prose before JSON turns the first one round.
    [[nodiscard]] std::size_t deepest() const { return deepest_; }

private:
    void take(char c) {
        move(c, in_text_);
        if (escaped_) {
            escaped_ = false;
        } else if (in_string_ && c == '\\') {
            escaped_ = true;
        } else if (c == '"') {
            in_string_ = !in_string_;
        } else if (!in_string_) {
            move(c, in_json_);
        }
    }

    void move(char c, std::size_t& depth) {
        if (c == '[' || c == '{') {
            deepest_ = std::max(deepest_, ++depth);
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }

    std::size_t in_json_ = 0;
    std::size_t in_text_ = 0;
    std::size_t deepest_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
};

}  // namespace parley
