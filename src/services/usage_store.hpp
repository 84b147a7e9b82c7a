// The port to what has been used: tokens and their cost, by day and model. Replies are counted by
// conversation_store::finish_turn in the same step that stores their end, so what this port tells is exactly
// what their messages say, also of stopped and failed ones; deleting an interaction takes nothing away. Only
// work that leaves no reply behind is added here.
//
// Thread safety: every function from any event loop.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"
#include "entities/message.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace parley {

/// Work that leaves no reply behind: a title, a reply whose interaction was deleted before its end.
struct usage_entry {
    message_id id;  // of a reply its own. What was counted under an id, as a reply or before, is not again
    parley::user_id user_id;
    timestamp at;  // the day it counts for is that of UTC; of a reply its created_at
    std::string model_name;
    token_usage usage;
};

/// Sums of one day and one model.
struct usage_day {
    std::chrono::sys_days day;  // UTC
    std::string model_name;
    std::int64_t generations = 0;  // replies and entries
    std::int64_t input_tokens = 0;
    std::int64_t cached_tokens = 0;
    std::int64_t output_tokens = 0;
    std::int64_t cost = 0;       // in 1e-12 of the currency
    std::int64_t estimated = 0;  // generations whose tokens are estimates
    bool operator==(usage_day const&) const = default;
};

class usage_store {
public:
    usage_store() = default;
    usage_store(usage_store const&) = delete;
    usage_store& operator=(usage_store const&) = delete;
    virtual ~usage_store() = default;

    /// On disk when it returns.
    [[nodiscard]] virtual task<result<void>> add_usage(usage_entry entry) = 0;

    /// Of the days from `first` to `last`, both included, in order of day and model name; a reply counts for
    /// the day of its created_at. Days without use are left out.
    [[nodiscard]] virtual task<result<std::vector<usage_day>>> usage_by_day(user_id user,
                                                                            std::chrono::sys_days first,
                                                                            std::chrono::sys_days last) = 0;
};

}  // namespace parley
