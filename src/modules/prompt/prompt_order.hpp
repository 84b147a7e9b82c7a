// What models and their templates insist on in the order of messages. Thread safety: pure functions.
#pragma once

#include "services/language_model.hpp"

#include <vector>

namespace parley {

/// Every call has its answers behind it, and every answer its call: calls that were never answered, answers
/// without a call, and second answers to the same call are left out, since servers refuse a conversation
/// with them. A reply that consists of nothing else goes as a whole.
[[nodiscard]] std::vector<prompt_message> pair_calls(std::vector<prompt_message> prompt);

/// Neighbours of the same role become one message, since many chat templates insist on alternation; messages
/// that have to do with tools stay as they are.
[[nodiscard]] std::vector<prompt_message> merge_neighbours(std::vector<prompt_message> prompt);

}  // namespace parley
