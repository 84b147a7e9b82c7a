#include "modules/identity/jwk_file.hpp"

#include "common/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

namespace parley {
namespace {

constexpr std::chrono::seconds between_looks{1};

std::unexpected<error> unusable(std::string why) { return invalid("invalid_jwks", std::move(why), {}); }

std::string last_problem() { return std::generic_category().message(errno) + "."; }

std::chrono::nanoseconds time_of(timespec const& at) {
    return std::chrono::seconds{at.tv_sec} + std::chrono::nanoseconds{at.tv_nsec};
}

/// Closes it.
class descriptor {
public:
    explicit descriptor(int number) : number_(number) {}
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

/// To its end, or a byte more than is taken.
result<std::string> all_of(int file) {
    std::string text;
    std::array<char, 65'536> bytes{};
    while (text.size() <= largest_jwk_set) {
        auto const got = ::read(file, bytes.data(), bytes.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unusable(last_problem());
        if (got == 0) break;
        text.append(bytes.data(), static_cast<std::size_t>(got));
    }
    return text;
}

}  // namespace

result<std::unique_ptr<jwk_file>> jwk_file::open(std::filesystem::path where, steady_source now) {
    std::unique_ptr<jwk_file> made{new jwk_file{std::move(where), std::move(now)}};
    if (auto const loaded = made->load(); !loaded)
        return unusable("The key set " + made->where_.string() +
                        " can not be used: " + loaded.error().message);
    made->next_look_ = made->now_() + between_looks;
    return made;
}

std::shared_ptr<jwk_set const> jwk_file::current() {
    auto const now = now_();
    if (now >= next_look_.load(std::memory_order_relaxed)) {
        std::unique_lock const mine{looking_, std::try_to_lock};
        if (mine && now >= next_look_.load(std::memory_order_relaxed)) {
            look();
            next_look_.store(now + between_looks, std::memory_order_relaxed);
        }
    }
    std::lock_guard const lock{guard_};
    return keys_;
}

std::string jwk_file::problem() const {
    std::lock_guard const lock{guard_};
    return problem_;
}

/// With `looking_` held.
void jwk_file::look() {
    if (stamp_of(where_) == seen_) return;
    auto const path = where_.string();
    if (auto const loaded = load(); !loaded) {
        log::warn("the keys of tokens can not be read again: those of before stay in use",
                  {{"file", path}, {"problem", loaded.error().message}});
        return;
    }
    log::info("the keys of tokens have been read again", {{"file", path}});
}

/// With `looking_` held, or before anybody else knows this.
result<void> jwk_file::load() {
    auto found = read(where_);
    seen_ = found.seen;
    auto made = found.text ? jwk_set::parse(*found.text) : std::unexpected(found.text.error());
    std::lock_guard const lock{guard_};
    problem_ = made ? std::string{} : made.error().message;
    if (!made) return std::unexpected(made.error());
    keys_ = std::make_shared<jwk_set const>(std::move(*made));
    return {};
}

/// An empty one when there is no file.
jwk_file::stamp jwk_file::stamp_of(std::filesystem::path const& where) {
    struct stat about{};
    if (::stat(where.c_str(), &about) != 0) return {};
    return {about.st_dev, about.st_ino, about.st_size, time_of(about.st_mtim), time_of(about.st_ctim)};
}

/// The stamp is from before the text: what is written meanwhile is seen by the next look.
jwk_file::content jwk_file::read(std::filesystem::path const& where) {
    content out{stamp_of(where), {}};
    descriptor const file{::open(where.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat about{};
    if (file.number() < 0 || ::fstat(file.number(), &about) != 0) {
        out.text = unusable(last_problem());
    } else if (!S_ISREG(about.st_mode)) {
        out.text = unusable("it is no file.");
    } else {
        out.text = all_of(file.number());
    }
    return out;
}

}  // namespace parley
