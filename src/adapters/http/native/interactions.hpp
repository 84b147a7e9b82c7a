// Handlers of /api/v1/interactions and /api/v1/interactions/{interaction_id}.
#pragma once

#include "adapters/http/native/api_handler.hpp"

namespace parley::http {

class create_interaction final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class list_interactions final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class get_interaction final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class update_interaction final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class delete_interaction final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

}  // namespace parley::http
