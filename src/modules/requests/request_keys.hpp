// Requests that happen once, however often they are sent: those with an Idempotency-Key. See request_store
// for how a retry is recognised across crashes; here its copies in one process wait for each other, so that
// none sees the half of another one's work.
// Thread safety: all functions from any event loop; an entry belongs to one coroutine.
#pragma once

#include "common/error.hpp"
#include "common/sha256.hpp"
#include "common/task.hpp"
#include "modules/requests/key_locks.hpp"
#include "services/clock.hpp"
#include "services/request_store.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace parley {

/// What is asked under which key.
struct keyed_request {
    parley::user_id user_id;
    std::optional<std::string> key;  // absent: it happens each time it is sent
    sha256_digest fingerprint{};
    std::optional<parley::interaction_id> interaction_id;  // that it is about; absent: it makes one
};

/// Whether the error leaves open if anything was stored.
[[nodiscard]] bool is_doubtful(error const& why);

class request_keys {
public:
    request_keys(request_store& store, clock const& time) : store_(store), time_(time) {}

    /// A request that is being carried out: the ids to write under, and the key while nobody else may.
    struct entry {
        remembered_request request;
        bool repeated = false;  // it was begun before, perhaps carried out
        bool is_over = false;   // repeated, and so late that the first attempt is at its end, however it went
        std::optional<key_locks::lock> held{};
    };

    /// Errors: invalid (idempotency_key_reused) when the user has asked something else under this key; those
    /// of the store.
    [[nodiscard]] task<result<entry>> enter(keyed_request asked);

    /// To be called with the outcome: a refused request uses up no key. Keeps the key where nobody knows
    /// whether something was stored, now or when the request was begun before, and where a copy has come
    /// since.
    [[nodiscard]] task<void> refused(entry const& asked, error const& why);

    /// Removes keys that are older than 24 hours. Returns how many.
    [[nodiscard]] task<result<std::size_t>> sweep();

private:
    request_store& store_;
    clock const& time_;
    key_locks locks_;
};

}  // namespace parley
