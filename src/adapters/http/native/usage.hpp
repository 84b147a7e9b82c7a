// GET /api/v1/usage: tokens and their cost by day and model.
#pragma once

#include "adapters/http/native/api_handler.hpp"

namespace parley::http {

class get_usage final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

}  // namespace parley::http
