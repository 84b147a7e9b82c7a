// Handlers of /api/v1/users/me.
#pragma once

#include "adapters/http/native/api_handler.hpp"

namespace parley::http {

class get_me final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class update_me final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

}  // namespace parley::http
