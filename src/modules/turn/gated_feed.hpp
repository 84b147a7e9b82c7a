// A user feed that tells the gate which replies are over: all ends are published, whoever wrote the reply.
// Thread safety: as the port. Ownership: feed and gate outlive it.
#pragma once

#include "modules/turn/turn_gate.hpp"
#include "services/user_feed.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace parley {

class gated_feed final : public user_feed {
public:
    gated_feed(user_feed& feed, turn_gate& gate) : feed_(feed), gate_(gate) {}

    void publish(user_id user, user_event what) override {
        if (auto const* const ended = std::get_if<reply_ended>(&what)) gate_.over(user, ended->value);
        feed_.publish(user, std::move(what));
    }
    [[nodiscard]] std::unique_ptr<user_feed_reader> follow(user_id user, std::optional<std::string> after,
                                                           wakeup& alarm) override {
        return feed_.follow(user, std::move(after), alarm);
    }

private:
    user_feed& feed_;
    turn_gate& gate_;
};

}  // namespace parley
