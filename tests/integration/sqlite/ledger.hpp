// What the store has promised: filled by clients as their calls return, compared with what is there after a
// power cut. Thread safety: all functions from any thread, check() when no client runs.
#pragma once

#include "services/conversation_store.hpp"

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace parley::test {

class ledger {
public:
    /// Before the call: this message may come to exist.
    void submitted(message_id const& id);
    /// After success: this message exists, and says at least this. `final` when it no longer changes.
    void acknowledged(message const& stored);
    /// After a successful checkpoint.
    void acknowledged_text(message_id const& reply, std::string text);

    /// Adds a failure to the running test for whatever was promised and is not so.
    void check(interaction const& in, std::vector<message> const& found) const;

    [[nodiscard]] std::size_t size() const;

private:
    mutable std::mutex guard_;
    std::set<message_id> submitted_;          // guarded
    std::map<message_id, message> promised_;  // guarded
};

}  // namespace parley::test
