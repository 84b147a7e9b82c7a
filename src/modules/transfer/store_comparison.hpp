// Compares two archives, item by item in the order of the ids. Memory: two batches.
// Thread safety: plain functions over archives that nobody else uses.
#pragma once

#include "modules/transfer/transfer_observer.hpp"
#include "services/store_archive.hpp"

#include <functional>
#include <string>
#include <vector>

namespace parley {

enum class difference_kind { missing, extra, different };  // in the copy

/// Called for each user and each interaction that is not the same on both sides; may change the copy's users,
/// or interactions, up to this one. An error ends the comparison. An empty function handles nothing.
struct difference_handlers {
    std::function<result<void>(difference_kind, user_id)> user;
    std::function<result<void>(difference_kind, interaction_id)> interaction;
};

struct side_summary {
    archive_counts counts;
    std::int64_t usage_days = 0;  // sums of a user's day and model
    std::string hash;             // over all content; equal for equal stores of any kind
};

struct store_comparison {
    side_summary source;
    side_summary copy;
    std::int64_t differences = 0;
    std::vector<std::string> first_differences;  // in words; at most 10

    [[nodiscard]] bool equal() const { return differences == 0; }
};

/// `total`: how many messages there will be, for the observer. Usage is left out while it is only looked what
/// an unfinished copy has: that comes last. Errors: of the archives, of the handler, and
/// cancelled when the observer says stop.
[[nodiscard]] result<store_comparison> compare_stores(store_archive& source, store_archive& copy,
                                                      transfer_observer& seen, transfer_step step,
                                                      std::int64_t total,
                                                      difference_handlers const& handle = {});

}  // namespace parley
