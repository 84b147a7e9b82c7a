// Handlers that act on a reply while it is written, or after: …/{message_id}/events, …/stop and
// …/regenerate.
#pragma once

#include "adapters/http/native/api_handler.hpp"

namespace parley::http {

class get_message_events final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class stop_message final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class regenerate_message final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

}  // namespace parley::http
