// The port that remembers requests by their Idempotency-Key, so that one that is sent again happens once.
//
// Whoever carries a request out makes all ids beforehand, lets them be remembered, and then writes under
// them; every write may be repeated with the same ids. So a request that was cut off between any two writes
// is carried to its end by the client's retry, and one that has ended is answered from what is stored. Thread
// safety and errors: as conversation_store.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/sha256.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"

#include <cstddef>
#include <string>

namespace parley {

struct remembered_request {
    parley::user_id user_id;
    std::string key;                        // 1–255 characters of printable ASCII, the client's
    sha256_digest fingerprint{};            // of what was asked
    parley::interaction_id interaction_id;  // the one that it makes, or that it is about
    message_id first;                       // ids for what it makes; which, is up to the request
    message_id second;
    branch_id branch;
    timestamp at;  // when it was first asked; what it makes has this time
    bool operator==(remembered_request const&) const = default;
};

class request_store {
public:
    request_store() = default;
    request_store(request_store const&) = delete;
    request_store& operator=(request_store const&) = delete;
    virtual ~request_store() = default;

    /// Stores it if the user has no request under this key, and returns the one that is there now.
    /// Repeatable.
    [[nodiscard]] virtual task<result<remembered_request>> remember(remembered_request wanted) = 0;

    /// Makes the key free again if it still stands for this very request (same user, key and `first`): it was
    /// refused. Not when a copy (the same fingerprint, another `first`) has asked to remember it since:
    /// another process may be carrying that out under the ids that it was given.
    [[nodiscard]] virtual task<result<void>> forget(remembered_request refused) = 0;

    /// Removes requests that were first asked before `before`, at most `limit`. Returns how many. Deleting an
    /// interaction removes those about it (conversation_store).
    [[nodiscard]] virtual task<result<std::size_t>> sweep(timestamp before, std::size_t limit) = 0;
};

}  // namespace parley
