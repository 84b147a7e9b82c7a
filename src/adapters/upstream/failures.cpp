#include "adapters/upstream/failures.hpp"

#include "adapters/upstream/json_members.hpp"
#include "common/ascii.hpp"
#include "common/utf8.hpp"
#include "common/utf8_stream.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace parley::upstream {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_excerpt = 240;
constexpr std::size_t most_looked_at = 4096;  // bytes of an error that may be shown
constexpr std::size_t shortest_secret = 6;
constexpr std::size_t least_hidden =
    8;  // characters: half of a secret is hidden like a whole one, if it has so many

/// What an error object says; empty members where it says nothing.
struct complaint {
    std::string message;
    std::string type;
    std::string code;
    unsigned status = 0;  // some gateways write the status into `code`
};

complaint read_complaint(json::object const& from) {
    complaint out;
    out.message = text_in(from, "message");
    if (out.message.empty()) out.message = text_in(from, "detail");
    out.type = text_in(from, "type");
    out.code = text_in(from, "code");
    if (auto const number = count_in(from, "code"); number && *number < 600)
        out.status = static_cast<unsigned>(*number);
    return out;
}

complaint read_complaint(std::string_view body) {
    json::error_code failed;
    auto const parsed = json::parse(body, failed);
    auto const* whole = failed ? nullptr : parsed.if_object();
    if (whole == nullptr) return {};
    if (auto const* inner = object_in(*whole, "error")) return read_complaint(*inner);
    auto out = read_complaint(*whole);
    if (auto const text = text_in(*whole, "error"); !text.empty()) out.message = text;
    return out;
}

/// The words of OpenAI, llama-server, vLLM and Anthropic for a prompt that is too long.
bool is_about_length(complaint const& said) {
    auto const says = [&](std::string_view words) { return said.message.find(words) != std::string::npos; };
    return said.code == "context_length_exceeded" || said.type == "exceed_context_size_error" ||
           said.type == "context_length_exceeded" || says("maximum context length") ||
           said.message.starts_with("prompt is too long");
}

bool is_about_rate(complaint const& said) {
    return said.status == 429 || said.type == "rate_limit_error" || said.code == "rate_limit_exceeded" ||
           said.type == "rate_limit_exceeded";
}

/// The secret and every half of it, in small and capital letters: servers show keys in part.
void hide(std::string_view secret, std::string& in) {
    auto const piece = std::min(secret.size(), std::max(least_hidden, secret.size() / 2));
    auto const same = [](char one, char other) { return ascii_lower(one) == ascii_lower(other); };
    std::vector<bool> hidden(in.size(), false);
    for (std::size_t at = 0; at + piece <= in.size(); ++at) {
        std::string_view const here{in.data() + at, piece};
        if (std::ranges::search(secret, here, same).empty()) continue;
        std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(at), piece, true);
    }
    std::string out;
    for (std::size_t at = 0; at < in.size(); ++at) {
        if (!hidden[at]) out += in[at];
        if (hidden[at] && (at == 0 || !hidden[at - 1])) out += "***";
    }
    in = std::move(out);
}

/// What a server says that does not speak JSON when it refuses; nothing of pages.
std::string plain_complaint(std::string_view body) {
    auto const first = body.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || body[first] == '<' || body[first] == '{' || body[first] == '[')
        return {};
    return std::string{body.substr(first, most_looked_at)};
}

std::string behind_colon(std::string const& text) { return text.empty() ? "." : ": " + text; }

}  // namespace

failures::failures(std::string upstream, std::vector<std::string> secrets)
    : upstream_(std::move(upstream)),
      secrets_([&secrets] {
          std::erase_if(secrets, [](auto const& one) { return one.size() < shortest_secret; });
          // The longest first, so that none is hidden in part only.
          std::ranges::sort(secrets, std::ranges::greater{}, &std::string::size);
          return std::move(secrets);
      }()) {}

std::string failures::who() const { return fmt::format("The upstream \"{}\"", upstream_); }

std::string failures::excerpt(std::string_view said) const {
    std::string out{said.substr(0, most_looked_at)};
    for (auto const& secret : secrets_) hide(secret, out);
    utf8_stream mender;
    out = mender.feed(out);
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    if (out.size() <= longest_excerpt) return out;
    out.resize(utf8_prefix(out, longest_excerpt));
    return out + "…";
}

error failures::unreachable(std::string_view step, std::string_view why) const {
    return {error_kind::unavailable,
            "upstream_unreachable",
            fmt::format("{} can not be reached: {}: {}.", who(), step, excerpt(why)),
            {},
            {}};
}

error failures::too_slow(std::string_view what, std::chrono::milliseconds patience) const {
    return {error_kind::timed_out,
            "upstream_timeout",
            fmt::format("{} was too slow: {} within {} ms.", who(), what, patience.count()),
            {},
            {}};
}

error failures::busy(std::size_t connections) const {
    return {error_kind::overloaded,
            "upstream_busy",
            fmt::format("{} has as many connections as are allowed ({}).", who(), connections),
            {},
            {}};
}

error failures::invalid_answer(std::string_view why) const {
    return {error_kind::unavailable,
            "upstream_invalid_answer",
            fmt::format("{} gave no usable answer: {}.", who(), excerpt(why)),
            {},
            {}};
}

error failures::broke_off(std::string_view why) const {
    return {error_kind::unavailable,
            "upstream_failed",
            fmt::format("{} broke off: {}.", who(), excerpt(why)),
            {},
            {}};
}

error failures::of_status(unsigned status, std::string_view body) const {
    auto said = read_complaint(body);
    if (said.message.empty()) said.message = plain_complaint(body);
    // What is said of a key may show a part of it.
    bool const about_key = status == 401 || status == 403;
    auto const text = behind_colon(about_key ? "its key is not accepted" : excerpt(said.message));
    if (status == 429 || (status >= 400 && status < 500 && said.status == 429)) {
        return {error_kind::rate_limited,
                "upstream_rate_limited",
                fmt::format("{} takes no more requests for now{}", who(), text),
                {},
                {}};
    }
    if (status >= 400 && status < 500 && is_about_length(said)) {
        return {error_kind::invalid,
                "context_length_exceeded",
                fmt::format("The prompt is too long for {}{}", "the upstream \"" + upstream_ + "\"", text),
                {},
                {}};
    }
    if (status == 408) {
        return {error_kind::timed_out,
                "upstream_timeout",
                fmt::format("{} answered that it took too long (408){}", who(), text),
                {},
                {}};
    }
    if (status >= 500) {
        return {error_kind::unavailable,
                "upstream_failed",
                fmt::format("{} failed with status {}{}", who(), status, text),
                {},
                {}};
    }
    if (status >= 400) {
        return {error_kind::invalid,
                "upstream_refused",
                fmt::format("{} refused the request with status {}{}", who(), status, text),
                {},
                {}};
    }
    if (status >= 300) {
        return {error_kind::invalid,
                "upstream_refused",
                fmt::format("{} answered with a redirect ({}), which is not followed: its base_url is wrong.",
                            who(), status),
                {},
                {}};
    }
    return invalid_answer(fmt::format("its status is {}", status));
}

error failures::of_answer(std::string_view json_text) const {
    auto const said = read_complaint(json_text);
    if (is_about_length(said)) return of_status(400, json_text);
    if (is_about_rate(said)) return of_status(429, json_text);
    if (said.status == 408) return of_status(408, json_text);
    return {error_kind::unavailable,
            "upstream_failed",
            fmt::format("{} answered with an error{}", who(), behind_colon(excerpt(said.message))),
            {},
            {}};
}

}  // namespace parley::upstream
