// One configured server that runs models: where it is, what is sent with every request, and the connections
// to it.
//
// Thread safety: every function from any thread. Ownership: shared by the models that use it and their
// generations.
#pragma once

#include "adapters/upstream/connection_pool.hpp"
#include "adapters/upstream/dial.hpp"
#include "adapters/upstream/failures.hpp"
#include "adapters/upstream/proxy.hpp"
#include "common/config.hpp"
#include "common/error.hpp"
#include "common/task.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::upstream {

class upstream : public std::enable_shared_from_this<upstream> {
public:
    using header = std::pair<std::string, std::string>;

    /// What make_upstream() has found good.
    struct parts {
        upstream_config settings;
        route_to way;
        std::vector<header> headers;
        std::vector<std::string> secrets;
    };

    upstream(parts checked, metrics& statistics);
    upstream(upstream const&) = delete;
    upstream& operator=(upstream const&) = delete;
    ~upstream() = default;

    /// The names of the models that the server offers, in its order. The caller runs on `executor`. Errors:
    /// those of a generation (upstream_unreachable …).
    [[nodiscard]] task<result<std::vector<std::string>>> list_models(boost::asio::any_io_executor executor);

    /// Closes the connections that wait for a request, which otherwise happens when one is needed after
    /// idle_timeout.
    void close_idle() { pool_->close_idle(); }

    [[nodiscard]] std::string const& name() const { return settings_.name; }
    [[nodiscard]] upstream_config const& settings() const { return settings_; }
    [[nodiscard]] route_to const& way() const { return way_; }
    [[nodiscard]] failures const& words() const { return words_; }
    [[nodiscard]] connection_pool& pool() const { return *pool_; }
    [[nodiscard]] metrics& statistics() const { return statistics_; }

    /// The bytes of a request; `path` comes behind base_url, a body makes it a POST.
    [[nodiscard]] std::string write_request(std::string_view path, std::string body,
                                            trace_context const& trace) const;

private:
    upstream_config const settings_;
    route_to const way_;
    std::vector<header> const headers_;  // the key and what is configured
    failures const words_;
    metrics& statistics_;
    std::shared_ptr<connection_pool> const pool_;
};

/// Nothing is connected yet. `statistics` must outlive what is made. Errors: invalid
/// (upstream_config_invalid; param base_url, ca_file, proxy, headers, api_key_variable or dialect), with a
/// sentence for people that shows no key.
[[nodiscard]] result<std::shared_ptr<upstream>> make_upstream(upstream_config const& settings,
                                                              proxy_environment const& environment,
                                                              metrics& statistics);

}  // namespace parley::upstream
