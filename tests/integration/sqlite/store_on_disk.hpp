// A store on a simulated disk, and looks at what it holds.
#pragma once

#include "adapters/sqlite/sqlite_store.hpp"
#include "simulated_disk.hpp"
#include "support/event_loops.hpp"
#include "support/temporary_folder.hpp"

#include <memory>
#include <string>
#include <vector>

namespace parley::test {

class store_on_disk {
public:
    /// With `checkpoint_pages` as short as this, a few writes meet every way in which the log is used.
    explicit store_on_disk(int checkpoint_pages = 12,
                           std::chrono::milliseconds longest_wait = std::chrono::seconds{60})
        : checkpoint_pages_(checkpoint_pages),
          longest_wait_(longest_wait) {}

    simulated_disk& disk() { return disk_; }
    sqlite_store& store() { return *store_; }
    event_loops& loops() { return loops_; }
    [[nodiscard]] bool is_open() const { return store_ != nullptr; }

    template <class T>
    T await(task<T> work) {
        return loops_.run(std::move(work));
    }

    [[nodiscard]] result<void> open();
    void close() { store_.reset(); }

    /// "ok", or what PRAGMA integrity_check and foreign_key_check find.
    [[nodiscard]] std::string check();

    /// Every message of the root branch in order, read page by page.
    [[nodiscard]] std::vector<message> messages(interaction const& in);

private:
    int const checkpoint_pages_;
    std::chrono::milliseconds const longest_wait_;
    temporary_folder folder_;  // for the lock; the database is on the simulated disk
    simulated_disk disk_;
    no_metrics metrics_;
    std::unique_ptr<sqlite_store> store_;
    event_loops loops_;
};

/// PARLEY_TEST_FULL asks for the long version of a test.
[[nodiscard]] bool full_tests();

}  // namespace parley::test
