// Reads the body of an answer in pieces of every size that matters and demands that it makes no difference.
#pragma once

#include "adapters/upstream/answer_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace parley::upstream {

/// What was read of an answer, to its end.
struct read_answer {
    std::string text;
    std::string reasoning;
    std::optional<parley::finish_reason> finish;
    bool complete = false;
    std::vector<tool_call> calls;
    std::optional<std::int64_t> input;
    std::optional<std::int64_t> cached;
    std::optional<std::int64_t> output;
    std::string code;     // of the failure
    std::string problem;  // its sentence
    bool operator==(read_answer const&) const = default;
};

inline failures const& plain_words() {
    static failures const words{"test", {"sk-canary-0123456789"}};
    return words;
}

enum class dialect { openai, anthropic };

inline read_answer read_in_pieces(dialect which, std::string_view body, std::size_t size, bool cut_off) {
    answer_stream stream{
        which == dialect::openai ? make_openai_reader(plain_words()) : make_anthropic_reader(plain_words()),
        plain_words()};
    read_answer out;
    auto& answer = stream.answer();
    auto const take = [&] {
        while (answer.has_piece()) {
            auto piece = answer.take_piece();
            (piece.reasoning ? out.reasoning : out.text) += piece.text;
        }
    };
    for (std::size_t at = 0; at < body.size(); at += size) {
        stream.feed(body.substr(at, size));
        take();
    }
    stream.finish(cut_off);
    take();
    out.finish = answer.finish;
    out.complete = answer.complete;
    if (auto calls = answer.calls.take(false)) out.calls = std::move(*calls);
    out.input = answer.usage.input;
    out.cached = answer.usage.cached;
    out.output = answer.usage.output;
    if (answer.failure) {
        out.code = answer.failure->code;
        out.problem = answer.failure->message;
    }
    return out;
}

inline read_answer read(dialect which, std::string_view body, bool cut_off = false) {
    auto const whole = read_in_pieces(which, body, std::max<std::size_t>(body.size(), 1), cut_off);
    for (std::size_t const size : {1U, 2U, 3U, 7U}) {
        auto const same = read_in_pieces(which, body, size, cut_off) == whole;
        EXPECT_TRUE(same) << "pieces of " << size << " of:\n" << body;
    }
    return whole;
}

}  // namespace parley::upstream
