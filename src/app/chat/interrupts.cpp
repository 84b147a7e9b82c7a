#include "app/chat/interrupts.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace parley {
namespace {

sigset_t only_sigint() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    return set;
}

}  // namespace

interrupts::interrupts() {
    auto const set = only_sigint();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    descriptor_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (descriptor_ < 0) throw std::system_error{errno, std::generic_category(), "signalfd"};
}

interrupts::~interrupts() {
    auto const set = only_sigint();
    ::close(descriptor_);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool interrupts::drain() {
    signalfd_siginfo one{};
    bool any = false;
    while (::read(descriptor_, &one, sizeof one) == static_cast<ssize_t>(sizeof one)) any = true;
    return any;
}

task<void> interrupts::wait() {
    // A descriptor of its own for each wait: the event loop it belongs to lives no longer than one call.
    boost::asio::posix::stream_descriptor watched{co_await boost::asio::this_coro::executor,
                                                  ::dup(descriptor_)};
    while (!drain())
        co_await watched.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                                    boost::asio::use_awaitable);
}

}  // namespace parley
