// The claim of one process on a data folder: an advisory lock that the kernel drops with the process, however
// it ends. Thread safety: value that is moved, not shared. Ownership: the lock lives as long as the object.
#pragma once

#include "common/error.hpp"

#include <filesystem>
#include <optional>
#include <utility>

namespace parley::sqlite {

class folder_lock {
public:
    /// Makes the folder when absent. Errors: conflict with code store_path_invalid (the path is a file),
    /// store_not_writable, store_locked (names the process that has it).
    [[nodiscard]] static result<folder_lock> take(std::filesystem::path const& folder);

    folder_lock(folder_lock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    folder_lock& operator=(folder_lock&& other) noexcept {
        std::swap(file_, other.file_);
        return *this;
    }
    ~folder_lock();

private:
    explicit folder_lock(int file) : file_(file) {}
    int file_;
};

/// When the lock of the folder was taken last; nothing when it never was. By the clock of the file system:
/// what the holder writes there afterwards is never older.
[[nodiscard]] std::optional<std::filesystem::file_time_type> locked_at(std::filesystem::path const& folder);

/// Makes new entries of a folder durable. Best effort: not every file system can.
void sync_folder(std::filesystem::path const& folder);

}  // namespace parley::sqlite
