// The file a copy is written to before it gets its name: FILE.part beside it, mode 600, one writer at a time.
// Thread safety: none. Ownership: what was not kept is removed with the object.
#pragma once

#include "common/error.hpp"

#include <filesystem>
#include <memory>

namespace parley::sqlite {

class backup_file {
public:
    /// Errors: conflict (backup_exists, backup_path_invalid, backup_not_writable); storage_full.
    [[nodiscard]] static result<std::unique_ptr<backup_file>> make(std::filesystem::path const& store,
                                                                   std::filesystem::path const& target,
                                                                   bool overwrite);
    ~backup_file();
    backup_file(backup_file const&) = delete;
    backup_file& operator=(backup_file const&) = delete;

    [[nodiscard]] std::filesystem::path const& path() const { return part_; }

    /// Makes it durable and gives it its name. No database may have it open. Errors: as make().
    [[nodiscard]] result<void> keep();

private:
    backup_file(int file, std::filesystem::path target, std::filesystem::path part, bool overwrite)
        : file_(file),
          target_(std::move(target)),
          part_(std::move(part)),
          overwrite_(overwrite) {}

    int file_;
    std::filesystem::path target_;
    std::filesystem::path part_;
    bool overwrite_;
    bool kept_ = false;
};

/// The copy's disk is full.
[[nodiscard]] error no_room_for(std::filesystem::path const& target, std::string detail);

}  // namespace parley::sqlite
