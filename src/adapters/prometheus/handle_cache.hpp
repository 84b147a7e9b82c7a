// A thread's memory of where a set of labels is counted, so that the families' locked maps are asked once per
// set. Thread safety: one instance per thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley {

/// `Handle` is cheap to copy. Slots are found by the labels' addresses (they are nearly always the same
/// literals) and checked by their content.
template <class Handle>
class handle_cache {
public:
    /// The handle kept for these labels of `owner`, or the one that `make()` gives, which is kept from then
    /// on.
    template <class Make>
    Handle find(std::uint64_t owner, std::string_view first, std::string_view second, unsigned number,
                Make make) {
        auto& slot = slots_[index(first, second, number)];
        if (slot.owner != owner || slot.number != number || slot.first != first || slot.second != second) {
            slot = {owner, number, std::string(first), std::string(second), make()};
        }
        return slot.handle;
    }

private:
    struct entry {
        std::uint64_t owner = 0;
        unsigned number = 0;
        std::string first;
        std::string second;
        Handle handle{};
    };

    static constexpr std::size_t slot_count = 256;

    static std::size_t index(std::string_view first, std::string_view second, unsigned number) {
        auto const a = reinterpret_cast<std::uintptr_t>(first.data());
        auto const b = reinterpret_cast<std::uintptr_t>(second.data());
        auto const mixed =
            (a * 0x9e3779b97f4a7c15U) ^ (b * 0xc2b2ae3d27d4eb4fU) ^ (number * 0x165667b19e3779f9U);
        return (mixed >> 32U) % slot_count;
    }

    std::array<entry, slot_count> slots_{};
};

}  // namespace parley
