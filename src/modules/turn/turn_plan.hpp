// What a turn needs to know before anything of it is stored: with which settings, by which model, and what of
// the user's words the model reads. Thread safety: plain functions. Ownership: borrows all it is given.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "modules/models/model_catalog.hpp"
#include "modules/transform/transformer.hpp"
#include "modules/turn/turn_request.hpp"
#include "services/identity_store.hpp"
#include "services/language_model.hpp"
#include "services/usage_store.hpp"

#include <optional>
#include <string>

namespace parley {

struct turn_plan {
    parley::settings settings;
    language_model* model = nullptr;
    std::optional<std::string> transformed;  // of a new message, or of this reply's alone: see `reads_anew`
    bool reads_anew = false;  // the settings of a further reply say what it reads of the user's message
};

/// What a plan is made with; all of it outlives the turns.
struct turn_sources {
    conversation_store& store;
    identity_store& identities;
    usage_store& usage;
    model_catalog const& models;
    transformer const& transforms;
};

/// What a model reads of a user's content; see transformer::apply, and its errors. Errors: user_not_found.
[[nodiscard]] task<result<std::optional<std::string>>> transformed_content(turn_sources from, user_id asking,
                                                                           message_content content,
                                                                           settings with, timestamp now);

/// Errors: interaction_not_found; user_not_found; conflict (unknown_model, tools_not_supported,
/// structured_output_not_supported, images_not_supported, unknown_tool); invalid (content_too_long) when
/// the templates make too much of it; invalid (context_length_exceeded) when the message can not fit into
/// the model's window whatever is left out of the conversation.
[[nodiscard]] task<result<turn_plan>> plan_turn(turn_sources from, turn_request asked);

}  // namespace parley
