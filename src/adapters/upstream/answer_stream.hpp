// The body of an answer, as it comes, into what the model says: finds out whether it is a stream of events,
// one JSON object or something else. No I/O. Thread safety: none; one per answer.
#pragma once

#include "adapters/upstream/answer_reader.hpp"
#include "common/sse_parser.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace parley::upstream {

class answer_stream {
public:
    /// `words` must outlive the stream.
    answer_stream(std::unique_ptr<answer_reader> dialect, failures const& words);

    /// Bytes of the body, cut anywhere; nothing is read any more when it is over().
    void feed(std::string_view bytes);

    /// The body is over, by its own end or (`cut_off`) because the connection was lost. over() from now on.
    void finish(bool cut_off);

    /// True when nothing more is expected: the end mark or a failure has come.
    [[nodiscard]] bool over() const { return answer_.complete || answer_.failure.has_value(); }

    [[nodiscard]] model_answer& answer() { return answer_; }
    [[nodiscard]] model_answer const& answer() const { return answer_; }

private:
    enum class form { unknown, events, json };

    [[nodiscard]] bool find_form();
    void feed_events(std::string_view bytes);
    void take(std::vector<sse_event> const& events);

    std::unique_ptr<answer_reader> const dialect_;
    failures const& words_;
    form form_ = form::unknown;
    std::string kept_;  // while the form is unknown, and all of a JSON object
    sse_parser parser_;
    model_answer answer_;
};

}  // namespace parley::upstream
