// What a scripted model is told to say. Pure functions over values.
#pragma once

#include "common/error.hpp"
#include "entities/message.hpp"
#include "services/language_model.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

struct script {
    std::vector<std::string> reasoning;  // said before the tokens, as what is thought
    std::vector<std::string> tokens;
    std::int64_t repeat = 1;                  // how often the tokens are said, 0–1,000,000
    std::chrono::milliseconds first_delay{};  // before the first token, 0–600,000
    std::chrono::milliseconds delay{};        // before each later one, 0–600,000
    std::optional<std::int64_t> fail_after;   // breaks off after so many tokens
    parley::finish_reason finish_reason = parley::finish_reason::stop;
    bool wait_for_stop = false;         // after the last token it goes on in silence until stop()
    std::vector<tool_call> tool_calls;  // at the end, which then has the finish_reason of that name
    error_kind fail_kind = error_kind::unavailable;
    std::string fail_code = "script_failure";
    std::optional<std::chrono::milliseconds> retry_after;  // of the failure
    bool refuse = false;                                   // fails before it begins: start() says so
};

/// The last user message decides: behind "script:" stands a JSON object with members of the names above
/// (delays as first_delay_ms, delay_ms and retry_after_ms); any other message is answered with
/// echo_of(prompt), word by word, and so is the result of a tool. With `as_json` that echo is a JSON object
/// with the member "echo". Errors: invalid (script_invalid).
[[nodiscard]] result<script> script_for(std::span<prompt_message const> prompt, bool as_json = false);

/// The failure that a script ends with.
[[nodiscard]] error failure_of(script const& told, std::string message);

/// The whole prompt in one readable line: "[system] Be brief. | [user] Look: {image} | [assistant] Well {call
/// get_time({})} | [tool call_1] noon".
[[nodiscard]] std::string echo_of(std::span<prompt_message const> prompt);

/// Words with the space behind them: put together they are the text again.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

/// One token for every word and every message, and one for the opening of the reply.
[[nodiscard]] std::int64_t count_words(generation_request const& request);

}  // namespace parley
