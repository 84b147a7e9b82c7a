// Whether a caller may go on: requests in a minute, open event streams, replies that are not over, tokens in
// a day; of the user, and of the API key that was shown if it has limits of its own. While the limiter can
// not answer, nobody is held up.
// Thread safety: any event loop. Ownership: all references outlive it.
#pragma once

#include "modules/identity/caller.hpp"
#include "modules/limits/held_places.hpp"
#include "modules/limits/stream_place.hpp"
#include "modules/turn/turn_gate.hpp"
#include "services/clock.hpp"
#include "services/limiter.hpp"
#include "services/usage_store.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parley {

/// A limit of requests, as a client is told of it.
struct request_allowance {
    std::string_view whose;  // "user" or "key"
    rate_limit rate;
    limit_verdict verdict;
};

/// A reply that holds places.
struct admitted_reply {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    message_id reply;
};
inline constexpr std::chrono::seconds reply_stay{20};

class usage_guard final : public turn_gate {
public:
    /// `defaults`: of users; a limit that is absent there is none. `silence`: so long an event stream may
    /// have nothing to write, and so not say that it is there.
    usage_guard(limiter& counts, usage_store& usage, clock const& time, usage_limits defaults,
                std::chrono::milliseconds silence);

    /// Takes a request of each limit there is; when one refuses, it is the last, and the others have been
    /// taken.
    [[nodiscard]] task<std::vector<request_allowance>> take_request(caller const& who);

    /// Null when there is no limit. Errors: rate_limited (too_many_streams).
    [[nodiscard]] task<result<std::unique_ptr<stream_place>>> open_stream(caller const& who);

    /// Errors: rate_limited (too_many_generations, no_tokens_left).
    [[nodiscard]] task<result<void>> enter(turn_request const& asked) override;
    void refused(turn_request const& asked) override;
    void over(user_id user, message const& reply) override;

    /// Those that were let in here at least reply_stay ago and of whose end nothing was heard.
    [[nodiscard]] std::vector<admitted_reply> admitted();

    /// To be called every reply_stay or oftener: else its places are free after three of them.
    [[nodiscard]] task<void> stay(message_id reply);

private:
    struct admission {
        user_id user;
        interaction_id interaction;
        std::vector<place> places;
        std::optional<key_id> key;  // whose tokens are limited
        timestamp since;
    };

    [[nodiscard]] std::optional<admission> forget(message_id const& reply);
    [[nodiscard]] std::optional<admission> find(message_id const& reply);
    [[nodiscard]] task<result<void>> check_tokens(turn_request const& asked);

    limiter& counts_;
    usage_store& usage_;
    clock const& time_;
    usage_limits const defaults_;
    std::chrono::milliseconds const stream_life_;
    std::mutex guard_;
    std::unordered_map<message_id, admission, id_hash> admitted_;  // guarded
};

}  // namespace parley
