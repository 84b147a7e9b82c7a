// What each sequence of the context holds: whose conversation, and which of its tokens. Decides which
// sequence a new reply gets and how much of it can be kept. Knows nothing of llama.cpp; saving states to disk
// will ask here, too. Thread safety: none; belongs to the engine's thread.
#pragma once

#include "common/id.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace parley {

using token_id = std::int32_t;

/// Whose state it is. A nil interaction owns nothing: its state is neither kept nor continued.
struct kv_owner {
    parley::user_id user;
    parley::interaction_id interaction;
    bool operator==(kv_owner const&) const = default;
};

class kv_slots {
public:
    explicit kv_slots(std::size_t count);

    struct claim {
        std::size_t slot = 0;
        std::size_t kept = 0;  // tokens at the beginning of the prompt that the slot holds already
    };

    /// A free slot for this prompt, busy from now on; nullopt when all are busy. It is
    ///  1. the owner's own slot with the longest common beginning, if that is at least half of what the slot
    ///  holds
    ///     (otherwise it is a prompt of another kind, a title for example, and the conversation's state is
    ///     spared),
    ///  2. else an empty slot, 3. else the one not used for the longest time.
    /// At least the last token is never kept: the model has to see one to go on.
    [[nodiscard]] std::optional<claim> take(kv_owner const& owner, std::span<token_id const> prompt);

    /// The slot holds these, too.
    void append(std::size_t slot, std::span<token_id const> tokens);
    /// Only the first `length` are still there.
    void cut(std::size_t slot, std::size_t length) { slots_[slot].tokens.resize(length); }
    void forget(std::size_t slot);

    /// Free again. What it holds stays for its owner's next turn.
    void release(std::size_t slot);

    [[nodiscard]] std::size_t held(std::size_t slot) const { return slots_[slot].tokens.size(); }

private:
    struct entry {
        kv_owner owner;
        std::vector<token_id> tokens;
        bool busy = false;
        std::uint64_t last_used = 0;
    };

    [[nodiscard]] std::optional<claim> own(kv_owner const& owner, std::span<token_id const> prompt) const;
    [[nodiscard]] std::optional<claim> empty_or_oldest() const;

    std::vector<entry> slots_;
    std::uint64_t uses_ = 0;
};

}  // namespace parley
