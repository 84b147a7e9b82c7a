// A thread's memory of where a set of labels is counted, so that the families' locked maps are asked once per
// set. Thread safety: one instance per thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley {

/// What tells one handle from the others of a family.
struct handle_labels {
    std::string_view first;
    std::string_view second{};
    std::string_view third{};
    unsigned number = 0;
};

/// `Handle` is cheap to copy. Slots are found by the labels' addresses (they are nearly always the same
/// literals) and checked by their content.
template <class Handle>
class handle_cache {
public:
    /// The handle kept for these labels of `owner`, or the one that `make()` gives, which is kept from then
    /// on.
    template <class Make>
    Handle find(std::uint64_t owner, handle_labels const& labels, Make make) {
        auto& slot = slots_[index(labels)];
        if (slot.owner != owner || slot.number != labels.number || slot.first != labels.first ||
            slot.second != labels.second || slot.third != labels.third) {
            slot = {owner,
                    labels.number,
                    std::string(labels.first),
                    std::string(labels.second),
                    std::string(labels.third),
                    make()};
        }
        return slot.handle;
    }

private:
    struct entry {
        std::uint64_t owner = 0;
        unsigned number = 0;
        std::string first;
        std::string second;
        std::string third;
        Handle handle{};
    };

    static constexpr std::size_t slot_count = 256;

    static std::size_t index(handle_labels const& labels) {
        auto const a = reinterpret_cast<std::uintptr_t>(labels.first.data());
        auto const b = reinterpret_cast<std::uintptr_t>(labels.second.data());
        auto const c = reinterpret_cast<std::uintptr_t>(labels.third.data());
        auto const mixed = (a * 0x9e3779b97f4a7c15U) ^ (b * 0xc2b2ae3d27d4eb4fU) ^ (c * 0xff51afd7ed558ccdU) ^
                           (labels.number * 0x165667b19e3779f9U);
        return (mixed >> 32U) % slot_count;
    }

    std::array<entry, slot_count> slots_{};
};

}  // namespace parley
