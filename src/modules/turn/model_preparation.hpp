// Waits until a model is in memory, for a reply that may be stopped meanwhile.
// Thread safety: everything on the one single-threaded executor. Ownership: the loading goes on after a stop;
// it borrows the model, which outlives all turns.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "modules/turn/running_turns.hpp"
#include "services/language_model.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>

namespace parley {

/// Returns at once for a model that is not loaded on demand, and when the reply should end. `told` hears
/// which share (0–1) is loaded. Errors: those of language_model::prepare.
[[nodiscard]] task<result<void>> prepare_model(language_model& model, turn_control& control,
                                               std::function<void(double)> told,
                                               boost::asio::any_io_executor executor);

}  // namespace parley
