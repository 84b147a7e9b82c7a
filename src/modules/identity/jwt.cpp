#include "modules/identity/jwt.hpp"

#include "common/ascii.hpp"
#include "common/base64url.hpp"
#include "modules/identity/jwt_signature.hpp"
#include "modules/identity/strict_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace parley {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_token = 8192;     // bytes; a header field has room for 16 KiB
constexpr std::size_t longest_subject = 255;    // bytes
constexpr std::size_t deepest_token = 8;        // levels of JSON
constexpr double latest_time = 253402300799.0;  // the end of the year 9999

struct parts {
    std::string_view signed_text;
    std::string header;
    std::string claims;
    std::string signature;
};

std::unexpected<error> refused(std::string code, std::string why) {
    return fail(error_kind::unauthenticated, std::move(code), std::move(why), "Authorization");
}

std::unexpected<error> bad_form() {
    return refused("invalid_token", "This is no JSON Web Token that is taken here.");
}

/// One sentence for all: whether a key is known, or a signature nearly right, is nobody's business.
std::unexpected<error> not_signed() {
    return refused("invalid_token", "This token is not signed with a key that is known here.");
}

std::optional<parts> split(std::string_view token) {
    if (token.size() > largest_token) return std::nullopt;
    auto const first = token.find('.');
    auto const second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return std::nullopt;
    auto header = from_base64url(token.substr(0, first));
    auto claims = from_base64url(token.substr(first + 1, second - first - 1));
    auto signature = from_base64url(token.substr(second + 1));
    if (!header || !claims || !signature) return std::nullopt;
    return parts{token.substr(0, second), std::move(*header), std::move(*claims), std::move(*signature)};
}

std::optional<std::string_view> text_in(json::object const& from, std::string_view name) {
    auto const* value = from.if_contains(name);
    auto const* text = value == nullptr ? nullptr : value->if_string();
    if (text == nullptr) return std::nullopt;
    return std::string_view{text->data(), text->size()};
}

/// Seconds since 1970 (NumericDate), fractions allowed. Nullopt: there is none; NaN: it is none.
std::optional<double> time_in(json::object const& from, std::string_view name) {
    auto const* value = from.if_contains(name);
    if (value == nullptr) return std::nullopt;
    auto const seconds = value->is_number() ? value->to_number<double>() : std::nan("");
    return seconds >= 0 && seconds <= latest_time ? seconds : std::nan("");
}

std::optional<jwt_algorithm> algorithm_named(std::string_view word) {
    if (word == "HS256") return jwt_algorithm::hs256;
    if (word == "RS256") return jwt_algorithm::rs256;
    if (word == "ES256") return jwt_algorithm::es256;
    if (word == "EdDSA") return jwt_algorithm::eddsa;
    return std::nullopt;
}

/// By its kid; a token without one is for the only key of its algorithm. The key's algorithm decides, and the
/// header must say the same.
jwk const* key_for(json::object const& header, jwk_set const& keys) {
    auto const algorithm = algorithm_named(text_in(header, "alg").value_or(""));
    auto const kid = text_in(header, "kid");
    if (!algorithm || (header.contains("kid") && kid.value_or("").empty())) return nullptr;
    jwk const* found = nullptr;
    for (auto const& one : keys.keys()) {
        if (one.algorithm != *algorithm || (kid && one.kid != *kid)) continue;
        if (found != nullptr) return nullptr;
        found = &one;
    }
    return found;
}

/// RFC 8725 §3.11: a token that is typed as something else (a logout, a proof of possession) is no token to
/// ask with. RFC 9068 §2.1 names those that are; many issuers write "JWT" or nothing.
bool is_to_ask_with(json::object const& header) {
    if (!header.contains("typ")) return true;
    constexpr std::string_view prefix = "application/";
    auto type = text_in(header, "typ").value_or("");
    if (type.size() > prefix.size() && same_word(type.substr(0, prefix.size()), prefix))
        type.remove_prefix(prefix.size());
    return same_word(type, "JWT") || same_word(type, "at+jwt");
}

