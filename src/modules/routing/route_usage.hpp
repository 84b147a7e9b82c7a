// What a route's reply has used on targets that did not reply: those that failed, and those that were slower
// than another one. Their servers have read the prompt, and may have written something.
//
// Thread safety: the event loop of the generation's reader only. Ownership: shared by the generation and the
// coroutines that read from its targets.
#pragma once

#include "entities/cost.hpp"
#include "services/language_model.hpp"

#include <cstddef>
#include <optional>

namespace parley {

class route_usage {
public:
    /// `price` is the target's, for a model that has none itself.
    void add(token_usage used, std::optional<token_price> const& price) {
        if (used == token_usage{}) return;
        if (!used.cost && price) used.cost = cost_of(used, *price);
        sum(all_, used);
    }

    void add_to(token_usage& used) const { sum(used, all_); }

    std::size_t expected = 0;  // of those that are slower and have not told yet

private:
    static void sum(token_usage& to, token_usage const& more) {
        to.input_tokens += more.input_tokens;
        to.cached_tokens += more.cached_tokens;
        to.output_tokens += more.output_tokens;
        to.estimated = to.estimated || more.estimated;
        if (more.cost) to.cost = to.cost.value_or(0) + *more.cost;
    }

    token_usage all_;
};

}  // namespace parley
