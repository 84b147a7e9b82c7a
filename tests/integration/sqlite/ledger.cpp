#include "ledger.hpp"

#include <gtest/gtest.h>

namespace parley::test {

void ledger::submitted(message_id const& id) {
    std::lock_guard const lock{guard_};
    submitted_.insert(id);
}

void ledger::acknowledged(message const& stored) {
    std::lock_guard const lock{guard_};
    promised_[stored.message_id] = stored;
}

void ledger::acknowledged_text(message_id const& reply, std::string text) {
    std::lock_guard const lock{guard_};
    promised_.at(reply).content = std::move(text);
}

void ledger::check(interaction const& in, std::vector<message> const& found) const {
    std::lock_guard const lock{guard_};
    std::map<message_id, message> there;
    std::optional<message_id> previous;
    std::int64_t seq = 0;
    for (auto const& one : found) {
        EXPECT_EQ(one.seq, ++seq) << "numbers without gaps";
        EXPECT_EQ(one.parent_id, previous) << "a chain";
        EXPECT_TRUE(submitted_.contains(one.message_id)) << "nobody sent message " << seq;
        EXPECT_TRUE(there.emplace(one.message_id, one).second) << "message " << seq << " is there twice";
        previous = one.message_id;
    }
    for (auto const& [id, promised] : promised_) {
        if (promised.interaction_id != in.interaction_id) continue;
        auto const at = there.find(id);
        if (at == there.end()) {
            ADD_FAILURE() << "lost: message " << promised.seq;
            continue;
        }
        auto const& kept = at->second;
        EXPECT_EQ(kept.seq, promised.seq);
        EXPECT_EQ(kept.role, promised.role);
        if (is_final(promised.status)) {
            EXPECT_EQ(kept, promised);
        } else {
            // Whatever came after the last acknowledged checkpoint may be there too.
            auto const text = plain_text(promised.content);
            EXPECT_EQ(plain_text(kept.content).substr(0, text.size()), text) << "a checkpoint went back";
        }
    }
}

std::size_t ledger::size() const {
    std::lock_guard const lock{guard_};
    return promised_.size();
}

}  // namespace parley::test
