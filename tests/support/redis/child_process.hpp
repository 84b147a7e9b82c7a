// A program that a test starts and ends: only ever this child, by its own id. It also ends with the test.
#pragma once

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace parley::test {

class child_process {
public:
    /// What it prints goes to the end of `output`.
    child_process(std::vector<std::string> command, std::filesystem::path const& output) {
        std::vector<char*> words;
        for (auto& word : command) words.push_back(word.data());
        words.push_back(nullptr);
        id_ = ::fork();
        if (id_ < 0) throw std::runtime_error("fork failed");
        if (id_ > 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        int const log = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        ::execvp(words[0], words.data());
        ::_exit(127);
    }
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;
    ~child_process() { end(SIGKILL); }

    void send(int number) const {
        if (id_ > 0) ::kill(id_, number);
    }
    /// Sends the signal and waits for the end.
    void end(int number) {
        if (id_ <= 0) return;
        ::kill(id_, number);
        ::kill(id_, SIGCONT);
        ::waitpid(std::exchange(id_, -1), nullptr, 0);
    }
    /// Whether it has ended by itself.
    [[nodiscard]] bool has_ended() {
        if (id_ > 0 && ::waitpid(id_, nullptr, WNOHANG) == id_) id_ = -1;
        return id_ <= 0;
    }

private:
    pid_t id_ = -1;
};

}  // namespace parley::test
