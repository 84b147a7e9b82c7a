#include "adapters/http/native/audit.hpp"

#include "common/log.hpp"
#include "modules/requests/request_keys.hpp"

#include <string>

namespace parley::http {
namespace {

constexpr std::size_t longest_path = 256;  // bytes that a line has of what was asked for

std::string_view word_for(std::optional<bool> value) {
    if (!value) return {};
    return *value ? "true" : "false";
}

std::string words_for(std::optional<scopes> const& value) {
    std::string out;
    if (!value) return out;
    for (auto const& word : to_words(*value)) out += (out.empty() ? "" : " ") + word;
    return out;
}

std::string key_shown(request const& call) {
    return call.caller.key_id ? call.caller.key_id->text() : std::string{};
}

}  // namespace

void audit(request const& call, std::string_view act, user_id const& of, audit_details const& details) {
    auto const by = call.caller.user_id.text();
    auto const with = key_shown(call);
    auto const whose = of.text();
    auto const which = details.key ? details.key->text() : std::string{};
    auto const scopes = words_for(details.scopes);
    auto const end = details.expires_at ? to_rfc3339(*details.expires_at) : std::string{};
    log::audit(act,
               {{"by_user", std::string_view{by}},
                {"by_key", std::string_view{with}},
                {"user_id", std::string_view{whose}},
                {"key_id", std::string_view{which}},
                {"is_admin", word_for(details.is_admin)},
                {"limits_changed", details.limits_changed ? std::string_view{"true"} : std::string_view{}},
                {"scopes", std::string_view{scopes}},
                {"expires_at", std::string_view{end}},
                {"outcome", details.outcome},
                {"request_id", std::string_view{call.request_id}}});
}

void audit_doubt(request const& call, std::string_view act, user_id const& of, error const& why,
                 audit_details details) {
    if (!is_doubtful(why)) return;
    details.outcome = "unknown";
    audit(call, act, of, details);
}

void audit_refused(request const& call) {
    auto const by = call.caller.user_id.text();
    auto const with = key_shown(call);
    log::audit("refused", {{"by_user", std::string_view{by}},
                           {"by_key", std::string_view{with}},
                           {"user_id", std::string_view{}},
                           {"key_id", std::string_view{}},
                           {"method", std::string_view{call.method}},
                           {"path", std::string_view{call.path}.substr(0, longest_path)},
                           {"request_id", std::string_view{call.request_id}}});
}

}  // namespace parley::http
