// Takes a reply apart while it is written: the answer, what was thought before it, the calls of tools.
// Thread safety: none; one belongs to one reply.
#pragma once

#include "adapters/llama/nesting_depth.hpp"
#include "adapters/llama/reply_form.hpp"
#include "common/stop_filter.hpp"
#include "entities/tools.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct common_chat_msg;

namespace parley {

class reply_parser {
public:
    using clock = std::chrono::steady_clock;

    explicit reply_parser(reply_form const& form)
        : parser_(form.parser),
          triggers_(form.words),
          stops_(form.stops) {}

    /// Whole characters.
    void feed(std::string_view text) {
        text_ += stops_.feed(text);
        nesting_.feed(text);
    }

    /// The template's own end has come.
    [[nodiscard]] bool ended() const { return stops_.matched(); }

    /// What is new since the last call.
    struct pieces {
        std::string reasoning;
        std::string content;
    };

    /// The parser begins anew with every call (50 µs for 8 KiB), so it rests while it has had more than a
    /// fiftieth of the time since the first one.
    [[nodiscard]] pieces fresh(clock::time_point now);

    struct outcome {
        pieces rest;
        std::vector<tool_call> calls;
    };

    /// `whole`: the model came to its own end; otherwise calls may be cut off, and none are told. A call
    /// whose arguments are no JSON object is no call: it is shown as text.
    [[nodiscard]] outcome finish(bool whole);

private:
    [[nodiscard]] std::optional<common_chat_msg> parsed(bool partial) const;
    [[nodiscard]] pieces advance(common_chat_msg const& to);
    [[nodiscard]] bool is_held_back(std::string_view content) const;
    [[nodiscard]] pieces rest_as_text();

    std::shared_ptr<common_chat_parser_params const> parser_;
    std::vector<std::string> triggers_;
    stop_filter stops_;
    std::string text_;
    nesting_depth nesting_;
    std::size_t parsed_bytes_ = 0;
    std::string reasoning_;  // shown
    std::string content_;    // shown
    std::optional<clock::time_point> begun_;
    clock::duration spent_{};
};

}  // namespace parley
