// A file of the simulated disk: what programs see, what is on the platter, and what lies between.
#pragma once

#include "simulated_disk.hpp"

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace parley::test {

/// One change on its way to the platter.
struct disk_change {
    std::size_t offset = 0;
    std::string data;        // of a write
    bool truncates = false;  // to `offset` bytes
};

struct simulated_disk::file {
    std::string seen;                   // what reads give
    std::string platter;                // what survives
    std::vector<disk_change> unsynced;  // in order
    bool on_platter = false;            // whether its name survives

    // Locks of the file (https://www.sqlite.org/lockingv3.html) and of the WAL index.
    int shared = 0;
    handle const* reserved = nullptr;
    handle const* exclusive = nullptr;
    std::vector<std::unique_ptr<std::array<std::byte, 32768>>> index;
    int mapped = 0;  // handles that use the index
    std::array<int, SQLITE_SHM_NLOCK> index_shared{};
    std::array<handle const*, SQLITE_SHM_NLOCK> index_exclusive{};

    void write(std::size_t offset, std::string_view data);
    void truncate(std::size_t size);
    void sync();
    /// The platter gets some of what is not synced; the rest is forgotten. Null: gets nothing.
    void settle(std::mt19937_64* chance);
};

/// An open file. SQLite allocates the memory.
struct simulated_disk::handle {
    sqlite3_file base{};
    simulated_disk* disk = nullptr;
    std::shared_ptr<file> target;
    std::string delete_on_close;  // a name, or empty
    int level = SQLITE_LOCK_NONE;
    bool maps_index = false;
    unsigned index_shared = 0;  // bit per lock
    unsigned index_exclusive = 0;
};

}  // namespace parley::test
