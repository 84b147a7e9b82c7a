// Handlers of /api/v1/interactions/{interaction_id}/messages and of one message.
#pragma once

#include "adapters/http/native/api_handler.hpp"

namespace parley::http {

class create_message final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class list_messages final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class get_message final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class get_sibling final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

}  // namespace parley::http
