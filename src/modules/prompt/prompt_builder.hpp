// Turns a branch into what the model reads: the settings' prompt, then the conversation up to the last user
// message. Reads the branch from its end, page by page, and no further than the model's window can hold.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "entities/settings.hpp"
#include "services/conversation_store.hpp"
#include "services/language_model.hpp"

#include <string>
#include <vector>

namespace parley {

/// The conversation that ends with `last` (a user message), oldest first, cut from the front to the model's
/// window in large steps, so that its front stays the same for many turns; the settings' prompt and the last
/// user message always stay, and what is left of the history begins with a user. Errors: those of the store
/// and of count_tokens; invalid (context_length_exceeded) when even the settings' prompt and the last user
/// message leave no room for a reply: the message gives the numbers.
[[nodiscard]] task<result<std::vector<prompt_message>>> build_prompt(conversation_store& store,
                                                                     language_model& model,
                                                                     parley::settings settings, user_id user,
                                                                     message last);

/// Whether a user's message can be replied to at all: the settings' prompt and the message leave room for a
/// reply. Cheap for all but long texts. Errors: as build_prompt, but for those of the store.
[[nodiscard]] task<result<void>> check_fit(language_model& model, parley::settings settings,
                                           std::string text);

}  // namespace parley
