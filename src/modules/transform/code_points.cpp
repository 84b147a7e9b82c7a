#include "modules/transform/code_points.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace parley {
namespace {

struct range {
    char32_t first;
    char32_t last;
};

bool lies_in(char32_t c, std::span<range const> ranges) {
    return std::ranges::any_of(ranges, [c](range const& one) { return c >= one.first && c <= one.last; });
}

constexpr std::array no_letters{
    range{0x80, 0xa9},     range{0xab, 0xb4},     range{0xb6, 0xb9},      range{0xbb, 0xbf},
    range{0xd7, 0xd7},     range{0xf7, 0xf7},     range{0x60c, 0x60d},    range{0x61b, 0x61f},
    range{0x66a, 0x66d},   range{0x6d4, 0x6d4},   range{0x964, 0x965},    range{0x2000, 0x2bff},
    range{0x3000, 0x3004}, range{0x3008, 0x3020}, range{0x30fb, 0x30fb},  range{0xd800, 0xf8ff},
    range{0xfe00, 0xfe6f}, range{0xfeff, 0xff0f}, range{0xff1a, 0xff20},  range{0xff3b, 0xff40},
    range{0xff5b, 0xff65}, range{0xffe0, 0xffff}, range{0x1f000, 0x1faff}};

constexpr std::array unspaced{range{0xe00, 0xeff},   range{0x1000, 0x109f}, range{0x1100, 0x11ff},
                              range{0x1780, 0x17ff}, range{0x2e80, 0x9fff}, range{0xac00, 0xd7af},
                              range{0xf900, 0xfaff}, range{0xff66, 0xffdc}, range{0x20000, 0x3ffff}};

constexpr std::array<char32_t, 5> zeros_beyond_ascii{0x660, 0x6f0, 0x966, 0x9e6, 0xff10};

constexpr std::uint32_t bits(char c) { return static_cast<unsigned char>(c); }

bool is_continuation(char c) { return (bits(c) & 0xc0U) == 0x80U; }

}  // namespace

code_point code_point_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return {};
    auto const lead = bits(text[at]);
    std::size_t const size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (size == 1) return {static_cast<char32_t>(lead), 1};
    if (size > text.size() - at) return {static_cast<char32_t>(lead), 1};
    auto value = lead & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) value = (value << 6U) | (bits(text[at + i]) & 0x3fU);
    return {static_cast<char32_t>(value), size};
}

code_point code_point_before(std::string_view text, std::size_t at) {
    if (at == 0 || at > text.size()) return {};
    auto first = at - 1;
    while (first > 0 && at - first < 4 && is_continuation(text[first])) --first;
    auto const found = code_point_at(text.substr(0, at), first);
    return found.size == at - first ? found : code_point{static_cast<char32_t>(bits(text[at - 1])), 1};
}

int digit_value(char32_t c) {
    if (c < 0x80) return is_ascii_digit(c) ? static_cast<int>(c - U'0') : -1;
    for (auto const zero : zeros_beyond_ascii) {
        if (c >= zero && c < zero + 10) return static_cast<int>(c - zero);
    }
    return -1;
}

bool is_wide_letter(char32_t c) { return c >= 0x80 && digit_value(c) < 0 && !lies_in(c, no_letters); }

bool is_unspaced_letter(char32_t c) { return c >= 0xe00 && is_wide_letter(c) && lies_in(c, unspaced); }

}  // namespace parley
