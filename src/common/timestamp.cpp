#include "common/timestamp.hpp"

#include <charconv>

namespace parley {
namespace {

void put(std::string& out, unsigned value, int width) {
    for (int place = 1, i = 1; i < width; ++i, place *= 10) {
        if (value < static_cast<unsigned>(place) * 10) out.push_back('0');
    }
    out += std::to_string(value);
}

/// Reads fixed-width decimal fields one after the other; `ok` turns false at the first that does not fit.
struct field_reader {
    std::string_view rest;
    bool ok = true;

    int number(std::size_t width) {
        int value = 0;
        if (!ok || rest.size() < width) return ok = false, 0;
        auto const [end, failed] = std::from_chars(rest.data(), rest.data() + width, value);
        ok = failed == std::errc{} && end == rest.data() + width && rest[0] != '-';
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
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const clock{at - day};
    std::string out;
    out.reserve(24);
    put(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    out.push_back('-');
    put(out, static_cast<unsigned>(date.month()), 2);
    out.push_back('-');
    put(out, static_cast<unsigned>(date.day()), 2);
    out.push_back('T');
    put(out, static_cast<unsigned>(clock.hours().count()), 2);
    out.push_back(':');
    put(out, static_cast<unsigned>(clock.minutes().count()), 2);
    out.push_back(':');
    put(out, static_cast<unsigned>(clock.seconds().count()), 2);
    out.push_back('.');
    put(out, static_cast<unsigned>(clock.subseconds().count()), 3);
    out.push_back('Z');
    return out;
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
    return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + fraction - offset;
}

}  // namespace parley
