// Adding usage up, where a store does it itself. Sums are exact; one that would leave 64 bits stays at their
// end. Thread safety: one object belongs to one caller.
#pragma once

#include "services/usage_store.hpp"

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace parley {

[[nodiscard]] inline std::chrono::sys_days day_of(timestamp at) {
    return std::chrono::floor<std::chrono::days>(at);
}

/// As stores keep it.
[[nodiscard]] inline std::int64_t number_of_day(std::chrono::sys_days day) {
    return day.time_since_epoch().count();
}
[[nodiscard]] inline std::chrono::sys_days day_of_number(std::int64_t number) {
    return std::chrono::sys_days{std::chrono::days{number}};
}

[[nodiscard]] inline usage_day usage_of_one(std::chrono::sys_days day, std::string model_name,
                                            token_usage const& used) {
    return {day,
            std::move(model_name),
            1,
            used.input_tokens,
            used.cached_tokens,
            used.output_tokens,
            used.cost.value_or(0),
            used.estimated ? 1 : 0};
}

[[nodiscard]] inline std::int64_t bounded_sum(std::int64_t one, std::int64_t other) {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(one, other, &sum)) return sum;
    return one < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

inline void add_to(usage_day& sum, usage_day const& more) {
    for (auto const field : {&usage_day::generations, &usage_day::input_tokens, &usage_day::cached_tokens,
                             &usage_day::output_tokens, &usage_day::cost, &usage_day::estimated}) {
        sum.*field = bounded_sum(sum.*field, more.*field);
    }
}

/// One user's, by day and model.
class usage_sums {
public:
    void add(usage_day const& more) {
        auto const [place, fresh] = sums_.try_emplace({more.day, more.model_name}, more);
        if (!fresh) add_to(place->second, more);
    }

    /// In place of what there is.
    void put(usage_day value) {
        std::pair key{value.day, value.model_name};
        sums_.insert_or_assign(std::move(key), std::move(value));
    }

    /// Nullptr without any.
    [[nodiscard]] usage_day const* find(std::chrono::sys_days day, std::string const& model_name) const {
        auto const found = sums_.find({day, model_name});
        return found == sums_.end() ? nullptr : &found->second;
    }

    [[nodiscard]] std::vector<usage_day> in_order() const {
        std::vector<usage_day> out;
        out.reserve(sums_.size());
        for (auto const& [key, sum] : sums_) out.push_back(sum);
        return out;
    }

private:
    std::map<std::pair<std::chrono::sys_days, std::string>, usage_day> sums_;
};

}  // namespace parley
