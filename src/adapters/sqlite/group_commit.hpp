// Runs many writes in one transaction, so that they share one sync of the disk.
// Thread safety: none; of the writer thread.
#pragma once

#include "adapters/sqlite/database_file.hpp"
#include "adapters/sqlite/pending_write.hpp"
#include "adapters/sqlite/write_ahead_log.hpp"

#include <atomic>
#include <memory>
#include <span>

namespace parley::sqlite {

class group_commit {
public:
    using batch = std::span<std::shared_ptr<pending_write> const>;

    /// `first` is the connection that database_file::prepare made.
    group_commit(database_file const& file, std::unique_ptr<connection> first, int checkpoint_pages);

    /// Afterwards every write has its outcome, and those that succeeded are on disk. Returns how many did and
    /// changed something. When one of them breaks the transaction (the disk, not its own refusal), each is
    /// tried alone.
    std::size_t run(batch writes);

    /// Whether the last commit that had something to write failed. From any thread.
    [[nodiscard]] bool failing() const { return failing_; }

    /// Between batches, when nobody waits: moves the log on if it is due.
    void tend();

    /// The last act: empties the log. Errors: as to_error; nothing is lost then, the next start does it.
    [[nodiscard]] result<void> finish();

private:
    enum class attempt {
        committed,  // each write has its own outcome
        broken,     // one of several made it impossible, perhaps by its own fault
        full,       // no room; a smaller transaction may find some
        refused,    // the disk failed; all have failed
    };

    [[nodiscard]] attempt run_together(batch writes, std::size_t& changed);
    [[nodiscard]] attempt commit(batch writes, std::size_t wrote);
    std::size_t run_alone(batch writes);
    /// Says once that commits fail, and once that they succeed again.
    void note(error const* problem);
    [[nodiscard]] result<void> begin();
    void roll_back();
    /// A fresh connection in place of the one that no longer works. The old one is closed after the new one
    /// has opened, so that the log's index survives: rebuilding it from the file could take a commit for good
    /// whose sync had failed.
    [[nodiscard]] result<void> reopen();

    database_file const& file_;
    log_keeper log_;
    std::unique_ptr<connection> db_;
    std::atomic<bool> failing_ = false;
};

}  // namespace parley::sqlite
