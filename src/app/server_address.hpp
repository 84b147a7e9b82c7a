// Where the server answers that has a data folder for itself: written beside the folder's lock, for commands
// of the same machine. It counts only while the lock is held, and only if it is younger than the lock: what
// a killed server left behind is never taken for its successor's.
// Thread safety: one thread at a time. Ownership: the file is removed with the object.
#pragma once

#include "common/config.hpp"
#include "common/error.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace parley {

/// Where a server that listens on `port` can be reached from its own machine.
[[nodiscard]] std::string local_url(server_config const& settings, std::uint16_t port);

class told_address {
public:
    /// For the process that holds the folder's lock. Errors: internal (address_not_written).
    [[nodiscard]] static result<told_address> write(std::filesystem::path const& folder, std::string url);

    told_address(told_address&& other) noexcept;
    told_address& operator=(told_address&& other) noexcept;
    told_address(told_address const&) = delete;
    told_address& operator=(told_address const&) = delete;
    /// To be gone before the server stops to listen: another one may get its port.
    ~told_address();

private:
    told_address(std::filesystem::path folder, std::string url);

    std::filesystem::path folder_;  // empty: moved from
    std::string url_;
};

/// The URL of the server that holds the lock of `folder`, which is known to be held. Nothing when it told
/// none, or one that means something else here: its process has a network of its own, as in a container.
[[nodiscard]] std::optional<std::string> address_told_in(std::filesystem::path const& folder);

}  // namespace parley
