// How a keyset page is read from anything that can scan a total order in both directions.
#pragma once

#include "common/error.hpp"
#include "services/page.hpp"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <vector>

namespace parley {

/// For items whose size does not matter.
struct no_bytes {
    template <class Item>
    std::size_t operator()(Item const&) const {
        return 0;
    }
};

/// How many of the first `limit` items a page takes: at least one, and no more than page_bytes of
/// text.
template <class Item, class BytesOf>
[[nodiscard]] std::size_t fitting(std::vector<Item> const& items, std::size_t limit,
                                  BytesOf const& bytes_of) {
    auto const most = std::min(items.size(), limit);
    page_budget budget;
    for (std::size_t i = 0; i < most; ++i) {
        if (!budget.takes(bytes_of(items[i]))) return i;
    }
    return most;
}

/// `scan(ascending, from, limit)` gives a result<std::vector<Item>>: at most `limit` items strictly beyond
/// `from` in that direction, or from the very end of the order when `from` is absent. `position_of(item)` is
/// where an item stands, `bytes_of(item)` how much text it carries: a scan may end behind the item that goes
/// beyond page_bytes, the page ends before it. Of an empty page, has_more and has_previous say
/// whether there is anything on that side at all.
template <class Item, class Position, class Scan, class PositionOf, class BytesOf = no_bytes>
[[nodiscard]] result<page<Item>> read_page(page_query<Position> const& wanted, Scan const& scan,
                                           PositionOf const& position_of, BytesOf const& bytes_of = {}) {
    bool const backwards = wanted.before.has_value();
    bool const ascending = (wanted.order == page_order::ascending) != backwards;
    auto const& from = backwards ? wanted.before : wanted.after;

    result<std::vector<Item>> items = scan(ascending, from, wanted.limit + 1);
    if (!items) return std::unexpected(items.error());
    auto const kept = fitting(*items, wanted.limit, bytes_of);
    bool const beyond = items->size() > kept;
    if (beyond) items->resize(kept);

    bool behind = false;  // on the side that the scan came from
    if (from) {
        auto const edge =
            items->empty() ? std::optional<Position>{} : std::optional<Position>{position_of(items->front())};
        result<std::vector<Item>> const other = scan(!ascending, edge, 1);
        if (!other) return std::unexpected(other.error());
        behind = !other->empty();
    }
    if (backwards) std::ranges::reverse(*items);
    return page<Item>{std::move(*items), backwards ? behind : beyond, backwards ? beyond : behind};
}

}  // namespace parley
