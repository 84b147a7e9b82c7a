// The whole server, put together: the only place that names concrete adapters.
// Thread safety: one thread makes, starts and shuts it down. Ownership: everything the server consists of.
#pragma once

#include "common/config.hpp"
#include "common/error.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace parley {

/// How far one model has come.
struct model_progress {
    std::string name;
    double share = 0;  // 0–1
    bool settled = false;
    std::string problem;  // why it failed; empty otherwise
};

/// What for: to serve, or for one command of an administrator, beside which nothing goes on in the
/// background.
enum class application_role { serve, administer };

class application {
public:
    /// Opens the store, cleans up after an earlier crash, begins to load the models and listens.
    /// Errors: a sentence that says what to do.
    [[nodiscard]] static result<std::unique_ptr<application>> start(
        config const& settings, application_role role = application_role::serve);

    ~application();
    application(application const&) = delete;
    application& operator=(application const&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::vector<model_progress> models() const;

    /// Deletes what deleted users have left, to the end. For commands: no server may come after them.
    void finish_deletions();

    /// Readiness fails, running replies finish within the grace period or are kept as interrupted, readers
    /// get their last event, the store is closed. False when a reply could not be ended.
    [[nodiscard]] bool shut_down();

private:
    struct parts;
    explicit application(std::unique_ptr<parts> owned);
    std::unique_ptr<parts> parts_;
};

}  // namespace parley
