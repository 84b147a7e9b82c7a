#include "adapters/http/server/target.hpp"

#include "common/ascii.hpp"
#include "common/utf8.hpp"

#include <algorithm>

namespace parley::http {
namespace {

std::unexpected<error> malformed_target(std::string message) {
    return fail(error_kind::malformed, "malformed_target", std::move(message));
}

constexpr bool fits_target(char c) { return c > ' ' && c < '\x7f' && c != '#'; }

/// Splits "path?query"; an empty path is "/".
target_parts split_path(std::string_view text) {
    target_parts parts;
    auto const mark = text.find('?');
    parts.path = text.substr(0, mark);
    if (mark != std::string_view::npos) parts.query = text.substr(mark + 1);
    if (parts.path.empty()) parts.path = "/";
    return parts;
}

bool begins_with_word(std::string_view text, std::string_view word) {
    return text.size() >= word.size() && same_word(text.substr(0, word.size()), word);
}

result<target_parts> split_absolute(std::string_view target) {
    std::string_view const scheme = begins_with_word(target, "http://") ? "http://" : "https://";
    if (!begins_with_word(target, scheme))
        return malformed_target("The request target must begin with a slash.");
    auto const rest = target.substr(scheme.size());
    auto const authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.empty() || authority.find('@') != std::string_view::npos) {
        return malformed_target("The request target's host is missing or carries user information.");
    }
    auto parts = split_path(rest.substr(authority.size()));
    parts.authority = authority;
    return parts;
}

result<void> check_utf8(std::string_view decoded) {
    if (!is_valid_utf8(decoded))
        return malformed_target("The request target is not valid UTF-8 once decoded.");
    return {};
}

result<void> decode(std::string_view encoded, bool plus_is_space, std::string& out) {
    if (encoded.find('%') == std::string_view::npos && !plus_is_space) {
        out = encoded;
        return check_utf8(out);
    }
    out.clear();
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        char c = encoded[i];
        if (c == '+' && plus_is_space) c = ' ';
        if (c == '%') {
            auto const high = i + 2 < encoded.size() ? hex_value(encoded[i + 1]) : -1;
            auto const low = i + 2 < encoded.size() ? hex_value(encoded[i + 2]) : -1;
            if (high < 0 || low < 0)
                return malformed_target("The request target has a broken percent escape.");
            c = static_cast<char>(high * 16 + low);
            i += 2;
            if (c == '\0') return malformed_target("The request target has a NUL character.");
        }
        out.push_back(c);
    }
    return check_utf8(out);
}

}  // namespace

result<target_parts> split_target(std::string_view method, std::string_view target) {
    if (!std::ranges::all_of(target, fits_target)) {
        return malformed_target("The request target has a character that must be percent-encoded.");
    }
    if (target == "*") {
        if (method == "OPTIONS") return target_parts{.path = target};
        return malformed_target("The target * is for OPTIONS only.");
    }
    return target.starts_with('/') ? split_path(target) : split_absolute(target);
}

result<void> percent_decode(std::string_view encoded, std::string& out) {
    return decode(encoded, false, out);
}

result<void> decode_query(std::string_view query, std::vector<field>& out) {
    out.clear();
    while (!query.empty()) {
        auto const pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.empty()) continue;
        auto const mark = pair.find('=');
        auto& one = out.emplace_back();
        if (auto const done = decode(pair.substr(0, mark), true, one.name); !done) return done;
        if (mark == std::string_view::npos) continue;
        if (auto const done = decode(pair.substr(mark + 1), true, one.value); !done) return done;
    }
    return {};
}

}  // namespace parley::http
