// llama.cpp's global state: set up once in the process, its log led into ours.
#pragma once

#include <string>

namespace parley {

/// Call before anything else of llama.cpp; repeating it does nothing. Thread safe.
void start_llama_backend();

/// Keeps what llama.cpp complains about on this thread while it lives, for messages to people. One at a time
/// in a thread.
class llama_complaints {
public:
    llama_complaints();
    ~llama_complaints();
    llama_complaints(llama_complaints const&) = delete;
    llama_complaints& operator=(llama_complaints const&) = delete;

    [[nodiscard]] std::string const& text() const { return text_; }

private:
    std::string text_;
};

}  // namespace parley
