// How much of the waiting prompts goes into the next batch. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parley {

/// Tokens of prompt in one batch: about the same time for every model, so that a stop takes effect and
/// running chats go on soon. Depends on the model alone, so that the same prompt is always cut the same way
/// and gives the same logits to the last bit. 16–512.
[[nodiscard]] std::size_t prefill_chunk(std::uint64_t parameters);

/// Shares `budget` tokens between prompts of which `wanted` tokens are left: equally, first come first served
/// where it does not divide, and what a short one leaves goes to the others.
[[nodiscard]] std::vector<std::size_t> share_prefill(std::span<std::size_t const> wanted, std::size_t budget);

}  // namespace parley
