#include "adapters/llama/kv_slots.hpp"

#include <algorithm>
#include <ranges>

namespace parley {

namespace {

std::size_t common_beginning(std::span<token_id const> a, std::span<token_id const> b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

kv_slots::kv_slots(std::size_t count) : slots_(count) {}

std::optional<kv_slots::claim> kv_slots::take(kv_owner const& owner, std::span<token_id const> prompt) {
    auto taken = own(owner, prompt);
    if (!taken) taken = empty_or_oldest();
    if (!taken) return std::nullopt;
    auto& slot = slots_[taken->slot];
    slot.owner = owner;
    slot.tokens.resize(taken->kept);
    slot.busy = true;
    return taken;
}

std::optional<kv_slots::claim> kv_slots::own(kv_owner const& owner, std::span<token_id const> prompt) const {
    std::optional<claim> best;
    if (owner.interaction.is_nil() || prompt.empty()) return best;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        auto const& slot = slots_[i];
        if (slot.busy || slot.owner != owner) continue;
        auto const common = common_beginning(slot.tokens, prompt);
        if (common == 0 || common * 2 < slot.tokens.size()) continue;
        auto const kept = std::min(common, prompt.size() - 1);
        if (!best || kept > best->kept) best = claim{i, kept};
    }
    return best;
}

std::optional<kv_slots::claim> kv_slots::empty_or_oldest() const {
    auto free = std::views::iota(std::size_t{0}, slots_.size()) |
                std::views::filter([this](std::size_t i) { return !slots_[i].busy; });
    auto const age = [this](std::size_t i) { return slots_[i].tokens.empty() ? 0 : slots_[i].last_used; };
    auto const oldest = std::ranges::min_element(free, {}, age);
    if (oldest == free.end()) return std::nullopt;
    return claim{*oldest, 0};
}

void kv_slots::append(std::size_t slot, std::span<token_id const> tokens) {
    slots_[slot].tokens.insert(slots_[slot].tokens.end(), tokens.begin(), tokens.end());
}

void kv_slots::forget(std::size_t slot) {
    slots_[slot].tokens.clear();
    slots_[slot].owner = {};
}

void kv_slots::release(std::size_t slot) {
    if (slots_[slot].owner.interaction.is_nil()) forget(slot);
    slots_[slot].busy = false;
    slots_[slot].last_used = ++uses_;
}

}  // namespace parley
