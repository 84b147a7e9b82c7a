// Feeds tokens of several sequences to the context in one batch. Thread safety: none; one thread owns the
// context.
#pragma once

#include "adapters/llama/kv_slots.hpp"

#include <llama.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace parley {

/// The next tokens of one sequence.
struct batch_part {
    std::size_t slot = 0;
    std::size_t position = 0;  // tokens that the sequence holds already
    std::span<token_id const> tokens;
    bool wants_logits = false;  // after its last token
    std::int32_t row = -1;      // set by decode(): where its logits are
    bool failed = false;        // set by decode(): the sequence is as it was before, or empty
};

class decoder {
public:
    /// `fault` may be empty; see llama_options::decode_fault. The context must outlive the decoder.
    decoder(llama_context& context, std::function<int()> fault);
    ~decoder();
    decoder(decoder const&) = delete;
    decoder& operator=(decoder const&) = delete;

    /// All parts in one batch; if that fails, each by itself, so that only the culprit is marked as failed.
    /// The logits of the parts decoded before the last call are gone; so each part is shown to `decoded` at
    /// once.
    void decode(std::span<batch_part> parts, std::function<void(batch_part const&)> const& decoded);

    /// Valid inside `decoded` for its part.
    [[nodiscard]] std::span<float const> logits(batch_part const& part) const;

    /// Forgets everything of the sequence from this position on; false when it had to be emptied instead.
    bool cut(std::size_t slot, std::size_t position);

private:
    [[nodiscard]] int decode_once(std::span<batch_part> parts);
    void add(batch_part& part);

    llama_context& context_;
    std::function<int()> const fault_;
    std::size_t const vocabulary_size_;
    llama_batch batch_;
};

}  // namespace parley
