#include "app/identity_factory.hpp"

#include <chrono>
#include <utility>

namespace parley {
namespace {

constexpr std::size_t users_looked_at = 50;

jwt_rules rules_of(auth_config const& settings) {
    return {settings.jwt_issuer, settings.jwt_audience,
            std::chrono::floor<std::chrono::seconds>(settings.jwt_clock_skew)};
}

}  // namespace

result<std::unique_ptr<jwk_file>> open_token_keys(auth_config const& settings) {
    if (settings.mode != "jwt") return nullptr;
    return jwk_file::open(settings.jwt_keys_file);
}

std::unique_ptr<authenticator> make_authenticator(auth_config const& settings, identity_store& store,
                                                  clock const& time, user_id local, jwk_file* token_keys) {
    if (settings.mode == "none") return std::make_unique<authenticator>(local);
    auto keys = std::make_unique<key_identity>(store, time, local, settings.bootstrap_key);
    if (token_keys != nullptr) {
        auto tokens = std::make_unique<token_identity>(store, time, *token_keys, rules_of(settings));
        return std::make_unique<authenticator>(std::move(keys), std::move(tokens));
    }
    if (settings.mode != "trusted_header") return std::make_unique<authenticator>(std::move(keys));
    // The configuration was checked: what is no address there is none here, so that nobody is trusted.
    auto proxies = proxy_list::parse(settings.trusted_proxies).value_or(proxy_list{});
    auto names = std::make_unique<proxy_identity>(store, time, std::move(proxies), settings.user_header);
    return std::make_unique<authenticator>(std::move(keys), std::move(names), settings.user_header);
}

task<result<bool>> can_anybody_enter(auth_config settings, identity_store& store) {
    if (settings.mode != "api_key" || !settings.bootstrap_key.empty()) co_return true;
    page_query<user_id> query;
    query.limit = users_looked_at;
    auto const users = co_await store.list_users(query);
    if (!users) co_return std::unexpected(users.error());
    for (auto const& one : users->data) {
        auto const keys = co_await store.list_keys(one.user_id);
        if (!keys) co_return std::unexpected(keys.error());
        if (!keys->empty()) co_return true;
    }
    co_return users->has_more;
}

usage_limits limits_of(limits_config const& settings) {
    return {settings.requests_per_minute, settings.concurrent_streams, settings.queued_generations,
            settings.tokens_per_day};
}

}  // namespace parley
