// A real redis-server of the test's own, on a free port of the loopback, in a folder of its own.
#pragma once

#include "adapters/redis/options.hpp"
#include "support/redis/child_process.hpp"
#include "support/temporary_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace parley::test {

/// A port nobody listens on now.
[[nodiscard]] std::uint16_t free_port();

class redis_server {
public:
    /// `arguments` come after the fixture's own: no snapshots by time, no log of appends. Starts at once.
    explicit redis_server(std::vector<std::string> arguments = {});

    /// Waits until it answers.
    void start();
    /// Lets it end as the signal says, and waits for that.
    void stop(int number = SIGKILL);
    /// SIGSTOP and SIGCONT.
    void freeze() const { process_->send(SIGSTOP); }
    void thaw() const { process_->send(SIGCONT); }

    /// A command over a connection of its own; the reply as a line of text, lists joined by blanks.
    std::string ask(std::vector<std::string> const& words) const;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] redis::endpoint endpoint() const { return {"127.0.0.1", port_}; }
    [[nodiscard]] std::filesystem::path const& folder() const { return folder_.path(); }
    [[nodiscard]] std::string log() const;

    /// Before start(): how ask() authenticates, and that it does not wait for an answer on the port.
    std::vector<std::string> credentials;
    bool plain = true;

private:
    temporary_folder folder_;
    std::uint16_t port_ = free_port();
    std::vector<std::string> arguments_;
    std::optional<child_process> process_;
};

/// A certificate for 127.0.0.1 and localhost, signed by an authority of its own: ca.pem, server.pem,
/// server.key.
void make_certificates(std::filesystem::path const& folder);

}  // namespace parley::test