bool is_for(json::object const& claims, std::vector<std::string> const& audiences) {
    auto const wanted = [&](json::value const& one) {
        auto const* text = one.if_string();
        return text != nullptr &&
               std::ranges::find(audiences, std::string_view{text->data(), text->size()}) != audiences.end();
    };
    auto const* audience = claims.if_contains("aud");
    if (audience == nullptr) return false;
    auto const* several = audience->if_array();
    return several == nullptr ? wanted(*audience) : std::ranges::any_of(*several, wanted);
}

timestamp time_of(double seconds) {
    return timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)}};
}

result<timestamp> check_times(json::object const& claims, std::chrono::seconds skew, timestamp now) {
    auto const until = time_in(claims, "exp");
    auto const from = time_in(claims, "nbf");
    auto const issued = time_in(claims, "iat");
    if (!until || std::isnan(*until) || (from && std::isnan(*from)) || (issued && std::isnan(*issued)))
        return refused("invalid_token",
                       "This token says no time, or a wrong one, at which it expires or begins.");
    auto const end = time_of(*until);
    if (now >= end + skew) return refused("token_expired", "This token has expired.");
    // What was issued in the future comes from a clock that is wrong: its end can not be believed either.
    auto const starts = time_of(std::max(from.value_or(0), issued.value_or(0)));
    if (now + skew < starts) return refused("token_not_yet_valid", "This token is not valid yet.");
    return end;
}

/// Words (RFC 8693 §4.2), or a list of them as some issuers write it, under one of the two names that are in
/// use. What can not be read must not be taken for no bound at all.
result<std::string> scope_of(json::object const& claims) {
    std::string out;
    for (auto const* const name : {"scope", "scp"}) {
        auto const* const value = claims.if_contains(name);
        if (value == nullptr) continue;
        auto const* const list = value->if_array();
        for (auto const& one : list == nullptr ? json::array{*value} : *list) {
            auto const* const text = one.if_string();
            if (text == nullptr) return refused("invalid_token", "This token's scope is no text.");
            if (!out.empty()) out += ' ';
            out += std::string_view{text->data(), text->size()};
        }
    }
    return out;
}

result<jwt_claims> check_claims(json::object const& claims, jwt_rules const& rules, timestamp now) {
    if (text_in(claims, "iss") != rules.issuer || !is_for(claims, rules.audiences))
        return refused("invalid_token", "This token is by another issuer, or for somebody else.");
    auto const expires_at = check_times(claims, rules.clock_skew, now);
    if (!expires_at) return std::unexpected(expires_at.error());
    auto const subject = text_in(claims, "sub").value_or("");
    if (subject.empty() || subject.size() > longest_subject || subject.find('\0') != std::string_view::npos)
        return refused("invalid_token", "This token says not whose it is, or in too many words.");
    jwt_claims out;
    out.subject = subject;
    out.name = text_in(claims, "name").value_or("");
    auto scope = scope_of(claims);
    if (!scope) return std::unexpected(scope.error());
    out.scope = std::move(*scope);
    out.expires_at = *expires_at;
    return out;
}

}  // namespace

result<jwt_claims> verify_jwt(std::string_view token, jwk_set const& keys, jwt_rules const& rules,
                              timestamp now) {
    auto const cut = split(token);
    if (!cut) return bad_form();
    auto const header = strict_object(cut->header, deepest_token);
    // What must be understood (crit) is not.
    if (!header || header->contains("crit") || header->contains("zip") || header->contains("enc"))
        return bad_form();
    if (!is_to_ask_with(*header)) return bad_form();
    auto const* const key = key_for(*header, keys);
    if (key == nullptr || !is_signed_with(*key, cut->signed_text, cut->signature)) return not_signed();
    auto const claims = strict_object(cut->claims, deepest_token);
    if (!claims) return bad_form();
    return check_claims(*claims, rules, now);
}

}  // namespace parley
