// Which targets of a route a request may go to, and in which order.
// Thread safety: plain functions. Ownership: values only.
#pragma once

#include "services/language_model.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace parley {

/// A whole number from 0 up to but not including `below`, each as likely as the others. From any thread.
using random_source = std::function<std::uint64_t(std::uint64_t below)>;

[[nodiscard]] std::uint64_t random_below(std::uint64_t below);

/// Of the images only those of this turn: older ones may go, see without_images().
[[nodiscard]] model_abilities needed_by(generation_request const& request);

[[nodiscard]] bool shows_images(generation_request const& request);

/// For a target that takes none: each message says where it had some.
[[nodiscard]] generation_request without_images(generation_request request);

/// "tools", "a response format" or "images": the first that is needed and not there; empty when all are.
[[nodiscard]] std::string_view missing(model_abilities const& needed, model_abilities const& there);

/// `able`: places in the route of the targets that can do it, in the route's order. One of those that have a
/// weight comes first, as often as its weight says; the others follow in their order. Without a weight: as
/// they are.
[[nodiscard]] std::vector<std::size_t> order_of(std::vector<std::size_t> able,
                                                std::vector<std::uint64_t> const& weights,
                                                random_source const& random);

}  // namespace parley
