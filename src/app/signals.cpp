#include "app/signals.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <thread>

namespace parley {
namespace {

/// nohup ignores it, and a process keeps what it was started with.
bool minds_hangup() {
    struct sigaction current{};
    return sigaction(SIGHUP, nullptr, &current) == 0 && current.sa_handler != SIG_IGN;
}

sigset_t impatient_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

sigset_t ending_signals() {
    auto set = impatient_signals();
    if (minds_hangup()) sigaddset(&set, SIGHUP);
    return set;
}

int wait_for(sigset_t const& set, std::chrono::milliseconds longest) {
    timespec const wait{.tv_sec = longest.count() / 1000, .tv_nsec = (longest.count() % 1000) * 1'000'000};
    auto const got = sigtimedwait(&set, nullptr, &wait);
    return got > 0 ? got : 0;
}

int wait_for(sigset_t const& set) {
    using namespace std::chrono_literals;
    while (true) {
        if (auto const got = wait_for(set, 1h); got != 0) return got;
    }
}

}  // namespace

void hold_signals() {
    auto const set = ending_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int next_signal(std::chrono::milliseconds longest) { return wait_for(ending_signals(), longest); }

int next_signal() { return wait_for(ending_signals()); }

void leave_at_next_signal() {
    std::thread{[] { _exit(128 + wait_for(impatient_signals())); }}.detach();
}

}  // namespace parley
