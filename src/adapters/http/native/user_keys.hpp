// Handlers of a user's API keys, one's own (/api/v1/users/me/keys) and, for administrators, anybody's
// (/api/v1/users/{user_id}/keys).
#pragma once

#include "adapters/http/native/api_handler.hpp"

namespace parley::http {

/// Whose keys: one's own, or those of the user in the path.
enum class whose_keys { own, named };

class list_keys final : public api_handler {
public:
    list_keys(api_context& api, whose_keys whose) : api_handler(api), whose_(whose) {}

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
    whose_keys whose_;
};

class create_key final : public api_handler {
public:
    create_key(api_context& api, whose_keys whose) : api_handler(api), whose_(whose) {}

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
    whose_keys whose_;
};

class delete_key final : public api_handler {
public:
    delete_key(api_context& api, whose_keys whose) : api_handler(api), whose_(whose) {}

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
    whose_keys whose_;
};

}  // namespace parley::http
