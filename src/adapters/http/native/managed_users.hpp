// Handlers of /api/v1/users and /api/v1/users/{user_id}: for administrators.
#pragma once

#include "adapters/http/native/api_handler.hpp"

namespace parley::http {

/// The path's user. Errors: user_not_found for anything that is no id.
[[nodiscard]] result<user_id> user_of(request const& call);

class list_users final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class create_user final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class get_user final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class update_user final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

class delete_user final : public api_handler {
public:
    using api_handler::api_handler;

private:
    [[nodiscard]] task<result<response>> answer(request& call) override;
};

}  // namespace parley::http
