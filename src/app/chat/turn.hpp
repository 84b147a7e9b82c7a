// One question and its reply, with Ctrl-C.
#pragma once

#include "adapters/client/chat_api.hpp"
#include "app/chat/interrupts.hpp"
#include "app/chat/terminal.hpp"

#include <optional>
#include <string>

namespace parley {

/// What is shown of a reply so far.
class shown_reply final : public client::reply_listener {
public:
    explicit shown_reply(terminal& screen) : screen_{screen} {}

    void on_begin(std::string_view reply_id) override { id_ = reply_id; }
    void on_text(std::string_view delta) override;

    /// The stored reply replaces what was shown: prints what is missing.
    void complete(std::string_view stored);

    /// Empty until the message is stored.
    [[nodiscard]] std::string const& id() const { return id_; }

private:
    terminal& screen_;
    std::string id_;
    std::string text_;
};

/// Nothing when it was left alone by Ctrl-C: before the message was stored, or pressed again before the reply
/// was over. The first Ctrl-C has the server stop the reply, which then comes back as stopped. Errors as
/// chat_api::converse.
[[nodiscard]] task<std::optional<result<client::chat_message>>> take_turn(client::chat_api const& api,
                                                                          std::string interaction,
                                                                          std::string content,
                                                                          shown_reply& shown,
                                                                          interrupts& breaks);

}  // namespace parley
