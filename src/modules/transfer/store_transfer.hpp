// Copies a whole store into an empty one of any kind, and compares the two. It may be stopped at any moment,
// even by a kill: the next run finds out what the copy has, removes what the source has no longer or has
// changed since, and goes on from there. Until copy and source are the same, no server starts on the copy.
//
// Thread safety: one run at a time. Ownership: borrows all it is given.
#pragma once

#include "modules/transfer/store_comparison.hpp"
#include "services/clock.hpp"

#include <chrono>

namespace parley {

class store_transfer {
public:
    /// `lease`: how long a turn of the source must show no progress to count as left behind; 0 where nobody
    /// can be writing.
    store_transfer(store_archive& source, store_archive& target, transfer_observer& seen, clock const& time,
                   std::chrono::milliseconds lease)
        : source_(source),
          target_(target),
          seen_(seen),
          time_(time),
          lease_(lease) {}

    /// Ends left turns, copies, compares. The copy is finished only if the comparison says equal. Errors:
    /// those of the archives; conflict (store_in_use) when a turn of the source is being written; cancelled.
    [[nodiscard]] result<store_comparison> run();

    /// Compares only, and writes nothing. Errors: as run().
    [[nodiscard]] result<store_comparison> verify();

private:
    [[nodiscard]] result<std::string> name_of_source();
    /// Where copying begins.
    [[nodiscard]] result<archive_position> look_over(std::int64_t total);
    [[nodiscard]] result<void> copy_users();
    [[nodiscard]] result<void> copy_conversations(archive_position from, std::int64_t done,
                                                  std::int64_t total);

    [[nodiscard]] result<void> copy_usage();

    store_archive& source_;
    store_archive& target_;
    transfer_observer& seen_;
    clock const& time_;
    std::chrono::milliseconds lease_;
    archive_counts kept_;  // of an earlier run
};

}  // namespace parley
