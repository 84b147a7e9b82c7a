#include "app/chat/terminal.hpp"

#include "common/visible_text.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace parley {
namespace {

constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view plain = "\x1b[0m";

bool wants_colours() {
    auto const* const no_color = std::getenv("NO_COLOR");
    auto const* const terminal_type = std::getenv("TERM");
    return isatty(STDERR_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') &&
           terminal_type != nullptr && std::string_view{terminal_type} != "dumb";
}

}  // namespace

terminal::terminal(interrupts& breaks)
    : breaks_{breaks},
      interactive_{isatty(STDIN_FILENO) == 1},
      colours_{wants_colours()} {}

terminal_input terminal::read_message() {
    std::string text;
    auto input = read_line("> ");
    while (input.what == terminal_input::kind::line && input.text.ends_with('\\')) {
        input.text.back() = '\n';
        text += input.text;
        input = read_line("… ");
    }
    if (input.what == terminal_input::kind::interrupted) return input;
    text += input.text;
    // What stood before the end of the input is a message; the end itself is read again.
    if (input.what == terminal_input::kind::end && text.empty()) return input;
    return {terminal_input::kind::line, std::move(text)};
}

terminal_input terminal::read_line(std::string_view prompt) {
    breaks_.drain();
    if (interactive_) say(bold, prompt);
    std::array<char, 4096> piece{};
    while (true) {
        if (auto const end = unread_.find('\n'); end != std::string_view::npos) {
            auto line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return {terminal_input::kind::line, std::move(line)};
        }
        if (ended_) return {terminal_input::kind::end, std::exchange(unread_, {})};
        std::array<pollfd, 2> watched{pollfd{STDIN_FILENO, POLLIN, 0},
                                      pollfd{breaks_.descriptor(), POLLIN, 0}};
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) ended_ = true;
        if (watched[1].revents != 0 && breaks_.drain()) return {terminal_input::kind::interrupted};
        if (watched[0].revents == 0) continue;
        auto const count = ::read(STDIN_FILENO, piece.data(), piece.size());
        if (count > 0) unread_.append(piece.data(), static_cast<std::size_t>(count));
        ended_ = count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
    }
}

void terminal::reply(std::string_view piece) {
    auto const text = visible_text(piece);
    if (text.empty()) return;
    write(text);
    line_open_ = text.back() != '\n';
}

void terminal::end_reply() {
    if (line_open_) write("\n");
    line_open_ = false;
}

/// fmt::print would throw where nothing can be written.
void terminal::write(std::string_view text) {
    bool const written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    output_failed_ = std::fflush(stdout) != 0 || !written || output_failed_;
}

void terminal::note(std::string_view sentence) { say(dim, fmt::format("{}\n", visible_text(sentence))); }

void terminal::problem(std::string_view sentence) {
    say(red, fmt::format("parley: {}\n", visible_text(sentence)));
}

void terminal::earlier(std::string_view role, std::string_view text) {
    auto const shown = visible_text(text);
    if (role == "user") {
        say(dim, fmt::format("> {}\n", shown));
    } else {
        say(dim, fmt::format("{}\n", shown));
    }
}

void terminal::say(std::string_view colour, std::string_view text) {
    if (colours_) {
        fmt::print(stderr, "{}{}{}", colour, text, plain);
    } else {
        fmt::print(stderr, "{}", text);
    }
}

}  // namespace parley
