// A language model that is in memory only while it is used, or while there is room for it.
//
// Thread safety: as a language_model. Ownership: shares its place with the model_memory, which keeps the
// model itself; destroying this one ends it, and blocks until it has ended.
#pragma once

#include "modules/models/model_memory.hpp"
#include "services/language_model.hpp"

#include <cstddef>
#include <memory>

namespace parley {

struct on_demand_options {
    model_info known;       // what info() says while it is not in memory: name, kind, context_window, …
    std::size_t bytes = 0;  // that it takes in memory, an estimate
    model_maker make;
};

/// start() works at any time: the generation waits for the model to be loaded. Tokens are counted exactly
/// when it is in memory and estimated otherwise, so that counting them loads nothing.
[[nodiscard]] std::unique_ptr<language_model> make_on_demand_model(on_demand_options options,
                                                                   model_memory& memory);

}  // namespace parley
