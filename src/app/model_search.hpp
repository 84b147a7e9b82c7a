// Asks other servers again and again which models they have, and offers these. Has an event loop of its own,
// on a thread of its own.
// Thread safety: made and destroyed by one thread. Ownership: borrows all it is given.
#pragma once

#include "adapters/upstream/upstream_client.hpp"
#include "app/model_factory.hpp"
#include "common/task.hpp"
#include "modules/models/discovery.hpp"
#include "services/metrics.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <thread>
#include <vector>

namespace parley {

class model_search {
public:
    /// Of the upstreams those whose configuration wants it.
    model_search(upstream_list const& upstreams, model_catalog& catalog, metrics& seen);
    ~model_search() { stop(); }
    model_search(model_search const&) = delete;
    model_search& operator=(model_search const&) = delete;

    /// Ends its thread; requests that are under way are cut off.
    void stop();

private:
    struct search {
        std::shared_ptr<upstream::upstream> server;
        model_discovery found;
    };

    task<void> repeat(search& one);

    std::vector<std::unique_ptr<search>> searches_;
    boost::asio::io_context loop_{1};
    std::thread thread_;
};

}  // namespace parley
