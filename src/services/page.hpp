// Keyset paging: a page starts after (or before) a position in a total order, never at an offset.
#pragma once

#include "entities/limits.hpp"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace parley {

/// Of the texts of one page. A page ends before the item that goes beyond.
inline constexpr std::size_t page_bytes = 1'048'576;

enum class page_order { ascending, descending };

/// What a page may still take. A first item always fits, so that every page leads on.
class page_budget {
public:
    /// Whether a further item with so many bytes of text belongs to the page; after a no the page is full.
    [[nodiscard]] bool takes(std::size_t bytes) {
        bytes_ += bytes;
        return std::exchange(first_, false) || bytes_ <= page_bytes;
    }

private:
    std::size_t bytes_ = 0;
    bool first_ = true;
};

/// `Position` is where an item stands in the total order.
template <class Position>
struct page_query {
    std::size_t limit = limits::default_page;   // 1–100
    page_order order = page_order::descending;  // order of the items in the answer
    std::optional<Position> after;              // items behind this one in `order`
    std::optional<Position> before;  // items ahead of this one in `order`: the nearest `limit` of them
    // At most one of after and before is set.
};

/// `data` is in the order asked for, and may hold less than the limit when the items are long. `has_more`:
/// there are items behind the last one (in `order`); `has_previous`: there are items ahead of the first one.
template <class Item>
struct page {
    std::vector<Item> data;
    bool has_more = false;
    bool has_previous = false;
};

}  // namespace parley
