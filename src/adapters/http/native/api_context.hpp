// What the native API's handlers work with. The wiring owns all of it and outlives the handlers.
#pragma once

#include "modules/identity/authenticator.hpp"
#include "modules/limits/usage_guard.hpp"
#include "modules/models/model_catalog.hpp"
#include "modules/requests/request_keys.hpp"
#include "modules/turn/turn_service.hpp"
#include "services/cache.hpp"
#include "services/clock.hpp"
#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"
#include "services/reply_feed.hpp"
#include "services/usage_store.hpp"
#include "services/user_feed.hpp"

#include <chrono>
#include <string>

namespace parley::http {

struct api_context {
    conversation_store& conversations;
    identity_store& identities;
    usage_store& usage;
    turn_service& turns;
    request_keys& requests;
    model_catalog const& models;
    reply_feed& feed;
    user_feed& news;
    clock const& time;
    authenticator const& identity;
    usage_guard& limits;
    user_id local_user;
    std::chrono::milliseconds keep_alive_interval{};  // between comments of an idle event stream
    cache const& kept;                                // for readiness
    std::string currency;                             // of prices and costs
};

}  // namespace parley::http
