// What Redis answers to a command. Values; no I/O.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parley::redis {

struct reply {
    enum class type { nil, text, status, error, integer, list };

    type kind = type::nil;
    std::string text;  // of text, status and error
    std::int64_t number = 0;
    std::vector<reply> items;

    [[nodiscard]] bool is_nil() const { return kind == type::nil; }
    [[nodiscard]] bool is_error() const { return kind == type::error; }
    bool operator==(reply const&) const = default;
};

}  // namespace parley::redis
