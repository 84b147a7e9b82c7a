// Connections to one upstream that wait for their next request. A socket belongs to the event loop on which
// it was made, so each loop has a shelf of its own; together they keep to the limit.
//
// Thread safety: every function from any thread; take() and what a lease does, on the loop of the executor.
// Ownership: shared with the leases; what waits on a shelf goes when the pool or the loop goes.
#pragma once

#include "adapters/upstream/connection.hpp"
#include "services/metrics.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace parley::upstream {

class connection_pool : public std::enable_shared_from_this<connection_pool> {
public:
    struct limits {
        std::size_t connections = 0;             // in use and waiting together
        std::chrono::milliseconds idle_for{30};  // a connection that waited longer is closed
    };

    /// A place among the connections. Destroying it closes what is in it, unless it was given back.
    class lease {
    public:
        lease(std::shared_ptr<connection_pool> owner, boost::asio::any_io_executor executor,
              std::unique_ptr<connection> kept);
        ~lease();
        lease(lease const&) = delete;
        lease& operator=(lease const&) = delete;

        /// Null until one was put in.
        [[nodiscard]] connection* get() const { return line_.get(); }
        void put(std::unique_ptr<connection> fresh) { line_ = std::move(fresh); }
        /// It waits for the next request from now on.
        void give_back();

    private:
        std::shared_ptr<connection_pool> const owner_;
        boost::asio::any_io_executor const executor_;
        std::unique_ptr<connection> line_;
    };

    /// `statistics` must outlive the pool.
    connection_pool(std::string upstream, limits bounds, metrics& statistics);
    ~connection_pool();
    connection_pool(connection_pool const&) = delete;
    connection_pool& operator=(connection_pool const&) = delete;

    /// A place, with a waiting connection in it if there is one on this loop and `kept` asks for it; null
    /// when all places are taken.
    [[nodiscard]] std::unique_ptr<lease> take(boost::asio::any_io_executor const& executor, bool kept);

    /// Closes what waits, on all loops.
    void close_idle();

    [[nodiscard]] std::size_t limit() const { return bounds_.connections; }

private:
    class shelf;
    class shelves_of_loop;

    [[nodiscard]] std::shared_ptr<shelf> shelf_on(boost::asio::any_io_executor const& executor);
    void evict_one();
    void forget(shelf const& gone);
    void tell();

    std::string const upstream_;
    limits const bounds_;
    metrics& statistics_;
    std::uint64_t const id_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<shelf>> shelves_;  // guarded by mutex_, as the next two
    std::size_t in_use_ = 0;
    std::size_t idle_ = 0;
};

}  // namespace parley::upstream
