// The part of the native API that a chat needs, as calls with values. JSON stays in here.
// Thread safety: as http_client.
#pragma once

#include "adapters/client/http_client.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::client {

/// What may be set when an interaction begins or goes on.
struct chat_settings {
    std::optional<std::string> model_name;
    std::optional<std::string> prompt;
};

struct chat_message {
    std::string role;  // "user", "assistant", …
    std::string text;
    std::string status;         // "complete", "stopped", "interrupted", "failed", …
    std::string finish_reason;  // "stop", "length" or empty
    std::string problem;        // why it failed, for people; empty otherwise
};

/// Who hears a reply while it is written.
class reply_listener {
public:
    reply_listener() = default;
    reply_listener(reply_listener const&) = delete;
    reply_listener& operator=(reply_listener const&) = delete;
    virtual ~reply_listener() = default;

    /// The message is stored and the reply has this id.
    virtual void on_begin(std::string_view reply_id) = 0;
    virtual void on_text(std::string_view delta) = 0;
};

class chat_api {
public:
    explicit chat_api(server_address where) : http_{std::move(where)} {}

    // Errors of all calls: those of http_client; what the server refused, with its code and its sentence;
    // malformed (bad_answer) for an answer that is not in the contract.

    /// The new interaction's id.
    [[nodiscard]] task<result<std::string>> create_interaction(chat_settings settings) const;

    /// Sets what is given, leaves the rest.
    [[nodiscard]] task<result<void>> change_interaction(std::string interaction,
                                                        chat_settings settings) const;

    /// The newest `count` (1–100) messages, the oldest of them first.
    [[nodiscard]] task<result<std::vector<chat_message>>> latest_messages(std::string interaction,
                                                                          int count) const;

    /// Sends a message and follows its reply; what comes back is the reply as it was stored.
    [[nodiscard]] task<result<chat_message>> converse(std::string interaction, std::string content,
                                                      reply_listener& listener) const;

    /// Returns when the reply is over.
    [[nodiscard]] task<result<void>> stop_reply(std::string interaction, std::string reply) const;

private:
    http_client http_;
};

}  // namespace parley::client
