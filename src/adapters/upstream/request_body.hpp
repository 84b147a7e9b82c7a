// A generation request as each dialect writes it. No I/O. Thread safety: pure functions.
#pragma once

#include "common/config.hpp"
#include "services/language_model.hpp"

#include <string>
#include <string_view>

namespace parley::upstream {

/// Chat completions. Only what the request sets is sent, so that the remote model's own defaults hold; never
/// what `how.leave_out` names.
[[nodiscard]] std::string write_openai_request(generation_request const& asked, std::string_view remote_model,
                                               upstream_config const& how);

/// Messages. This dialect demands a number of tokens: `default_max_tokens` where the request has none. Its
/// temperatures end at 1. It has no seed and no response_format.
[[nodiscard]] std::string write_anthropic_request(generation_request const& asked,
                                                  std::string_view remote_model, upstream_config const& how,
                                                  std::int64_t default_max_tokens);

}  // namespace parley::upstream
