// The command `parley chat`: a conversation from the terminal with a server that runs.
#pragma once

#include <optional>
#include <string>

namespace parley {

struct chat_options {
    std::string url = "http://127.0.0.1:8080";
    std::string api_key;                       // empty: none is sent
    std::optional<std::string> interaction;    // go on with this one; otherwise a new one is created
    std::optional<std::string> model;          // settings.model_name
    std::optional<std::string> system_prompt;  // settings.prompt
};

enum class chat_end {
    left,         // the end of the input, Ctrl-D, or Ctrl-C at the prompt
    failed,       // the server refused or broke off; in a terminal only what concerns the whole conversation
    bad_address,  // the URL can not be used
    no_server,    // nobody answers at the URL
};

/// Reads standard input, writes replies to standard output and everything else to standard error. Blocks;
/// takes SIGINT over for this thread and those it starts.
[[nodiscard]] chat_end run_chat(chat_options const& options);

}  // namespace parley
