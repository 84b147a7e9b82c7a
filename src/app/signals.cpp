#include "app/signals.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <thread>

namespace parley {
namespace {

sigset_t ending_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

void hold_signals() {
    auto const set = ending_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int next_signal(std::chrono::milliseconds longest) {
    auto const set = ending_signals();
    timespec const wait{.tv_sec = longest.count() / 1000, .tv_nsec = (longest.count() % 1000) * 1'000'000};
    auto const got = sigtimedwait(&set, nullptr, &wait);
    return got > 0 ? got : 0;
}

int next_signal() {
    using namespace std::chrono_literals;
    while (true) {
        if (auto const got = next_signal(1h); got != 0) return got;
    }
}

void leave_at_next_signal() {
    std::thread{[] { _exit(128 + next_signal()); }}.detach();
}

}  // namespace parley
