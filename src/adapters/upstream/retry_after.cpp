#include "adapters/upstream/failures.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace parley::upstream {
namespace {

using clock = std::chrono::system_clock;
using std::chrono::milliseconds;

constexpr double longest_ms = 24.0 * 3600 * 1000;

std::optional<double> read_number(std::string_view text) {
    double out = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc{} || end != text.data() + text.size() || !std::isfinite(out) || out < 0)
        return std::nullopt;
    return out;
}

std::optional<unsigned> read_digits(std::string_view text) {
    unsigned out = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

std::optional<unsigned> read_month(std::string_view name) {
    constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const* const found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<unsigned>(found - names.begin()) + 1;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7); the two older forms are not written by anybody any
/// more.
std::optional<clock::time_point> read_date(std::string_view text) {
    constexpr std::size_t size = 29;
    if (text.size() != size || text.substr(26) != "GMT" || text[3] != ',') return std::nullopt;
    auto const day = read_digits(text.substr(5, 2));
    auto const month = read_month(text.substr(8, 3));
    auto const year = read_digits(text.substr(12, 4));
    auto const hour = read_digits(text.substr(17, 2));
    auto const minute = read_digits(text.substr(20, 2));
    auto const second = read_digits(text.substr(23, 2));
    if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{*month}, std::chrono::day{*day}};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return clock::time_point{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
           std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

milliseconds bounded(double ms) {
    return milliseconds{static_cast<std::int64_t>(std::ceil(std::clamp(ms, 0.0, longest_ms)))};
}

}  // namespace

std::optional<milliseconds> read_retry_after(std::string_view seconds_or_date, std::string_view ms,
                                             clock::time_point now) {
    if (auto const number = read_number(ms)) return bounded(*number);
    if (auto const number = read_number(seconds_or_date)) return bounded(*number * 1000);
    if (auto const date = read_date(seconds_or_date))
        return bounded(std::chrono::duration<double, std::milli>(*date - now).count());
    return std::nullopt;
}

}  // namespace parley::upstream
