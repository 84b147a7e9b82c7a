// Whether a caller may go on: requests in a minute, open event streams, replies that are not over, tokens in
// a day; of the user, and of the API key that was shown if it has limits of its own. While the limiter can
// not answer, nobody is held up.
// Thread safety: any event loop. Ownership: all references outlive it.
#pragma once

#include "modules/identity/caller.hpp"
#include "modules/limits/stream_place.hpp"
#include "modules/turn/turn_gate.hpp"
#include "services/clock.hpp"
#include "services/limiter.hpp"
#include "services/usage_store.hpp"

#include <memory>
#include <mutex>
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

class usage_guard final : public turn_gate {
public:
    /// `defaults`: of users; a limit that is absent there is none.
    usage_guard(limiter& counts, usage_store& usage, clock const& time, usage_limits defaults);

    /// Takes a request of each limit there is; when one refuses, it is the last, and the others have been
    /// taken.
    [[nodiscard]] task<std::vector<request_allowance>> take_request(caller const& who);

    /// Null when there is no limit. Errors: rate_limited (too_many_streams).
    [[nodiscard]] task<result<std::unique_ptr<stream_place>>> open_stream(caller const& who);

    /// Errors: rate_limited (too_many_generations, no_tokens_left).
    [[nodiscard]] task<result<void>> enter(turn_request const& asked) override;
    void refused(turn_request const& asked) override;
    void over(user_id user, message const& reply) override;

private:
    [[nodiscard]] task<result<void>> check_tokens(turn_request const& asked);

    limiter& counts_;
    usage_store& usage_;
    clock const& time_;
    usage_limits const defaults_;
    std::mutex guard_;
    std::unordered_map<message_id, key_id, id_hash> keys_;  // guarded: with which a reply was asked for
};

}  // namespace parley
