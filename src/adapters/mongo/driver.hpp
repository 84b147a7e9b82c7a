// libmongoc set up for Parley: the URI checked and completed, a pool of clients, its log turned to ours.
//
// Thread safety: open() any time; borrow() from any thread. Ownership: clients belong to the pool.
#pragma once

#include "adapters/mongo/session.hpp"
#include "common/config.hpp"

#include <functional>
#include <memory>

namespace parley::mongo {

/// How long the driver waits, so that a store that does not answer is known within the deadline of a call.
struct driver_limits {
    std::chrono::milliseconds select{1'500};   // for a server that can do it, and to connect
    std::chrono::milliseconds answer{3'000};   // for the next bytes of an answer
    std::chrono::milliseconds written{4'000};  // for a majority to have a write on disk
};

/// Sees every command that is sent, as JSON; for tests.
using command_observer = std::function<void(std::string_view command)>;

class driver {
public:
    /// Does not connect yet. Errors, with a sentence for the operator: invalid (store_uri_invalid).
    [[nodiscard]] static result<std::unique_ptr<driver>> open(store_config const& settings,
                                                              driver_limits const& limits,
                                                              command_observer observe);

    [[nodiscard]] session borrow() { return session{pool_.get(), database_, limits_.written}; }
    [[nodiscard]] std::string const& database() const { return database_; }
    /// The hosts, without user and password, for messages.
    [[nodiscard]] std::string const& hosts() const { return hosts_; }

private:
    driver() = default;
    struct destroy_pool {
        void operator()(mongoc_client_pool_t* one) const { mongoc_client_pool_destroy(one); }
    };

    std::string database_;
    std::string hosts_;
    driver_limits limits_;
    command_observer observe_;
    std::unique_ptr<mongoc_client_pool_t, destroy_pool> pool_;
};

}  // namespace parley::mongo
