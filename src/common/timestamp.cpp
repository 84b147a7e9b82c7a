#include "common/timestamp.hpp"

#include <algorithm>
#include <charconv>

namespace parley {
namespace {

/// Decimal digits of a number that fits into `width` places; returns where the next character goes.
char* put(char* out, unsigned value, int width) {
    for (auto* digit = out + width; digit != out; value /= 10) *--digit = static_cast<char>('0' + value % 10);
    return out + width;
}

char* put(char* out, char mark) {
    *out = mark;
    return out + 1;
}

/// Reads fixed-width decimal fields one after the other; `ok` turns false at the first that does not fit.
struct field_reader {
    std::string_view rest;
    bool ok = true;

    int number(std::size_t width) {
        int value = 0;
        if (!ok || rest.size() < width) return ok = false, 0;
        auto const digits = rest.substr(0, width);
        auto const [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        ok = failed == std::errc{} && end == digits.data() + digits.size() && digits[0] != '-';
        rest.remove_prefix(width);
        return value;
    }
    void expect(char c) {
        ok = ok && !rest.empty() && (rest[0] == c || (c == 'T' && rest[0] == 't'));
        if (ok) rest.remove_prefix(1);
    }
};

std::chrono::milliseconds read_fraction(field_reader& in) {
    if (!in.ok || in.rest.empty() || in.rest[0] != '.') return {};
    in.rest.remove_prefix(1);
    int ms = 0;
    std::size_t digits = 0;
    while (!in.rest.empty() && in.rest[0] >= '0' && in.rest[0] <= '9') {
        if (digits < 3) ms = ms * 10 + (in.rest[0] - '0');
        ++digits;
        in.rest.remove_prefix(1);
    }
    in.ok = digits > 0;
    for (auto i = digits; i < 3; ++i) ms *= 10;
    return std::chrono::milliseconds{ms};
}

std::chrono::minutes read_offset(field_reader& in) {
    if (!in.ok || in.rest.empty()) return in.ok = false, std::chrono::minutes{};
    char const sign = in.rest[0];
    in.rest.remove_prefix(1);
    if (sign == 'Z' || sign == 'z') return {};
    auto const hours = in.number(2);
    in.expect(':');
    auto const minutes = in.number(2);
    in.ok = in.ok && (sign == '+' || sign == '-') && hours < 24 && minutes < 60;
    auto const offset = std::chrono::minutes{hours * 60 + minutes};
    return sign == '-' ? -offset : offset;
}

}  // namespace

std::string to_rfc3339(timestamp at) {
    std::string text(rfc3339_size, ' ');
    write_rfc3339(at, std::span<char, rfc3339_size>{text.data(), rfc3339_size});
    return text;
}

void write_rfc3339(timestamp at, std::span<char, rfc3339_size> text) {
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const clock{at - day};
    auto* out = put(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
    out = put(put(out, '-'), static_cast<unsigned>(date.month()), 2);
    out = put(put(out, '-'), static_cast<unsigned>(date.day()), 2);
    out = put(put(out, 'T'), static_cast<unsigned>(clock.hours().count()), 2);
    out = put(put(out, ':'), static_cast<unsigned>(clock.minutes().count()), 2);
    out = put(put(out, ':'), static_cast<unsigned>(clock.seconds().count()), 2);
    out = put(put(out, '.'), static_cast<unsigned>(clock.subseconds().count()), 3);
    put(out, 'Z');
}

std::optional<timestamp> parse_rfc3339(std::string_view text) {
    field_reader in{text};
    auto const year = in.number(4);
    in.expect('-');
    auto const month = in.number(2);
    in.expect('-');
    auto const day = in.number(2);
    in.expect('T');
    auto const hour = in.number(2);
    in.expect(':');
    auto const minute = in.number(2);
    in.expect(':');
    auto const second = in.number(2);
    auto const fraction = read_fraction(in);
    auto const offset = read_offset(in);
    std::chrono::year_month_day const date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!in.ok || !in.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    auto const at = timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
                    std::chrono::minutes{minute} + std::chrono::seconds{second} + fraction - offset;
    return std::clamp(at, earliest_timestamp, latest_timestamp);
}

}  // namespace parley
