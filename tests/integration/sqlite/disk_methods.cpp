#include "disk_methods.hpp"

#include "disk_file.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace parley::test {

using operation = simulated_disk::operation;

/// Members are the callbacks; the class is a friend of the disk.
struct disk_methods {
    using handle = simulated_disk::handle;
    using file = simulated_disk::file;

    static handle& of(sqlite3_file* base) { return *reinterpret_cast<handle*>(base); }
    static simulated_disk& of(sqlite3_vfs* vfs) { return *static_cast<simulated_disk*>(vfs->pAppData); }

    // Files.

    static int close(sqlite3_file* base) {
        auto& self = of(base);
        unlock(base, SQLITE_LOCK_NONE);
        shm_unmap(base, 0);
        {
            std::lock_guard const lock{self.disk->guard_};
            if (!self.delete_on_close.empty()) self.disk->files_.erase(self.delete_on_close);
        }
        self.~handle();
        return SQLITE_OK;
    }

    static int read(sqlite3_file* base, void* out, int amount, sqlite3_int64 offset) {
        auto& self = of(base);
        std::lock_guard const lock{self.disk->guard_};
        if (int const code = self.disk->admit(operation::read); code != SQLITE_OK) return code;
        auto const& bytes = self.target->seen;
        auto const begin = std::min(bytes.size(), static_cast<std::size_t>(offset));
        auto const wanted = static_cast<std::size_t>(amount);
        auto const length = std::min(wanted, bytes.size() - begin);
        std::memcpy(out, bytes.data() + begin, length);
        if (length == wanted) return SQLITE_OK;
        std::memset(static_cast<char*>(out) + length, 0, wanted - length);
        return SQLITE_IOERR_SHORT_READ;
    }

    static int write(sqlite3_file* base, void const* data, int amount, sqlite3_int64 offset) {
        auto& self = of(base);
        std::lock_guard const lock{self.disk->guard_};
        std::string_view bytes{static_cast<char const*>(data), static_cast<std::size_t>(amount)};
        auto const begin = static_cast<std::size_t>(offset);
        int code = self.disk->admit(operation::write);
        if (code == SQLITE_OK && !has_room(self, begin + bytes.size())) {
            ++self.disk->failures_;
            code = SQLITE_FULL;
        }
        if (!self.disk->power_) return code;
        if (code != SQLITE_OK) bytes = bytes.substr(0, bytes.size() / 2);
        if (code != SQLITE_FULL || has_room(self, begin + bytes.size())) self.target->write(begin, bytes);
        return code;
    }

    static bool has_room(handle const& self, std::size_t end) {
        std::size_t sum = 0;
        for (auto const& [name, one] : self.disk->files_) sum += one->seen.size();
        auto const grown = end > self.target->seen.size() ? end - self.target->seen.size() : 0;
        return grown == 0 || sum + grown <= self.disk->capacity_;
    }

    static int truncate(sqlite3_file* base, sqlite3_int64 size) {
        auto& self = of(base);
        std::lock_guard const lock{self.disk->guard_};
        if (int const code = self.disk->admit(operation::truncate); code != SQLITE_OK) return code;
        self.target->truncate(static_cast<std::size_t>(size));
        return SQLITE_OK;
    }

    static int sync(sqlite3_file* base, int) {
        auto& self = of(base);
        std::unique_lock lock{self.disk->guard_};
        self.disk->stall_over_.wait(lock, [&self] { return !self.disk->stalled_; });
        if (int const code = self.disk->admit(operation::sync); code != SQLITE_OK) {
            // fsync reports an error once; the pages count as clean afterwards
            // (https://lwn.net/Articles/752063/).
            if (self.disk->power_) self.target->settle(&self.disk->torn_);
            return code;
        }
        self.target->sync();
        return SQLITE_OK;
    }

    static int file_size(sqlite3_file* base, sqlite3_int64* size) {
        auto& self = of(base);
        std::lock_guard const lock{self.disk->guard_};
        *size = static_cast<sqlite3_int64>(self.target->seen.size());
        return SQLITE_OK;
    }

