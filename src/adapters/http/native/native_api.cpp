#include "adapters/http/native/native_api.hpp"

#include "adapters/http/native/interactions.hpp"
#include "adapters/http/native/managed_users.hpp"
#include "adapters/http/native/messages.hpp"
#include "adapters/http/native/models.hpp"
#include "adapters/http/native/operations.hpp"
#include "adapters/http/native/reply_control.hpp"
#include "adapters/http/native/route_scopes.hpp"
#include "adapters/http/native/usage.hpp"
#include "adapters/http/native/user_events.hpp"
#include "adapters/http/native/user_keys.hpp"
#include "adapters/http/native/users.hpp"

#include <utility>

namespace parley::http {
namespace {

constexpr std::string_view interactions = "/api/v1/interactions";
constexpr std::string_view one_interaction = "/api/v1/interactions/{interaction_id}";
constexpr std::string_view messages = "/api/v1/interactions/{interaction_id}/messages";
constexpr std::string_view one_message = "/api/v1/interactions/{interaction_id}/messages/{message_id}";
constexpr std::string_view sibling =
    "/api/v1/interactions/{interaction_id}/messages/{message_id}/siblings/{index}";
constexpr std::string_view events = "/api/v1/interactions/{interaction_id}/messages/{message_id}/events";
constexpr std::string_view stop = "/api/v1/interactions/{interaction_id}/messages/{message_id}/stop";
constexpr std::string_view regenerate =
    "/api/v1/interactions/{interaction_id}/messages/{message_id}/regenerate";
constexpr std::string_view own_keys = "/api/v1/users/me/keys";
constexpr std::string_view own_key = "/api/v1/users/me/keys/{key_id}";
constexpr std::string_view users = "/api/v1/users";
constexpr std::string_view one_user = "/api/v1/users/{user_id}";
constexpr std::string_view keys = "/api/v1/users/{user_id}/keys";
constexpr std::string_view one_key = "/api/v1/users/{user_id}/keys/{key_id}";

/// For requests that need no body, but whose clients send `{}`.
constexpr std::size_t empty_object_limit = 1024;  // bytes

}  // namespace

native_api::native_api(api_context& api, metrics& seen, std::atomic<bool> const& draining,
                       std::size_t body_limit) {
    add("POST", interactions, to_write, std::make_unique<create_interaction>(api), body_limit);
    add("GET", interactions, to_read, std::make_unique<list_interactions>(api));
    add("GET", one_interaction, to_read, std::make_unique<get_interaction>(api));
    add("PATCH", one_interaction, to_write, std::make_unique<update_interaction>(api), body_limit);
    add("DELETE", one_interaction, to_write, std::make_unique<delete_interaction>(api));
    add("POST", messages, to_write, std::make_unique<create_message>(api), body_limit);
    add("GET", messages, to_read, std::make_unique<list_messages>(api));
    add("GET", one_message, to_read, std::make_unique<get_message>(api));
    add("GET", sibling, to_read, std::make_unique<get_sibling>(api));
    add("GET", events, to_read, std::make_unique<get_message_events>(api));
    add("POST", stop, to_write, std::make_unique<stop_message>(api), empty_object_limit);
    add("POST", regenerate, to_write, std::make_unique<regenerate_message>(api), body_limit);
    add("GET", "/api/v1/events", to_read, std::make_unique<get_events>(api));
    add("GET", "/api/v1/models", to_read, std::make_unique<list_models>(api));
    add("GET", "/api/v1/usage", to_read, std::make_unique<get_usage>(api));
    add("GET", "/api/v1/users/me", to_read, std::make_unique<get_me>(api));
    add("PATCH", "/api/v1/users/me", to_write, std::make_unique<update_me>(api), body_limit);
    add("GET", own_keys, to_read, std::make_unique<list_keys>(api, whose_keys::own));
    add("POST", own_keys, to_write, std::make_unique<create_key>(api, whose_keys::own), body_limit);
    add("DELETE", own_key, to_write, std::make_unique<delete_key>(api, whose_keys::own));
    add("GET", users, to_administer, std::make_unique<list_users>(api));
    add("POST", users, to_administer, std::make_unique<create_user>(api), body_limit);
    add("GET", one_user, to_administer, std::make_unique<get_user>(api));
    add("PATCH", one_user, to_administer, std::make_unique<update_user>(api), body_limit);
    add("DELETE", one_user, to_administer, std::make_unique<delete_user>(api));
    add("GET", keys, to_administer, std::make_unique<list_keys>(api, whose_keys::named));
    add("POST", keys, to_administer, std::make_unique<create_key>(api, whose_keys::named), body_limit);
    add("DELETE", one_key, to_administer, std::make_unique<delete_key>(api, whose_keys::named));
    open_to_all("GET", "/healthz", std::make_unique<get_health>());
    open_to_all("GET", "/readyz", std::make_unique<get_readiness>(api, draining));
    open_to_all("GET", "/metrics", std::make_unique<get_metrics>(seen));
}

void native_api::add(std::string_view method, std::string_view path_template, scopes const& needed,
                     std::unique_ptr<api_handler> target, std::size_t body_limit) {
    target->wants(needed);
    endpoints_.push_back({method, path_template, target.get(), body_limit});
    handlers_.push_back(std::move(target));
}

void native_api::open_to_all(std::string_view method, std::string_view path_template,
                             std::unique_ptr<handler> target) {
    endpoints_.push_back({method, path_template, target.get(), 0});
    handlers_.push_back(std::move(target));
}

}  // namespace parley::http
