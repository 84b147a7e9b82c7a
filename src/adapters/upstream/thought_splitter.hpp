// Takes thoughts out of an answer that begins with them: "<think>…</think>" and then what is to be said, as
// models write it whose server does not tell the two apart (DeepSeek R1, Qwen 3, …). Further in, the words
// are text like any other. No I/O. Thread safety: none; one per answer.
#pragma once

#include <string>
#include <string_view>

namespace parley::upstream {

class thought_splitter {
public:
    struct split {
        std::string thought;
        std::string said;  // comes behind the thought
    };

    /// What is certain with this piece; the rest is kept for the next one.
    [[nodiscard]] split feed(std::string_view text);
    /// What was kept, at the end of the answer.
    [[nodiscard]] split finish();
    /// All that comes is said.
    [[nodiscard]] bool over() const { return place_ == place::said && kept_.empty(); }
    /// The server tells thoughts apart by itself.
    void leave_alone() { place_ = place::said; }

private:
    enum class place { beginning, thought, between, said };

    [[nodiscard]] bool step(split& out);

    place place_ = place::beginning;
    std::string kept_;
};

}  // namespace parley::upstream
