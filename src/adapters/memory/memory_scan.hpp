// How keyset.hpp reads a vector.
#pragma once

#include "common/error.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace parley {

/// The members of `all`, in ascending order of position, as a scan reads them.
template <class Item, class PositionOf>
auto scan_of(std::vector<Item> const& all, PositionOf position_of) {
    return [&all, position_of](bool ascending, auto const& from,
                               std::size_t limit) -> result<std::vector<Item>> {
        std::vector<Item> out;
        auto const take = [&](Item const& item) {
            bool const beyond = !from || (ascending ? *from < position_of(item) : position_of(item) < *from);
            if (beyond && out.size() < limit) out.push_back(item);
        };
        if (ascending) {
            std::for_each(all.begin(), all.end(), take);
        } else {
            std::for_each(all.rbegin(), all.rend(), take);
        }
        return out;
    };
}

}  // namespace parley
