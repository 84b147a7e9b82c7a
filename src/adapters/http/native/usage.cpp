#include "adapters/http/native/usage.hpp"

#include "adapters/http/wire/json_writer.hpp"
#include "adapters/http/wire/money.hpp"
#include "services/usage_sums.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::http {
namespace {

using std::chrono::sys_days;

constexpr std::chrono::days default_span{30};
constexpr std::chrono::days longest_span{366};

std::optional<int> digits(std::string_view text) {
    int value = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const whole = failed == std::errc{} && end == text.data() + text.size() && text[0] != '-';
    return whole ? std::optional{value} : std::nullopt;
}

/// A full-date of RFC 3339: 2026-11-26.
std::optional<sys_days> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    auto const year = digits(text.substr(0, 4));
    auto const month = digits(text.substr(5, 2));
    auto const day = digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional{sys_days{date}} : std::nullopt;
}

std::string day_text(sys_days day) {
    std::chrono::year_month_day const date{day};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

struct day_range {
    sys_days first;
    sys_days last;
};

std::unexpected<error> bad_day(std::string param) {
    return invalid("invalid_parameter", "This parameter must be a day such as 2026-11-26.", std::move(param));
}

/// `to` is today when it is left out, `from` 30 days with `to` among them.
result<day_range> read_range(request const& call, sys_days today) {
    query_reader in{call, {"from", "to"}};
    auto const from = in.text("from");
    auto const to = in.text("to");
    if (in.failure()) return std::unexpected(*in.failure());
    day_range range{today, today};
    if (to) {
        auto const day = parse_day(*to);
        if (!day) return bad_day("to");
        range.last = *day;
    }
    range.first = range.last - default_span + std::chrono::days{1};
    if (from) {
        auto const day = parse_day(*from);
        if (!day) return bad_day("from");
        range.first = *day;
    }
    if (range.first > range.last || range.last - range.first >= longest_span) {
        return invalid("invalid_parameter", "The days must be in order, and at most 366 together.", "from");
    }
    return range;
}

void write_sums(json_writer& out, usage_day const& sums) {
    out.member("generations", sums.generations);
    out.member("input_tokens", sums.input_tokens);
    out.member("cached_tokens", sums.cached_tokens);
    out.member("output_tokens", sums.output_tokens);
    out.member("estimated", sums.estimated);
    out.key("cost");
    out.raw(decimal_of_picos(sums.cost));
}

usage_day total_of(std::vector<usage_day> const& days) {
    usage_day total;
    for (auto const& one : days) add_to(total, one);
    return total;
}

}  // namespace

task<result<response>> get_usage::answer(request& call) {
    auto const range = read_range(call, std::chrono::floor<std::chrono::days>(api().time.now()));
    if (!range) co_return std::unexpected(range.error());
    auto const days = co_await api().usage.usage_by_day(call.caller.user_id, range->first, range->last);
    if (!days) co_return std::unexpected(days.error());
    std::string body;
    json_writer out{body};
    out.begin_object();
    out.member("from", day_text(range->first));
    out.member("to", day_text(range->last));
    out.member("currency", api().currency);
    out.key("data");
    out.begin_array();
    for (auto const& one : *days) {
        out.begin_object();
        out.member("day", day_text(one.day));
        out.member("model_name", one.model_name);
        write_sums(out, one);
        out.end_object();
    }
    out.end_array();
    out.key("total");
    out.begin_object();
    write_sums(out, total_of(*days));
    out.end_object();
    out.end_object();
    co_return json_response(200, std::move(body));
}

}  // namespace parley::http
