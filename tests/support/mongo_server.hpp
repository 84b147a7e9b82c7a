// A server of MongoDB's protocol for tests: mongo-java-server with a data file, as a child of this process;
// or the real one that PARLEY_TEST_MONGODB_URI names. Thread safety: none, but of shared_mongo_uri() and
// fresh_database(). Ownership: the child ends with the object, and with this process.
#pragma once

#include "common/id.hpp"
#include "temporary_folder.hpp"

#include <spawn.h>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace parley::test {

/// Ends as hard as it can: what it has not on disk is lost.
class mongo_server {
public:
    /// Ready when it returns; throws when it does not start. Port 0: any free one.
    explicit mongo_server(std::filesystem::path data_file, std::uint16_t port = 0)
        : data_file_(std::move(data_file)),
          port_(port) {
        start();
    }
    ~mongo_server() { kill(); }
    mongo_server(mongo_server const&) = delete;
    mongo_server& operator=(mongo_server const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string uri() const { return "mongodb://127.0.0.1:" + std::to_string(port_) + "/"; }

    void kill() {
        if (child_ < 0) return;
        ::kill(child_, SIGKILL);
        ::waitpid(std::exchange(child_, -1), nullptr, 0);
        ::close(input_);
        ::close(output_);
    }
    /// On the same file and port.
    void restart() {
        kill();
        start();
    }

private:
    static std::string folder() {
        std::string out;
        auto* const tool = ::popen("tools/dev/mongo_java.sh path", "r");
        for (int c = tool == nullptr ? EOF : std::fgetc(tool); c != EOF && c != '\n'; c = std::fgetc(tool)) {
            out.push_back(static_cast<char>(c));
        }
        if (tool != nullptr) ::pclose(tool);
        if (!std::filesystem::exists(out + "/.built")) {
            throw std::runtime_error("the tests' MongoDB server is not there: ./dev setup test");
        }
        return out;
    }

    void start() {
        std::array<int, 2> in{};
        std::array<int, 2> out{};
        if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
            throw std::runtime_error("no pipes");
        }
        auto const parts = folder();
        std::vector<std::string> words{"java",
                                       "-XX:TieredStopAtLevel=1",
                                       "-XX:+UseSerialGC",
                                       "-Xmx512m",
                                       "-cp",
                                       parts + "/classes:" + parts + "/lib/*",
                                       "parley.MongoServer",
                                       data_file_.string(),
                                       std::to_string(port_)};
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        int const failed = ::posix_spawnp(&child_, "java", &files, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        ::close(in[0]);
        ::close(out[1]);
        input_ = in[1];
        output_ = out[0];
        if (failed != 0) throw std::runtime_error("java does not start");
        port_ = read_port();
    }

    std::uint16_t read_port() const {
        std::string line;
        for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) line.push_back(c);
        auto const digits = line.find_last_of(' ') + 1;
        std::uint16_t port = 0;
        std::from_chars(line.data() + digits, line.data() + line.size(), port);
        if (port == 0) throw std::runtime_error("the tests' MongoDB server said: " + line);
        return port;
    }

    std::filesystem::path data_file_;
    std::uint16_t port_;
    pid_t child_ = -1;
    int input_ = -1;  // it ends when this is closed
    int output_ = -1;
};

/// The one mongo-java-server of this test program, started when it is first asked for.
[[nodiscard]] inline std::string const& shared_java_uri() {
    struct shared {
        temporary_folder folder;
        mongo_server server{folder.path() / "data.h2"};
        std::string uri = server.uri();
    };
    static shared one;
    return one.uri;
}

[[nodiscard]] inline bool has_real_mongo() { return std::getenv("PARLEY_TEST_MONGODB_URI") != nullptr; }

/// That, or the real server that the environment names.
[[nodiscard]] inline std::string shared_mongo_uri() {
    char const* const real = std::getenv("PARLEY_TEST_MONGODB_URI");
    return real != nullptr ? std::string{real} : shared_java_uri();
}

/// A name for a database that nobody has.
[[nodiscard]] inline std::string fresh_database() {
    auto name = "test_" + uuid_text(new_uuid());
    std::erase(name, '-');
    return name;
}

}  // namespace parley::test
