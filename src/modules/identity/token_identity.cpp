#include "modules/identity/token_identity.hpp"

#include "common/utf8.hpp"
#include "entities/limits.hpp"
#include "modules/identity/external_user.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace parley {
namespace {

scopes scopes_in(std::string_view claim) {
    scopes said;
    for (auto const part : std::views::split(claim, ' ')) {
        std::string_view const word{part.begin(), part.end()};
        said.read = said.read || word == "read";
        said.write = said.write || word == "write";
        said.admin = said.admin || word == "admin";
    }
    return said.any() ? said : all_scopes;
}

}  // namespace

token_identity::token_identity(identity_store& store, clock const& time, jwk_file& keys, jwt_rules rules,
                               steady_source steady)
    : store_(store),
      time_(time),
      keys_(keys),
      rules_(std::move(rules)),
      recent_(std::move(steady)) {}

task<result<caller>> token_identity::identify(std::string_view token, std::optional<user_id> known_as) {
    auto const shown = sha256(token);
    // A key that was taken out of the set ends at once what it has signed: what is known was known by the
    // set of before.
    auto const keys = keys_.current();
    if (auto const known = recent_.find(shown, keys)) co_return *known;
    auto const asked = recent_.now();
    auto const now = time_.now();
    auto const claims = verify_jwt(token, *keys, rules_, now);
    if (!claims) co_return std::unexpected(claims.error());
    external_identity name{rules_.issuer, claims->subject};
    auto const found = co_await known_user(store_, std::move(name), claims->name, now, known_as);
    if (!found) co_return std::unexpected(found.error());
    auto may = scopes_in(claims->scope);
    may.admin = may.admin && found->is_admin;
    caller const who{found->user_id, may, std::nullopt, found->limits, {}};
    recent_.remember(shown, {who, asked, claims->expires_at + rules_.clock_skew - now, keys});
    co_return who;
}

}  // namespace parley
