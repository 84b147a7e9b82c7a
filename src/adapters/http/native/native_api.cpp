#include "adapters/http/native/native_api.hpp"

#include "adapters/http/native/interactions.hpp"
#include "adapters/http/native/messages.hpp"
#include "adapters/http/native/models.hpp"
#include "adapters/http/native/operations.hpp"
#include "adapters/http/native/reply_control.hpp"
#include "adapters/http/native/usage.hpp"
#include "adapters/http/native/user_events.hpp"
#include "adapters/http/native/users.hpp"

#include <utility>

namespace parley::http {
namespace {

constexpr std::string_view interactions = "/api/v1/interactions";
constexpr std::string_view one_interaction = "/api/v1/interactions/{interaction_id}";
constexpr std::string_view messages = "/api/v1/interactions/{interaction_id}/messages";
constexpr std::string_view one_message = "/api/v1/interactions/{interaction_id}/messages/{message_id}";
constexpr std::string_view events = "/api/v1/interactions/{interaction_id}/messages/{message_id}/events";
constexpr std::string_view stop = "/api/v1/interactions/{interaction_id}/messages/{message_id}/stop";
constexpr std::string_view regenerate =
    "/api/v1/interactions/{interaction_id}/messages/{message_id}/regenerate";

/// For requests that need no body, but whose clients send `{}`.
constexpr std::size_t empty_object_limit = 1024;  // bytes

}  // namespace

native_api::native_api(api_context& api, metrics& seen, std::atomic<bool> const& draining,
                       std::size_t body_limit) {
    add("POST", interactions, std::make_unique<create_interaction>(api), body_limit);
    add("GET", interactions, std::make_unique<list_interactions>(api));
    add("GET", one_interaction, std::make_unique<get_interaction>(api));
    add("PATCH", one_interaction, std::make_unique<update_interaction>(api), body_limit);
    add("DELETE", one_interaction, std::make_unique<delete_interaction>(api));
    add("POST", messages, std::make_unique<create_message>(api), body_limit);
    add("GET", messages, std::make_unique<list_messages>(api));
    add("GET", one_message, std::make_unique<get_message>(api));
    add("GET", events, std::make_unique<get_message_events>(api));
    add("POST", stop, std::make_unique<stop_message>(api), empty_object_limit);
    add("POST", regenerate, std::make_unique<regenerate_message>(api), body_limit);
    add("GET", "/api/v1/events", std::make_unique<get_events>(api));
    add("GET", "/api/v1/models", std::make_unique<list_models>(api));
    add("GET", "/api/v1/usage", std::make_unique<get_usage>(api));
    add("GET", "/api/v1/users/me", std::make_unique<get_me>(api));
    add("PATCH", "/api/v1/users/me", std::make_unique<update_me>(api), body_limit);
    add("GET", "/healthz", std::make_unique<get_health>());
    add("GET", "/readyz", std::make_unique<get_readiness>(api, draining));
    add("GET", "/metrics", std::make_unique<get_metrics>(seen));
}

void native_api::add(std::string_view method, std::string_view path_template, std::unique_ptr<handler> target,
                     std::size_t body_limit) {
    endpoints_.push_back({method, path_template, target.get(), body_limit});
    handlers_.push_back(std::move(target));
}

}  // namespace parley::http
