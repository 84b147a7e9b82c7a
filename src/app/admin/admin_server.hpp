// A server to administer: one that runs, or one of this process alone, on a free port of the loopback and for
// as long as the command takes. So there is one way to do it, the API.
#pragma once

#include "adapters/client/http_client.hpp"
#include "app/admin/admin_command.hpp"
#include "app/application.hpp"
#include "common/config.hpp"
#include "common/error.hpp"

#include <filesystem>
#include <memory>
#include <utility>

namespace parley {

class admin_server {
public:
    /// The server at the URL, if one is given; otherwise the store of the configuration, which is made for
    /// users_create alone, and where another process has that for itself, that process at the address it
    /// told. Errors: a sentence for the operator.
    [[nodiscard]] static result<admin_server> reach(config const& settings, admin_command const& wanted);

    ~admin_server();
    admin_server(admin_server&& other) noexcept = default;
    admin_server& operator=(admin_server&&) = delete;
    admin_server(admin_server const&) = delete;
    admin_server& operator=(admin_server const&) = delete;

    [[nodiscard]] client::http_client const& http() const { return http_; }

    /// What went wrong with a call, as the operator of this command can mend it.
    [[nodiscard]] error explain(error why) const;

private:
    admin_server(std::unique_ptr<application> own, bool deletes, client::server_address where,
                 std::filesystem::path folder)
        : own_(std::move(own)),
          deletes_(deletes),
          folder_(std::move(folder)),
          shows_key_(!where.api_key.empty()),
          http_(std::move(where)) {}

    std::unique_ptr<application> own_;  // null: another process runs
    bool deletes_ = false;              // a user: what they leave is to be gone when the command is over
    std::filesystem::path folder_;  // which the server has that told its address there; empty: another way
    bool shows_key_;
    client::http_client http_;
};

}  // namespace parley