    static int lock(sqlite3_file* base, int level) {
        auto& self = of(base);
        std::lock_guard const held{self.disk->guard_};
        auto& on = *self.target;
        if (level <= self.level) return SQLITE_OK;
        if (on.exclusive != nullptr && on.exclusive != &self) return SQLITE_BUSY;
        if (level >= SQLITE_LOCK_RESERVED && on.reserved != nullptr && on.reserved != &self)
            return SQLITE_BUSY;
        if (level == SQLITE_LOCK_EXCLUSIVE && on.shared > 1) return SQLITE_BUSY;
        if (self.level == SQLITE_LOCK_NONE) ++on.shared;
        if (level >= SQLITE_LOCK_RESERVED) on.reserved = &self;
        if (level >= SQLITE_LOCK_PENDING) on.exclusive = &self;
        self.level = level;
        return SQLITE_OK;
    }

    static int unlock(sqlite3_file* base, int level) {
        auto& self = of(base);
        std::lock_guard const held{self.disk->guard_};
        auto& on = *self.target;
        if (level >= self.level) return SQLITE_OK;
        if (on.reserved == &self) on.reserved = nullptr;
        if (on.exclusive == &self) on.exclusive = nullptr;
        if (level == SQLITE_LOCK_NONE) --on.shared;
        self.level = level;
        return SQLITE_OK;
    }

    static int check_reserved(sqlite3_file* base, int* out) {
        auto& self = of(base);
        std::lock_guard const held{self.disk->guard_};
        *out = self.target->reserved != nullptr ? 1 : 0;
        return SQLITE_OK;
    }

    static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
    static int sector_size(sqlite3_file*) { return 4096; }
    static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

    // The WAL index: memory that connections share, lost with the power.

    static int shm_map(sqlite3_file* base, int region, int, int extend, void volatile** out) {
        auto& self = of(base);
        std::lock_guard const held{self.disk->guard_};
        *out = nullptr;
        if (!self.disk->power_) return SQLITE_IOERR_SHMMAP;
        auto& index = self.target->index;
        auto const wanted = static_cast<std::size_t>(region) + 1;
        if (index.size() < wanted && extend == 0) return SQLITE_OK;
        while (index.size() < wanted) index.push_back(std::make_unique<std::array<std::byte, 32768>>());
        *out = index[static_cast<std::size_t>(region)]->data();
        if (!self.maps_index) ++self.target->mapped;
        self.maps_index = true;
        return SQLITE_OK;
    }

