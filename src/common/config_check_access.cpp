// Checks across the keys of who may ask, from where and how much.
#include "common/config_access.hpp"
#include "common/config_checks.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace parley {
namespace {

void need(config_draft& draft, std::string_view key, bool missing, std::string_view what) {
    if (!missing || draft.already_wrong(key)) return;
    draft.complain(draft.source_of("auth.mode"), std::string{key},
                   fmt::format("is missing; auth.mode {} needs {}", draft.values.auth.mode, what));
}

void complain_unless_empty(config_draft& draft, std::string_view key, std::string problem) {
    if (!problem.empty()) draft.complain(draft.source_of(key), std::string{key}, std::move(problem));
}

}  // namespace

void check_tokens(config_draft& draft) {
    if (draft.already_wrong("auth.mode") || draft.values.auth.mode != "jwt") return;
    auto const& auth = draft.values.auth;
    need(draft, "auth.jwt_keys_file", auth.jwt_keys_file.empty(), "a JSON Web Key Set");
    need(draft, "auth.jwt_issuer", auth.jwt_issuer.empty(), "the issuer of the tokens (iss)");
    need(draft, "auth.jwt_audience", auth.jwt_audience.empty(), "whom the tokens are for (aud)");
}

void check_proxies(config_draft& draft) {
    auto const& auth = draft.values.auth;
    for (auto const& one : auth.trusted_proxies) {
        complain_unless_empty(draft, "auth.trusted_proxies", problem_of_proxy(one));
    }
    complain_unless_empty(draft, "auth.user_header", problem_of_user_header(auth.user_header));
    if (draft.already_wrong("auth.mode") || auth.mode != "trusted_header") return;
    need(draft, "auth.trusted_proxies", auth.trusted_proxies.empty(),
         "the addresses of the proxy: from anywhere else the header is worth nothing");
}

void check_cors(config_draft& draft) {
    for (auto const& one : draft.values.cors.origins) {
        complain_unless_empty(draft, "cors.origins", problem_of_origin(one));
    }
}

void check_limits(config_draft& draft) {
    if (draft.already_wrong("limits.kind") || draft.already_wrong("cache.uri")) return;
    if (draft.values.limits.kind != "redis" || !draft.values.cache.uri.empty()) return;
    draft.complain(draft.source_of("limits.kind"), "cache.uri",
                   "is missing; limits.kind redis counts in that Redis, such as redis://localhost:6379");
}

}  // namespace parley
