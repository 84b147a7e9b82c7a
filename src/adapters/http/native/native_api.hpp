// All handlers of the native API and the operators' routes, as endpoints for the route table.
// Owns its handlers; the table that is built from endpoints() must not outlive it.
#pragma once

#include "adapters/http/native/api_handler.hpp"
#include "adapters/http/server/route_table.hpp"
#include "services/metrics.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace parley::http {

class native_api {
public:
    /// `body_limit`: bytes of a request body. `draining`: see get_readiness.
    native_api(api_context& api, metrics& seen, std::atomic<bool> const& draining, std::size_t body_limit);

    [[nodiscard]] std::vector<endpoint> const& endpoints() const { return endpoints_; }

private:
    void add(std::string_view method, std::string_view path_template, scopes const& needed,
             std::unique_ptr<api_handler> target, std::size_t body_limit = 0);
    void open_to_all(std::string_view method, std::string_view path_template,
                     std::unique_ptr<handler> target);

    std::vector<std::unique_ptr<handler>> handlers_;
    std::vector<endpoint> endpoints_;
};

}  // namespace parley::http
