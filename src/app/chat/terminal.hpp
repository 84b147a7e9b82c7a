// The person's side of a chat: lines from standard input, replies to standard output, all else to standard
// error. Thread safety: none.
#pragma once

#include "app/chat/interrupts.hpp"

#include <string>
#include <string_view>

namespace parley {

struct terminal_input {
    enum class kind { line, end, interrupted };
    kind what = kind::end;
    std::string text{};
};

class terminal {
public:
    explicit terminal(interrupts& breaks);

    /// Somebody sits there: standard input is a terminal.
    [[nodiscard]] bool is_interactive() const { return interactive_; }

    /// One message: lines that end in a backslash go on in the next one. Shows a prompt to somebody who sits
    /// there.
    [[nodiscard]] terminal_input read_message();

    /// A piece of a reply, made visible.
    void reply(std::string_view piece);
    /// Ends the reply's last line if it is open.
    void end_reply();
    /// Whether a part of what was said could not be written to standard output.
    [[nodiscard]] bool output_failed() const { return output_failed_; }

    void note(std::string_view sentence);
    void problem(std::string_view sentence);
    /// An earlier message, as it would have looked.
    void earlier(std::string_view role, std::string_view text);

private:
    [[nodiscard]] terminal_input read_line(std::string_view prompt);
    void say(std::string_view colour, std::string_view text);
    void write(std::string_view text);

    interrupts& breaks_;
    bool interactive_;
    bool colours_;
    bool ended_ = false;
    bool line_open_ = false;
    bool output_failed_ = false;
    std::string unread_;
};

}  // namespace parley
