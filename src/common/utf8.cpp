#include "common/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace parley {
namespace {

constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

/// Length that a lead byte announces; 0 for a byte that can not lead.
constexpr std::size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead < 0xe0) return 2;
    if (lead >= 0xe0 && lead < 0xf0) return 3;
    if (lead >= 0xf0 && lead < 0xf5) return 4;
    return 0;
}

/// The second byte's range is narrower after some leads: RFC 3629 §4.
constexpr bool second_byte_fits(unsigned char lead, unsigned char second) {
    switch (lead) {
        case 0xe0:
            return second >= 0xa0 && second <= 0xbf;
        case 0xed:
            return second >= 0x80 && second <= 0x9f;
        case 0xf0:
            return second >= 0x90 && second <= 0xbf;
        case 0xf4:
            return second >= 0x80 && second <= 0x8f;
        default:
            return second >= 0x80 && second <= 0xbf;
    }
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        auto const lead = static_cast<unsigned char>(text[at]);
        if (lead < 0x80) {
            ++at;
            continue;
        }
        auto const length = sequence_length(lead);
        if (length == 0 || at + length > text.size()) return false;
        if (!second_byte_fits(lead, static_cast<unsigned char>(text[at + 1]))) return false;
        for (std::size_t i = 2; i < length; ++i) {
            if (!is_continuation(text[at + i])) return false;
        }
        at += length;
    }
    return true;
}

std::size_t utf8_prefix(std::string_view text, std::size_t longest) {
    if (text.size() <= longest) return text.size() - utf8_incomplete_tail(text);
    auto end = longest;
    while (end > 0 && is_continuation(text[end])) --end;
    return end;
}

std::size_t utf8_incomplete_tail(std::string_view text) {
    auto const look = std::min<std::size_t>(3, text.size());
    for (std::size_t back = 1; back <= look; ++back) {
        auto const c = text[text.size() - back];
        if (is_continuation(c)) continue;
        return sequence_length(static_cast<unsigned char>(c)) > back ? back : 0;
    }
    return 0;
}

std::size_t utf8_first(std::string_view text) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
        if (is_valid_utf8(text.substr(0, length))) return length;
    }
    return 0;
}

std::size_t utf8_length(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

}  // namespace parley
