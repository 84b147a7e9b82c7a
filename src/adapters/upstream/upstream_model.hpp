// A model that another server runs, behind the same port as the others.
#pragma once

#include "adapters/upstream/upstream_client.hpp"
#include "common/config.hpp"
#include "services/language_model.hpp"

#include <memory>
#include <optional>

namespace parley::upstream {

/// A generation may outlive the model. `price` is for info() and usage.cost.
/// count_tokens() estimates and never fails. start() refuses, as conflict, what the model is not configured
/// for: images_not_supported, tools_not_supported, structured_output_not_supported. Everything else that goes
/// wrong comes as the failure of the generation's end: unavailable (upstream_unreachable, upstream_failed,
/// upstream_invalid_answer), overloaded (upstream_busy), rate_limited (upstream_rate_limited), timed_out
/// (upstream_timeout), invalid (upstream_refused, context_length_exceeded).
[[nodiscard]] std::unique_ptr<language_model> make_upstream_model(std::shared_ptr<upstream> server,
                                                                  model_config const& settings,
                                                                  std::optional<token_price> price = {});

}  // namespace parley::upstream
