#include "adapters/upstream/name_lookup.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace parley::upstream {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// Is told by a descriptor of the kernel's and not by its event loop, which may be going in that moment.
struct name_lookup::waiter {
    waiter() = default;
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;
    ~waiter() {
        if (told >= 0) ::close(told);
    }
    void tell() const {
        std::uint64_t const one = 1;
        static_cast<void>(::write(told, &one, sizeof one) == sizeof one);
    }

    int const told = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    error_code failed = asio::error::operation_aborted;  // guarded by the name's, as the next
    endpoints found;
};

class name_lookup::place_in_line {
public:
    place_in_line(name_lookup& name, std::shared_ptr<waiter> who) : name_(name), who_(std::move(who)) {
        std::scoped_lock const lock{name_.guard_};
        name_.waiting_.push_back(who_);
        if (std::exchange(name_.asking_, true)) return;
        asio::post(*name_.thread_, [&name] { name.ask_system(); });
    }
    ~place_in_line() {
        std::scoped_lock const lock{name_.guard_};
        std::erase(name_.waiting_, who_);
    }
    place_in_line(place_in_line const&) = delete;
    place_in_line& operator=(place_in_line const&) = delete;

private:
    name_lookup& name_;
    std::shared_ptr<waiter> who_;
};

name_lookup::name_lookup(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {
    error_code none;
    auto const address = asio::ip::make_address(host_, none);
    if (none) {
        thread_.emplace(1);
    } else {
        literal_.emplace(address, port_);
    }
}

name_lookup::~name_lookup() {
    if (!thread_) return;
    thread_->stop();
    thread_->join();
}

void name_lookup::ask_system() {
    tcp::resolver resolver{thread_->get_executor()};
    error_code failed;
    auto const results = resolver.resolve(host_, std::to_string(port_), failed);
    endpoints found;
    for (auto const& one : results) found.push_back(one.endpoint());
    if (!failed && found.empty()) failed = asio::error::host_not_found;
    answer(failed, found);
}

void name_lookup::answer(error_code failed, endpoints const& found) {
    std::scoped_lock const lock{guard_};
    asking_ = false;
    for (auto const& one : waiting_) {
        one->failed = failed;
        one->found = found;
        one->tell();
    }
    waiting_.clear();
}

task<std::expected<name_lookup::endpoints, error_code>> name_lookup::ask(asio::any_io_executor executor,
                                                                         std::shared_ptr<lifeline> life) {
    if (literal_) co_return endpoints{*literal_};
    if (life->ended() != lifeline::cause::none) co_return std::unexpected{asio::error::operation_aborted};
    auto const asked = std::make_shared<waiter>();
    auto const news = std::make_shared<asio::posix::stream_descriptor>(executor);
    error_code failed;
    news->assign(::dup(asked->told), failed);
    if (failed) co_return std::unexpected{failed};
    place_in_line const place{*this, asked};
    life->interrupt_by([news] {
        error_code ignored;
        news->cancel(ignored);
    });
    co_await news->async_wait(asio::posix::descriptor_base::wait_read, asio::as_tuple(asio::use_awaitable));
    life->interrupt_by(nullptr);
    std::scoped_lock const lock{guard_};
    if (asked->failed) co_return std::unexpected{asked->failed};
    co_return std::move(asked->found);
}

}  // namespace parley::upstream
