#include "adapters/http/native/idempotency.hpp"

#include "common/sha256.hpp"
#include "entities/limits.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace parley::http {
namespace {

constexpr std::string_view header = "Idempotency-Key";

std::string_view without_quotes(std::string_view text) {
    bool const quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

/// White space in the body makes no other request.
std::string body_of(request const& call) {
    boost::system::error_code failed;
    auto const body = boost::json::parse(call.body, failed);
    return failed ? call.body : boost::json::serialize(body);
}

sha256_digest fingerprint_of(request const& call) {
    return sha256(call.method + "\n" + call.path + "\n" + body_of(call));
}

}  // namespace

result<keyed_request> keyed(request const& call, std::optional<interaction_id> about) {
    keyed_request asked{
        .user_id = call.caller.user_id, .key = std::nullopt, .fingerprint = {}, .interaction_id = about};
    auto const sent = call.header(header);
    if (!sent) return asked;
    if (call.header_list(header) != *sent) {
        return invalid("invalid_parameter", "A request has one Idempotency-Key.", std::string{header});
    }
    auto const key = without_quotes(*sent);
    if (key.empty() || key.size() > limits::idempotency_key || !std::ranges::all_of(key, is_printable)) {
        return invalid("invalid_parameter",
                       "An Idempotency-Key must have from 1 to 255 characters of printable ASCII.",
                       std::string{header});
    }
    asked.key = std::string{key};
    asked.fingerprint = fingerprint_of(call);
    return asked;
}

std::unexpected<error> gone_since() {
    return fail(error_kind::conflict, "gone_meanwhile",
                "This request was begun before, and what it made, if anything, is not there any more.",
                std::string{header});
}

void mark_replayed(response& out, request_keys::entry const& asked) {
    if (asked.repeated) out.headers.push_back({"Idempotency-Replayed", "true"});
}

}  // namespace parley::http