    static int shm_lock(sqlite3_file* base, int first, int count, int flags) {
        auto& self = of(base);
        std::lock_guard const held{self.disk->guard_};
        auto& on = *self.target;
        bool const exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
            release(self, first, count);
            return SQLITE_OK;
        }
        for (int i = first; i < first + count; ++i) {
            auto const at = static_cast<std::size_t>(i);
            auto const* const other = on.index_exclusive[at];
            int const own = (self.index_shared >> at & 1U) != 0 ? 1 : 0;
            if (other != nullptr && other != &self) return SQLITE_BUSY;
            if (exclusive && on.index_shared[at] > own) return SQLITE_BUSY;
        }
        for (int i = first; i < first + count; ++i) {
            auto const at = static_cast<std::size_t>(i);
            if (exclusive) {
                on.index_exclusive[at] = &self;
                self.index_exclusive |= 1U << at;
            } else if ((self.index_shared >> at & 1U) == 0) {
                ++on.index_shared[at];
                self.index_shared |= 1U << at;
            }
        }
        return SQLITE_OK;
    }

    static void release(handle& self, int first, int count) {
        auto& on = *self.target;
        for (int i = first; i < first + count; ++i) {
            auto const at = static_cast<std::size_t>(i);
            if ((self.index_shared >> at & 1U) != 0) --on.index_shared[at];
            if ((self.index_exclusive >> at & 1U) != 0) on.index_exclusive[at] = nullptr;
            self.index_shared &= ~(1U << at);
            self.index_exclusive &= ~(1U << at);
        }
    }

    static void shm_barrier(sqlite3_file* base) {
        // Taking and giving back a lock is a barrier.
        std::lock_guard const held{of(base).disk->guard_};
    }

    static int shm_unmap(sqlite3_file* base, int remove) {
        auto& self = of(base);
        std::lock_guard const held{self.disk->guard_};
        release(self, 0, SQLITE_SHM_NLOCK);
        if (self.maps_index) --self.target->mapped;
        self.maps_index = false;
        // Whoever comes first builds the index anew, as on Unix.
        if (remove != 0 || self.target->mapped == 0) self.target->index.clear();
        return SQLITE_OK;
    }

    // The disk.

    static int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* base, int flags, int* out_flags) {
        auto& disk = of(vfs);
        base->pMethods = nullptr;
        std::lock_guard const lock{disk.guard_};
        if (int const code = disk.admit(operation::open); code != SQLITE_OK) return code;
        static int temporary = 0;
        std::string const name =
            path == nullptr ? "temporary-" + std::to_string(++temporary) : std::string{path};
        auto found = disk.files_.find(name);
        if (found == disk.files_.end()) {
            if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
            found = disk.files_.emplace(name, std::make_shared<file>()).first;
        }
        auto* const self = new (base) handle{};
        self->disk = &disk;
        self->target = found->second;
        if ((flags & SQLITE_OPEN_DELETEONCLOSE) != 0) self->delete_on_close = name;
        self->base.pMethods = &io_methods;
        if (out_flags != nullptr) *out_flags = flags;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs* vfs, char const* path, int sync_folder) {
        auto& disk = of(vfs);
        std::lock_guard const lock{disk.guard_};
        if (!disk.power_) return SQLITE_IOERR_DELETE;
        auto const found = disk.files_.find(path);
        if (found == disk.files_.end()) return SQLITE_IOERR_DELETE_NOENT;
        if (sync_folder == 0 && found->second->on_platter)
            disk.ghosts_[found->first] = found->second->platter;
        disk.files_.erase(found);
        return SQLITE_OK;
    }

    static int access(sqlite3_vfs* vfs, char const* path, int, int* out) {
        auto& disk = of(vfs);
        std::lock_guard const lock{disk.guard_};
        *out = disk.files_.contains(path) ? 1 : 0;
        return SQLITE_OK;
    }

    static int full_path(sqlite3_vfs*, char const* path, int size, char* out) {
        sqlite3_snprintf(size, out, "%s", path);
        return SQLITE_OK;
    }

    static sqlite3_vfs& real() { return *sqlite3_vfs_find(nullptr); }
    static int randomness(sqlite3_vfs*, int size, char* out) {
        return real().xRandomness(&real(), size, out);
    }
    static int sleep(sqlite3_vfs*, int microseconds) { return real().xSleep(&real(), microseconds); }
    static int now(sqlite3_vfs*, double* out) { return real().xCurrentTime(&real(), out); }
    static int now_ms(sqlite3_vfs*, sqlite3_int64* out) { return real().xCurrentTimeInt64(&real(), out); }
    static int last_error(sqlite3_vfs*, int, char*) { return SQLITE_OK; }

    static sqlite3_io_methods const io_methods;
};

sqlite3_io_methods const disk_methods::io_methods = {
    .iVersion = 2,
    .xClose = disk_methods::close,
    .xRead = disk_methods::read,
    .xWrite = disk_methods::write,
    .xTruncate = disk_methods::truncate,
    .xSync = disk_methods::sync,
    .xFileSize = disk_methods::file_size,
    .xLock = disk_methods::lock,
    .xUnlock = disk_methods::unlock,
    .xCheckReservedLock = disk_methods::check_reserved,
    .xFileControl = disk_methods::control,
    .xSectorSize = disk_methods::sector_size,
    .xDeviceCharacteristics = disk_methods::characteristics,
    .xShmMap = disk_methods::shm_map,
    .xShmLock = disk_methods::shm_lock,
    .xShmBarrier = disk_methods::shm_barrier,
    .xShmUnmap = disk_methods::shm_unmap,
};

void fill_vfs(sqlite3_vfs& methods, simulated_disk& disk, std::string const& name) {
    methods.iVersion = 2;
    methods.szOsFile = static_cast<int>(sizeof(simulated_disk::handle));
    methods.mxPathname = 1024;
    methods.zName = name.c_str();
    methods.pAppData = &disk;
    methods.xOpen = disk_methods::open;
    methods.xDelete = disk_methods::remove;
    methods.xAccess = disk_methods::access;
    methods.xFullPathname = disk_methods::full_path;
    methods.xRandomness = disk_methods::randomness;
    methods.xSleep = disk_methods::sleep;
    methods.xCurrentTime = disk_methods::now;
    methods.xGetLastError = disk_methods::last_error;
    methods.xCurrentTimeInt64 = disk_methods::now_ms;
}

}  // namespace parley::test
