#include "app/standard_streams.hpp"

#include "app/cli.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace parley {

void hold_standard_streams() {
    std::signal(SIGPIPE, SIG_IGN);
    for (int const number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(number, F_GETFD) >= 0) continue;
        // The lowest free number is the one that is missing. What can only be read refuses to be written.
        static_cast<void>(::open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY));
    }
}

result<void> print_out(std::string_view text) {
    bool const taken = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (taken && std::fflush(stdout) == 0) return {};
    return fail(error_kind::unavailable, "output_lost",
                fmt::format("Standard output can not be written ({}).", std::strerror(errno)));
}

int end_with(std::string_view text, int code) {
    auto const told = print_out(text);
    if (told) return code;
    print_note(fmt::format("parley: {}\n", told.error().message));
    return exit_code::failed;
}

void print_note(std::string_view text) {
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr) == text.size());
}

}  // namespace parley
