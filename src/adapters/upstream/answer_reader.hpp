// A dialect's way to write answers: events of a stream, or one JSON object. No I/O.
// Thread safety: none; one reader per answer.
#pragma once

#include "adapters/upstream/failures.hpp"
#include "adapters/upstream/model_answer.hpp"

#include <memory>
#include <string_view>

namespace parley::upstream {

class answer_reader {
public:
    answer_reader() = default;
    answer_reader(answer_reader const&) = delete;
    answer_reader& operator=(answer_reader const&) = delete;
    virtual ~answer_reader() = default;

    /// Once answer.complete or answer.failure is set nothing must be fed any more.
    virtual void take_event(std::string_view type, std::string_view data, model_answer& into) = 0;
    /// The whole answer as one JSON text, although a stream was asked for.
    virtual void take_whole(std::string_view body, model_answer& into) = 0;
};

/// `words` must outlive the reader.
[[nodiscard]] std::unique_ptr<answer_reader> make_openai_reader(failures const& words);
[[nodiscard]] std::unique_ptr<answer_reader> make_anthropic_reader(failures const& words);

}  // namespace parley::upstream
