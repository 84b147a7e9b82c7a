// A disk in memory that behaves as badly as disks may, behind SQLite's VFS interface
// (https://www.sqlite.org/vfs.html): what was not synced is lost, torn or kept at a power cut as chance has
// it; chosen operations fail; space runs out.
//
// Thread safety: all functions from any thread. The disk must outlive every connection to it.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace parley::test {

class simulated_disk {
public:
    enum class operation { open, read, write, sync, truncate };
    static constexpr std::size_t operations = 5;

    simulated_disk();
    ~simulated_disk();
    simulated_disk(simulated_disk const&) = delete;
    simulated_disk& operator=(simulated_disk const&) = delete;

    /// The name under which it is registered with SQLite.
    [[nodiscard]] std::string const& vfs() const { return name_; }

    /// The `nth` operation of this kind from now on (from 1) fails with SQLite's `code`, and so do those
    /// after it until `times` have failed. A sync that fails loses what it should have saved, but goes on
    /// showing it, as Linux does. A write that fails has written its first half.
    void fail(operation what, int nth, int code, int times = 1);
    /// The power goes with the `nth` operation that changes something (from 1): it and all later ones fail.
    void cut_power_at(int nth);
    /// From now on a sync does not return until the stall is over.
    void stall();
    void end_stall();
    void heal();

    /// How many operations of a kind there were since the disk was made or heal() was called.
    [[nodiscard]] int count(operation what) const;
    /// How many operations were refused since then.
    [[nodiscard]] int failures() const;
    [[nodiscard]] bool has_power() const;

    /// Bytes that files may have together; writes beyond fail with SQLITE_FULL, overwriting does not.
    void set_capacity(std::size_t bytes);
    [[nodiscard]] std::size_t used() const;

    /// After a power cut, with every connection closed: of what was not synced, each 512 bytes are kept or
    /// lost as chance has it. Then the power is back.
    void restart(std::mt19937_64& chance);
    /// The same, and everything that was not synced is lost.
    void restart();

    /// As if the process were killed: everything fails from now on, nothing is lost.
    void kill();
    /// After kill(), with every connection closed: a new process finds the files as they were.
    void revive();

    struct file;
    struct handle;

private:
    friend struct disk_methods;
    struct fault {
        int nth = 0;  // 0: none
        int code = 0;
        int times = 0;
    };

    /// SQLITE_OK, or the code this operation has to fail with.
    [[nodiscard]] int admit(operation what);
    void restart_keeping(std::mt19937_64* chance);
    void forget_faults();

    std::string name_;
    std::unique_ptr<sqlite3_vfs> methods_;
    mutable std::mutex guard_;
    std::map<std::string, std::shared_ptr<file>> files_;  // guarded, as all below
    std::map<std::string, std::string>
        ghosts_;  // removed, but the folder was not synced: what was on the platter
    std::array<fault, operations> faults_{};
    std::array<int, operations> counts_{};
    int failures_ = 0;
    int changes_ = 0;
    int cut_at_ = 0;
    bool power_ = true;
    bool stalled_ = false;
    std::condition_variable stall_over_;
    std::size_t capacity_ = SIZE_MAX;
    std::mt19937_64 torn_{1};
};

}  // namespace parley::test
