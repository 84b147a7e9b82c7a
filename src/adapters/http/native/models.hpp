// Handler of /api/v1/models.
#pragma once

#include "adapters/http/native/api_handler.hpp"

#include <string_view>

namespace parley::http {

[[nodiscard]] std::string_view to_text(model_state state);

class list_models final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

}  // namespace parley::http
