// A server to administer: one that runs, or one of this process alone, on a free port of the loopback and for
// as long as the command takes. So there is one way to do it, the API.
#pragma once

#include "adapters/client/http_client.hpp"
#include "app/admin/admin_command.hpp"
#include "app/application.hpp"
#include "common/config.hpp"
#include "common/error.hpp"

#include <memory>

namespace parley {

class admin_server {
public:
    /// The server at the URL, if one is given; otherwise the store of the configuration, and where another
    /// process has that for itself, the configuration's server. Errors: a sentence for the operator.
    [[nodiscard]] static result<admin_server> reach(config const& settings, std::string const& url,
                                                    std::string const& api_key);

    ~admin_server();
    admin_server(admin_server&& other) noexcept = default;
    admin_server& operator=(admin_server&&) = delete;
    admin_server(admin_server const&) = delete;
    admin_server& operator=(admin_server const&) = delete;

    [[nodiscard]] client::http_client const& http() const { return http_; }

private:
    admin_server(std::unique_ptr<application> own, client::server_address where)
        : own_(std::move(own)),
          http_(std::move(where)) {}

    std::unique_ptr<application> own_;  // null: another process runs
    client::http_client http_;
};

}  // namespace parley
