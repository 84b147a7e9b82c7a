// One node of a conversation, and how the generation of a reply went.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/timestamp.hpp"
#include "entities/attributes.hpp"
#include "entities/content.hpp"
#include "entities/tools.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

enum class message_role { system, user, assistant, tool };

/// queued and in_progress are the only ones that still change.
enum class message_status { complete, queued, in_progress, stopped, interrupted, failed };

/// Why a model ended: a natural end or a stop string; the token limit or the end of the context window; it
/// asks for tools; its server held back what it said.
enum class finish_reason { stop, length, tool_calls, content_filter };

struct token_usage {
    std::int64_t input_tokens = 0;   // the whole prompt, cached part included
    std::int64_t cached_tokens = 0;  // of these, read from the model's kept state
    std::int64_t output_tokens = 0;
    bool estimated = false;            // counted by us because the model's server gave no figures
    std::optional<std::int64_t> cost;  // in 1e-12 of the currency, see token_price; absent without a price
    bool operator==(token_usage const&) const = default;
};

/// Milliseconds, from the moment the turn was accepted.
struct turn_timings {
    std::int64_t queued_ms = 0;                          // until the model began to read the prompt
    std::optional<std::int64_t> time_to_first_token_ms;  // absent when no token came
    std::int64_t duration_ms = 0;                        // until the end
    bool operator==(turn_timings const&) const = default;
};

/// Why a reply failed: the same words as an API error.
struct message_error {
    std::string code;
    std::string message;
    bool operator==(message_error const&) const = default;
};

/// One try to get a reply from one target of a route.
struct attempt {
    std::string target;  // the name of the model that was asked
    // "ok", "skipped" (not asked), "cancelled" (another one was faster), "stopped", or the code of the error
    std::string outcome;
    std::string message;           // for people; empty when it went well
    std::int64_t duration_ms = 0;  // until its first token, or until it failed
    bool operator==(attempt const&) const = default;
};

struct sibling_position {
    std::int64_t index = 0;  // from 0, in order of creation
    std::int64_t count = 1;
    bool operator==(sibling_position const&) const = default;
};

struct message {
    parley::interaction_id interaction_id;
    parley::message_id message_id;
    std::optional<parley::message_id> parent_id;  // the message before it on its branch
    parley::branch_id branch_id;
    std::int64_t seq = 0;         // from 1; increases within the interaction
    std::int64_t parent_seq = 0;  // of parent_id; 0 without one. For the stores; no part of the API
    sibling_position sibling;
    timestamp created_at;
    message_role role = message_role::user;
    message_content content;  // what was written; empty text while a reply has none yet
    std::optional<std::string> transformed_content;  // what was really sent to the model, when that differs
    attributes metadata;
    message_status status = message_status::complete;
    std::vector<tool_call> tool_calls;        // assistant only: what the model asks for
    std::optional<std::string> tool_call_id;  // tool only: which call it answers
    std::optional<std::string>
        reasoning;                  // assistant only: what the model thought before its answer; no part of it
    std::vector<attempt> attempts;  // assistant only: in the order in which they began
    std::optional<std::string> model_name;  // assistant only, as the four below
    std::optional<parley::finish_reason> finish_reason;
    std::optional<token_usage> usage;
    std::optional<turn_timings> timings;
    std::optional<message_error> error;

    bool operator==(message const&) const = default;
};

[[nodiscard]] std::string_view to_text(message_role role);
[[nodiscard]] std::string_view to_text(message_status status);
[[nodiscard]] std::string_view to_text(finish_reason reason);
[[nodiscard]] std::optional<message_role> parse_message_role(std::string_view text);
[[nodiscard]] std::optional<message_status> parse_message_status(std::string_view text);
[[nodiscard]] std::optional<finish_reason> parse_finish_reason(std::string_view text);

/// True for a status that no longer changes.
[[nodiscard]] constexpr bool is_final(message_status status) {
    return status != message_status::queued && status != message_status::in_progress;
}

/// Of all its texts together; for bounding pages.
[[nodiscard]] std::size_t text_bytes(message const& value);

/// Whether a reply can be asked for: to what a user said, or to what a tool answered.
[[nodiscard]] constexpr bool begins_turn(message_role role) {
    return role == message_role::user || role == message_role::tool;
}

/// What a client says about a message it sends.
struct message_draft {
    message_role role = message_role::user;
    message_content content;
    attributes metadata;
    std::optional<std::string> tool_call_id;  // of role tool, and only there
};

/// Errors: invalid_content (as make_content; a tool may say nothing), invalid_metadata, invalid_tool_call_id.
[[nodiscard]] result<message_draft> make_message_draft(message_draft draft);

}  // namespace parley
