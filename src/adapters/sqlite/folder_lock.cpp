#include "adapters/sqlite/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace parley::sqlite {
namespace {

constexpr auto lock_name = "parley.lock";

std::unexpected<error> refuse(std::string_view code, std::string sentence) {
    return fail(error_kind::conflict, std::string{code}, std::move(sentence));
}

std::unexpected<error> not_writable(std::filesystem::path const& folder, std::error_code why) {
    if (why == std::errc::no_space_on_device) {
        return fail(
            error_kind::storage_full, "storage_full",
            "The disk of the data folder " + folder.string() + " is full. Make room and start again.");
    }
    return refuse("store_not_writable",
                  "The data folder " + folder.string() + " can not be written (" + why.message() +
                      "). Give this user the right to write there, or choose another one "
                      "(store.path).");
}

std::error_code last_error() { return {errno, std::system_category()}; }

/// Conversations are nobody else's business: the folder is for its user alone. Those above it are made as
/// usual.
std::error_code make_private(std::filesystem::path const& folder) {
    std::error_code failed;
    auto const named = folder.has_filename() ? folder : folder.parent_path();  // "data/" is "data"
    if (named.has_parent_path()) std::filesystem::create_directories(named.parent_path(), failed);
    if (failed) return failed;
    return ::mkdir(named.c_str(), 0700) == 0 ? std::error_code{} : last_error();
}

std::string holder_of(int file) {
    std::array<char, 32> text{};
    auto const length = ::pread(file, text.data(), text.size(), 0);
    std::string_view const pid{text.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
    auto const end = pid.find('\n');
    return end == 0 || end == std::string_view::npos ? "another process"
                                                     : "the process " + std::string{pid.substr(0, end)};
}

/// The pid is only for people: a lock without it is as good. The time is set for itself, as a full disk takes
/// no pid.
void sign(int file) {
    static_cast<void>(::futimens(file, nullptr) == 0);
    auto const text = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file, 0) == 0) static_cast<void>(::pwrite(file, text.data(), text.size(), 0) > 0);
}

}  // namespace

result<folder_lock> folder_lock::take(std::filesystem::path const& folder) {
    std::error_code failed;
    auto const kind = std::filesystem::status(folder, failed).type();
    if (kind == std::filesystem::file_type::not_found) {
        if (auto const why = make_private(folder)) return not_writable(folder, why);
        sync_folder(folder.parent_path());
    } else if (kind != std::filesystem::file_type::directory && !failed) {
        return refuse("store_path_invalid", folder.string() +
                                                " is not a folder. store.path names the folder in "
                                                "which Parley keeps its data.");
    }
    int const file = ::open((folder / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return not_writable(folder, last_error());
    folder_lock lock{file};
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return not_writable(folder, last_error());
        return refuse("store_locked", "The data folder " + folder.string() + " is in use by " +
                                          holder_of(file) +
                                          ". Stop it first, or choose another folder (store.path).");
    }
    sign(file);
    return lock;
}

folder_lock::~folder_lock() {
    if (file_ >= 0) ::close(file_);
}

std::optional<std::filesystem::file_time_type> locked_at(std::filesystem::path const& folder) {
    std::error_code failed;
    auto const time = std::filesystem::last_write_time(folder / lock_name, failed);
    if (failed) return std::nullopt;
    return time;
}

void sync_folder(std::filesystem::path const& folder) {
    int const handle = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return;
    ::fsync(handle);
    ::close(handle);
}

}  // namespace parley::sqlite
