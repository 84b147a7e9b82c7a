// What has come of a model's answer, whatever the dialect. Thread safety: none.
#pragma once

#include "adapters/upstream/thought_splitter.hpp"
#include "adapters/upstream/tool_call_builder.hpp"
#include "common/error.hpp"
#include "common/utf8_stream.hpp"
#include "entities/message.hpp"
#include "services/token_estimate.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::upstream {

struct answer_piece {
    bool reasoning = false;
    std::string text;  // valid UTF-8, never empty
    bool operator==(answer_piece const&) const = default;
};

/// What the server says about tokens; each may be missing.
struct told_usage {
    std::optional<std::int64_t> input;  // the cached part included
    std::optional<std::int64_t> cached;
    std::optional<std::int64_t> output;
};

class model_answer {
public:
    /// Takes text; pieces of one kind that nobody has taken out are merged. Thoughts that stand in the text
    /// are taken apart when no others have come.
    void say(std::string_view text);
    void think(std::string_view text);
    /// False when the calls are more than a reply may have.
    [[nodiscard]] bool call(tool_call_fragment const& piece);
    /// No more text will come.
    void close();

    /// Of text that was not taken out.
    [[nodiscard]] std::size_t waiting_bytes() const { return waiting_; }
    [[nodiscard]] bool has_piece() const { return !pieces_.empty(); }
    /// The oldest piece; there must be one.
    [[nodiscard]] answer_piece take_piece();

    /// How often something of the answer has come: text, thought or a call. For deadlines and timings.
    [[nodiscard]] std::size_t steps() const { return steps_; }
    [[nodiscard]] std::int64_t estimated_output() const { return written_.tokens(); }

    bool begun = false;     // something that belongs to an answer has come, perhaps without text
    bool complete = false;  // nothing more comes: its end mark was seen
    std::optional<parley::finish_reason> finish;
    told_usage usage;
    tool_call_builder calls;
    std::optional<error> failure;

private:
    void add(std::string_view text, bool reasoning);
    void keep(std::string text, bool reasoning);

    thought_splitter splitter_;
    std::vector<answer_piece> pieces_;
    std::size_t waiting_ = 0;
    std::size_t steps_ = 0;
    token_estimate written_;
    utf8_stream text_;
    utf8_stream thoughts_;
};

}  // namespace parley::upstream
