#include "adapters/sqlite/backup_file.hpp"

#include "adapters/sqlite/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>

namespace parley::sqlite {
namespace {

std::unexpected<error> refuse(std::string_view code, std::string sentence) {
    return fail(error_kind::conflict, std::string{code}, std::move(sentence));
}

std::unexpected<error> not_writable(std::filesystem::path const& target, int code) {
    auto const why = std::error_code{code, std::system_category()}.message();
    if (code == ENOSPC || code == EDQUOT) return std::unexpected(no_room_for(target, why));
    return refuse("backup_not_writable",
                  "The copy " + target.string() + " can not be written (" + why +
                      "). Choose a folder that is there and that this user may write.");
}

std::unexpected<error> there_already(std::filesystem::path const& target) {
    return refuse("backup_exists",
                  target.string() + " is there already. Choose another name, or say --force to replace it.");
}

std::filesystem::path folder_of(std::filesystem::path const& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
}

/// What SQLite may have left beside the file of a run that was killed.
void remove_beside(std::filesystem::path const& part) {
    std::error_code ignored;
    for (auto const* const suffix : {"-journal", "-wal", "-shm"}) {
        std::filesystem::remove(part.string() + suffix, ignored);
    }
}

result<void> check_target(std::filesystem::path const& store, std::filesystem::path const& target,
                          bool overwrite) {
    std::error_code failed;
    auto const kind = std::filesystem::status(target, failed).type();
    if (!target.has_filename() || kind == std::filesystem::file_type::directory) {
        return refuse("backup_path_invalid",
                      target.string() + " is a folder. Name the file that the copy shall be.");
    }
    // Nothing there may be mistaken for the store's own files, least of all replace them.
    if (std::filesystem::equivalent(folder_of(target), store, failed)) {
        return refuse("backup_path_invalid",
                      target.string() +
                          " is in the data folder itself. Choose another place, better on "
                          "another disk.");
    }
    bool const is_file = kind == std::filesystem::file_type::regular;
    if (kind != std::filesystem::file_type::not_found && !is_file && !failed) {
        return refuse("backup_path_invalid", target.string() + " is no ordinary file.");
    }
    if (is_file && !overwrite) return there_already(target);
    return {};
}

}  // namespace

error no_room_for(std::filesystem::path const& target, std::string detail) {
    return {error_kind::storage_full,
            "storage_full",
            "The disk of " + folder_of(target).string() +
                " is full. Nothing was kept of the copy; make room, or choose another place.",
            {},
            std::move(detail)};
}

result<std::unique_ptr<backup_file>> backup_file::make(std::filesystem::path const& store,
                                                       std::filesystem::path const& target, bool overwrite) {
    if (auto const fine = check_target(store, target, overwrite); !fine) return std::unexpected(fine.error());
    auto part = target;
    part += ".part";
    int const file = ::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return not_writable(target, errno);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        int const code = errno;
        ::close(file);
        if (code != EWOULDBLOCK) return not_writable(target, code);
        return refuse("backup_exists", "Another process is writing " + part.string() + " at this moment.");
    }
    std::unique_ptr<backup_file> out{new backup_file{file, target, std::move(part), overwrite}};
    remove_beside(out->part_);
    if (::ftruncate(file, 0) != 0 || ::fchmod(file, 0600) != 0) return not_writable(target, errno);
    return out;
}

backup_file::~backup_file() {
    if (!kept_) {
        ::unlink(part_.c_str());
        remove_beside(part_);
    }
    ::close(file_);
}

result<void> backup_file::keep() {
    if (::fsync(file_) != 0) return not_writable(target_, errno);
    unsigned const flags = overwrite_ ? 0 : RENAME_NOREPLACE;
    int done = ::renameat2(AT_FDCWD, part_.c_str(), AT_FDCWD, target_.c_str(), flags);
    // Not every file system can refuse to replace; make() has looked.
    if (done != 0 && errno == EINVAL) done = ::rename(part_.c_str(), target_.c_str());
    if (done != 0 && errno == EEXIST) return there_already(target_);
    if (done != 0) return not_writable(target_, errno);
    kept_ = true;
    sync_folder(folder_of(target_));
    return {};
}

}  // namespace parley::sqlite
