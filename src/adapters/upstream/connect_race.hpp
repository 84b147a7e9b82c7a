// Of several addresses of one server the one that answers first: they are tried one after another, a quarter
// of a second apart or as soon as one has refused (RFC 8305 §5), so that a dead one costs no more than that.
// Thread safety: one event loop.
#pragma once

#include "adapters/upstream/lifeline.hpp"
#include "common/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <expected>
#include <memory>
#include <vector>

namespace parley::upstream {

/// A connected socket, or why the last one failed; operation_aborted when `life` has ended.
[[nodiscard]] task<std::expected<boost::asio::ip::tcp::socket, boost::system::error_code>> connect_to_one_of(
    boost::asio::any_io_executor executor, std::vector<boost::asio::ip::tcp::endpoint> addresses,
    std::shared_ptr<lifeline> life);

}  // namespace parley::upstream
