#include "adapters/http/server/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace parley::http {
namespace {

using boost::system::error_code;

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

std::size_t total_size(byte_stream::pieces const& data) {
    return data[0].size() + data[1].size() + data[2].size();
}

std::array<boost::asio::const_buffer, 3> as_buffers(byte_stream::pieces const& data, std::size_t skip) {
    std::array<boost::asio::const_buffer, 3> buffers;
    for (std::size_t i = 0; i < data.size(); ++i) {
        auto const here = std::min(skip, data[i].size());
        buffers[i] = boost::asio::buffer(data[i].data() + here, data[i].size() - here);
        skip -= here;
    }
    return buffers;
}

bool is_would_block(error_code const& failed) {
    return failed == boost::asio::error::would_block || failed == boost::asio::error::try_again;
}

}  // namespace

connection::connection(tcp_socket socket, std::chrono::milliseconds write_timeout)
    : socket_(std::move(socket)),
      write_timeout_(write_timeout) {
    error_code ignored;  // a client that has gone already shows at the first read
    socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
}

task<std::size_t> connection::read_some(std::span<char> into) {
    auto const [failed, count] =
        co_await socket_.async_read_some(boost::asio::buffer(into.data(), into.size()), as_result);
    if (failed && failed != boost::asio::error::eof && failed != boost::asio::error::operation_aborted)
        broken_ = true;
    co_return count;
}

task<bool> connection::write(pieces data) {
    // Nearly always the kernel takes all of it at once; the event loop is only asked when it does not.
    error_code failed;
    auto const done = socket_.write_some(as_buffers(data, 0), failed);
    if (failed && !is_would_block(failed)) {
        broken_ = true;
        co_return false;
    }
    deadline_ = never;
    if (done == total_size(data)) co_return true;
    co_return co_await write_rest(data, done);
}

task<bool> connection::write_rest(pieces data, std::size_t done) {
    for (auto const total = total_size(data); done < total;) {
        expire_at(clock::now() + write_timeout_);
        auto const [failed, count] = co_await socket_.async_write_some(as_buffers(data, done), as_result);
        if (failed) co_return false;
        done += count;
    }
    deadline_ = never;
    co_return true;
}

std::size_t connection::write_now(std::string_view data) {
    error_code failed;
    auto const count = socket_.write_some(boost::asio::buffer(data.data(), data.size()), failed);
    if (failed && !is_would_block(failed)) broken_ = true;
    return count;
}

task<void> connection::wait_until_broken() {
    if (broken_) co_return;
    co_await socket_.async_wait(tcp_socket::wait_error, as_result);
}

void connection::end_sending() {
    error_code ignored;
    socket_.shutdown(tcp_socket::shutdown_send, ignored);
}

boost::asio::ip::address connection::peer() const {
    error_code gone;
    auto const end = socket_.remote_endpoint(gone);
    return gone ? boost::asio::ip::address{} : end.address();
}

void connection::expire_at(clock::time_point when) {
    deadline_ = when;
    expired_ = false;
}

void connection::sweep(clock::time_point now) {
    if (now < deadline_) return;
    deadline_ = never;
    expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void connection::drain() {
    signals.draining = true;
    if (signals.wake_on_drain) signals.wake_on_drain->notify();
    error_code ignored;
    if (signals.idle) socket_.cancel(ignored);
}

void connection::close() {
    signals.draining = true;
    broken_ = true;
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace parley::http
