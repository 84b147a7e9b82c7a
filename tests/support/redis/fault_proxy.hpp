// A TCP proxy that does to a connection what networks do: nothing, delay, silence, cuts. On a thread of its
// own.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <thread>

namespace parley::test {

class fault_proxy {
public:
    explicit fault_proxy(std::uint16_t target);
    ~fault_proxy();
    fault_proxy(fault_proxy const&) = delete;
    fault_proxy& operator=(fault_proxy const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// How long everything that comes from the server waits.
    void delay(std::chrono::milliseconds time) { delay_ = time; }
    /// While true nothing is passed on in either direction; connections are accepted.
    void black_hole(bool on) { black_hole_ = on; }
    /// Bytes go to the client one by one.
    void one_by_one(bool on) { one_by_one_ = on; }
    /// After so many more bytes from the server the connection is reset; once.
    void cut_after(std::int64_t bytes) { left_ = bytes; }
    /// Resets all connections there are.
    void cut_all();

    [[nodiscard]] int accepted() const { return accepted_; }

private:
    using tcp = boost::asio::ip::tcp;
    struct pair;

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(std::shared_ptr<pair> both);
    boost::asio::awaitable<void> pump(std::shared_ptr<pair> both, bool to_client);

    std::uint16_t const target_;
    std::atomic<std::chrono::milliseconds> delay_{std::chrono::milliseconds{0}};
    std::atomic<bool> black_hole_ = false;
    std::atomic<bool> one_by_one_ = false;
    std::atomic<std::int64_t> left_ = -1;  // -1: no cut
    std::atomic<int> accepted_ = 0;
    boost::asio::io_context loop_{1};
    tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
    std::list<std::weak_ptr<pair>> pairs_;
    std::thread thread_;
};

}  // namespace parley::test
