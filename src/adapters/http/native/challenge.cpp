#include "adapters/http/native/challenge.hpp"

#include "adapters/http/server/problem.hpp"

#include <string>

namespace parley::http {
namespace {

/// The one value of a header; nullopt when there is none. Errors: unauthenticated when there are several:
/// which of them a proxy before us has looked at, nobody knows.
result<std::optional<std::string_view>> only(request const& call, std::string_view name) {
    if (name.empty()) return std::optional<std::string_view>{};
    auto const first = call.header(name);
    if (first && call.header_list(name) != *first) {
        return fail(error_kind::unauthenticated, "invalid_credentials", "This header came more than once.",
                    std::string{name});
    }
    return first;
}

/// RFC 6750 §3.1: who showed no token is told of none that is wrong.
bool shows_nothing(std::string_view code) {
    return code.starts_with("missing_") || code == "untrusted_proxy";
}

}  // namespace

result<credentials> credentials_of(request const& call, authenticator const& identity) {
    auto const authorization = only(call, "Authorization");
    if (!authorization) return std::unexpected(authorization.error());
    auto const user = only(call, identity.user_header());
    if (!user) return std::unexpected(user.error());
    return credentials{*authorization, *user, call.peer, {}};
}

response refuse_caller(error const& what, std::string_view request_id) {
    auto out = problem(what, request_id);
    if (what.kind != error_kind::unauthenticated) return out;
    auto const* const challenge = shows_nothing(what.code)
                                      ? R"(Bearer realm="parley")"
                                      : R"(Bearer realm="parley", error="invalid_token")";
    out.headers.push_back({"WWW-Authenticate", challenge});
    return out;
}

response refuse_scope(scopes const& wanted, std::string_view request_id) {
    auto const word = to_words(wanted).front();
    auto out = problem({error_kind::forbidden,
                        "insufficient_scope",
                        "This needs the scope " + word + ", which was not given to what you showed.",
                        {},
                        {}},
                       request_id);
    out.headers.push_back({"WWW-Authenticate",
                           "Bearer realm=\"parley\", error=\"insufficient_scope\", scope=\"" + word + "\""});
    return out;
}

}  // namespace parley::http
