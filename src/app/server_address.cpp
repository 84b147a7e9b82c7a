#include "app/server_address.hpp"

#include "adapters/sqlite/folder_lock.hpp"

#include <boost/asio/ip/address.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

namespace parley {
namespace {

namespace fs = std::filesystem;
namespace ip = boost::asio::ip;

fs::path address_file(fs::path const& folder) { return folder / "server.url"; }

/// Which network the addresses of this process belong to; empty where the system does not tell.
std::string own_network() {
    std::error_code unknown;
    return fs::read_symlink("/proc/self/ns/net", unknown).string();
}

struct address_lines {
    std::string url;
    std::string network;
};

std::optional<address_lines> read_lines(fs::path const& folder) {
    std::ifstream file{address_file(folder)};
    address_lines out;
    if (!std::getline(file, out.url) || !std::getline(file, out.network)) return std::nullopt;
    return out;
}

bool write_file(fs::path const& path, std::string const& text) {
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return false;
    auto const written = ::write(file, text.data(), text.size());
    auto const why = errno;
    bool const whole = std::cmp_equal(written, text.size());
    bool const closed = ::close(file) == 0;
    if (!whole) errno = written < 0 ? why : ENOSPC;
    return whole && closed;
}

}  // namespace

std::string local_url(server_config const& settings, std::uint16_t port) {
    boost::system::error_code no_address;
    auto address = ip::make_address(settings.host, no_address);
    if (!no_address && address.is_unspecified())
        address = address.is_v6() ? ip::address{ip::address_v6::loopback()} : ip::address_v4::loopback();
    auto const host = no_address ? settings.host : address.to_string();
    bool const bare = host.contains(':');
    return "http://" + (bare ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

result<told_address> told_address::write(fs::path const& folder, std::string url) {
    auto const path = address_file(folder);
    auto part = path;
    part += ".part";
    ::unlink(part.c_str());  // of a server that was killed meanwhile
    bool const written = write_file(part, url + "\n" + own_network() + "\n");
    if (!written || ::rename(part.c_str(), path.c_str()) != 0) {
        std::string const why = std::strerror(errno);
        ::unlink(part.c_str());
        return fail(error_kind::internal, "address_not_written", path.string() + " can not be written.", {},
                    why);
    }
    return told_address{folder, std::move(url)};
}

told_address::told_address(fs::path folder, std::string url)
    : folder_(std::move(folder)),
      url_(std::move(url)) {}

told_address::told_address(told_address&& other) noexcept
    : folder_(std::exchange(other.folder_, {})),
      url_(std::move(other.url_)) {}

told_address& told_address::operator=(told_address&& other) noexcept {
    std::swap(folder_, other.folder_);
    std::swap(url_, other.url_);
    return *this;
}

told_address::~told_address() {
    if (folder_.empty()) return;
    // The folder may have been moved away, and another server's may stand in its place.
    auto const told = read_lines(folder_);
    if (told && told->url == url_) ::unlink(address_file(folder_).c_str());
}

std::optional<std::string> address_told_in(fs::path const& folder) {
    auto const locked = sqlite::locked_at(folder);
    std::error_code absent;
    auto const written = fs::last_write_time(address_file(folder), absent);
    if (!locked || absent || written < *locked) return std::nullopt;
    auto told = read_lines(folder);
    if (!told || told->url.empty() || told->network != own_network()) return std::nullopt;
    return std::move(told->url);
}

}  // namespace parley
