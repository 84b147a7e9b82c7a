// The operator's file of keys that tokens may be signed with. It is looked at again while tokens come, at
// most once a second, and read when it has changed; what can not be read then leaves the keys as they were.
//
// Thread safety: every function from any thread. One of those who ask looks at the file for all of them; the
// others do not wait for it. Ownership: what current() gives stays as it is for whoever holds it.
#pragma once

#include "common/error.hpp"
#include "modules/identity/jwk_set.hpp"
#include "services/clock.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace parley {

class jwk_file {
public:
    /// Reads it. Errors: invalid (invalid_jwks), with the path and what is wrong: it is no file, can not be
    /// read, or is no key set (jwk_set::parse).
    [[nodiscard]] static result<std::unique_ptr<jwk_file>> open(std::filesystem::path where,
                                                                steady_source now = steady_now);

    /// Never null. Costs a look at a clock; once a second a look at the file as well.
    [[nodiscard]] std::shared_ptr<jwk_set const> current();

    /// Why the file as it is now is not used, for people; empty while it is.
    [[nodiscard]] std::string problem() const;

private:
    /// What tells one state of the file from another.
    struct stamp {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::int64_t size = 0;
        std::chrono::nanoseconds written{};
        std::chrono::nanoseconds changed{};  // its rights too: a file that becomes readable is read
        bool operator==(stamp const&) const = default;
    };
    struct content {
        stamp seen;
        result<std::string> text;
    };
    using steady = std::chrono::steady_clock;

    jwk_file(std::filesystem::path where, steady_source now)
        : where_(std::move(where)),
          now_(std::move(now)) {}

    [[nodiscard]] static stamp stamp_of(std::filesystem::path const& where);
    [[nodiscard]] static content read(std::filesystem::path const& where);
    void look();
    [[nodiscard]] result<void> load();

    std::filesystem::path const where_;
    steady_source const now_;

    std::mutex looking_;  // held by who looks
    stamp seen_{};        // guarded by it
    std::atomic<steady::time_point> next_look_{steady::time_point::min()};

    mutable std::mutex guard_;
    std::shared_ptr<jwk_set const> keys_;  // guarded, as below
    std::string problem_;
};

}  // namespace parley
