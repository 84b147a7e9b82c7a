#include "app/step_progress.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr int bar_width = 30;
constexpr auto redraw_every = 100ms;

}  // namespace

step_progress::step_progress() : terminal_(isatty(STDERR_FILENO) == 1) {}

void step_progress::show(std::string_view step, double share, std::string_view figures) {
    auto const bounded = std::clamp(share, 0.0, 1.0);
    bool const fresh = step != step_;
    if (fresh) {
        step_ = step;
        tenth_ = -1;
    }
    if (terminal_) {
        auto const now = std::chrono::steady_clock::now();
        if (!fresh && bounded < 1.0 && now - drawn_ < redraw_every) return;
        drawn_ = now;
        draw(step, bounded, figures);
        return;
    }
    auto const tenth = static_cast<int>(bounded * 10);
    if (tenth <= tenth_) return;
    tenth_ = tenth;
    fmt::print(stderr, "{}: {} %{}{}\n", step, tenth * 10, figures.empty() ? "" : ", ", figures);
    std::fflush(stderr);
}

void step_progress::draw(std::string_view step, double share, std::string_view figures) {
    auto const filled = static_cast<int>(share * bar_width);
    auto const text =
        fmt::format("{:<10} [{}{}] {:3.0f} %  {}", step, std::string(static_cast<std::size_t>(filled), '#'),
                    std::string(static_cast<std::size_t>(bar_width - filled), ' '), share * 100, figures);
    auto const padding = std::max(width_, text.size()) - text.size();
    fmt::print(stderr, "\r{}{}", text, std::string(padding, ' '));
    std::fflush(stderr);
    width_ = text.size();
}

void step_progress::clear() {
    if (width_ == 0) return;
    fmt::print(stderr, "\r{}\r", std::string(width_, ' '));
    std::fflush(stderr);
    width_ = 0;
}

}  // namespace parley
