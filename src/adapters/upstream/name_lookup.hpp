// The addresses of one server's name. Each has a thread of its own for that: the system's resolver can not be
// called off, and a name whose servers are silent must not hold up the others. One question at a time is
// under way, and its answer is for all who wait.
//
// Thread safety: from any event loop. Ownership: the event loops may go before it; its end waits for a
// question under way.
#pragma once

#include "adapters/upstream/lifeline.hpp"
#include "common/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace parley::upstream {

class name_lookup {
public:
    using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

    /// `host`: a name, or an address, for which nobody is asked.
    name_lookup(std::string host, std::uint16_t port);
    name_lookup(name_lookup const&) = delete;
    name_lookup& operator=(name_lookup const&) = delete;
    ~name_lookup();

    /// Never empty; operation_aborted when `life` has ended. Runs on `executor`.
    [[nodiscard]] task<std::expected<endpoints, boost::system::error_code>> ask(
        boost::asio::any_io_executor executor, std::shared_ptr<lifeline> life);

private:
    struct waiter;
    class place_in_line;

    void ask_system();
    void answer(boost::system::error_code failed, endpoints const& found);

    std::string const host_;
    std::uint16_t const port_;
    std::optional<boost::asio::ip::tcp::endpoint> literal_;
    std::mutex guard_;
    std::vector<std::shared_ptr<waiter>> waiting_;  // guarded, as below
    bool asking_ = false;
    std::optional<boost::asio::thread_pool> thread_;  // for a name; goes first
};

}  // namespace parley::upstream
