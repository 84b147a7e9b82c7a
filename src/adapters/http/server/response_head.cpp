#include "adapters/http/server/response_head.hpp"

#include "common/ascii.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace parley::http {
namespace {

constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_two_digits(std::string& out, int number) {
    out.push_back(static_cast<char>('0' + number / 10 % 10));
    out.push_back(static_cast<char>('0' + number % 10));
}

/// IMF-fixdate, RFC 9110 §5.6.7.
std::string imf_date(std::time_t at) {
    std::tm parts{};
    ::gmtime_r(&at, &parts);
    std::string out(day_names[static_cast<std::size_t>(parts.tm_wday)]);
    out += ", ";
    append_two_digits(out, parts.tm_mday);
    out += ' ';
    out += month_names[static_cast<std::size_t>(parts.tm_mon)];
    out += ' ';
    append_number(out, static_cast<std::size_t>(parts.tm_year) + 1900);
    out += ' ';
    append_two_digits(out, parts.tm_hour);
    out += ':';
    append_two_digits(out, parts.tm_min);
    out += ':';
    append_two_digits(out, parts.tm_sec);
    return out += " GMT";
}

/// Made once a second by each thread.
std::string_view date_now() {
    thread_local std::time_t made_at = 0;
    thread_local std::string text;
    if (auto const now = std::time(nullptr); now != made_at) {
        made_at = now;
        text = imf_date(now);
    }
    return text;
}

void append_status_line(std::string& out, unsigned status) {
    if (status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
        return;
    }
    out += "HTTP/1.1 ";
    append_number(out, status);
    out += ' ';
    auto const reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    out.append(reason.data(), reason.size());
    out += "\r\n";
}

/// An answer that is opened as a page is none: it runs nothing, and nobody frames it.
constexpr std::string_view no_page =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n";

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

void append_trusted(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (std::ranges::none_of(value, is_control)) return append_trusted(out, name, value);
    std::string clean;
    std::ranges::remove_copy_if(value, std::back_inserter(clean), is_control);
    append_trusted(out, name, clean);
}

void append_framing(std::string& out, unsigned status, head_facts const& facts) {
    if (facts.body == framing::chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    } else if (facts.body == framing::length && status != 204 && status != 304) {
        out += "Content-Length: ";
        append_number(out, facts.length);
        out += "\r\n";
    }
    if (!facts.keep_alive) {
        out += "Connection: close\r\n";
    } else if (!facts.http_1_1) {
        out += "Connection: keep-alive\r\n";
    }
}

}  // namespace

void write_head(std::string& out, response const& reply, head_facts const& facts) {
    out.clear();
    append_status_line(out, reply.status);
    append_trusted(out, "Date", date_now());
    append_trusted(out, "X-Request-Id", facts.request_id);
    if (!reply.content_type.empty()) append_field(out, "Content-Type", reply.content_type);
    out += "X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n";
    bool cache_control = false;
    bool policy = false;
    for (auto const& one : reply.headers) {
        cache_control = cache_control || same_word(one.name, "Cache-Control");
        policy = policy || same_word(one.name, "Content-Security-Policy");
        append_field(out, one.name, one.value);
    }
    if (!cache_control) out += "Cache-Control: no-store\r\n";
    if (!policy) out += no_page;
    append_framing(out, reply.status, facts);
    out += "\r\n";
}

}  // namespace parley::http
