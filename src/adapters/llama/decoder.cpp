#include "adapters/llama/decoder.hpp"

#include "common/log.hpp"

#include <exception>
#include <utility>

namespace parley {

decoder::decoder(llama_context& context, std::function<int()> fault)
    : context_(context),
      fault_(std::move(fault)),
      vocabulary_size_(
          static_cast<std::size_t>(llama_vocab_n_tokens(llama_model_get_vocab(llama_get_model(&context))))),
      batch_(llama_batch_init(static_cast<std::int32_t>(llama_n_batch(&context)), 0, 1)) {}

decoder::~decoder() { llama_batch_free(batch_); }

void decoder::decode(std::span<batch_part> parts, std::function<void(batch_part const&)> const& decoded) {
    auto const code = decode_once(parts);
    if (code == 0) {
        for (auto const& part : parts) decoded(part);
        return;
    }
    log::warn("decoding a batch failed",
              {{"code", std::int64_t{code}}, {"chats", static_cast<std::int64_t>(parts.size())}});
    // Parts of the batch may be in the context already.
    for (auto& part : parts) part.failed = !cut(part.slot, part.position);
    for (auto& part : parts) {
        if (!part.failed) part.failed = parts.size() == 1 || decode_once({&part, 1}) != 0;
        if (part.failed) {
            cut(part.slot, 0);
        } else {
            decoded(part);
        }
    }
}

int decoder::decode_once(std::span<batch_part> parts) {
    if (auto const code = fault_ ? fault_() : 0; code != 0) return code;
    batch_.n_tokens = 0;
    for (auto& part : parts) add(part);
    try {
        return llama_decode(&context_, batch_);
    } catch (std::exception const& why) {
        log::error("llama.cpp threw while decoding", {{"what", std::string_view(why.what())}});
        return -3;
    }
}

void decoder::add(batch_part& part) {
    auto position = static_cast<llama_pos>(part.position);
    for (auto const token : part.tokens) {
        auto const i = batch_.n_tokens++;
        batch_.token[i] = token;
        batch_.pos[i] = position++;
        batch_.n_seq_id[i] = 1;
        batch_.seq_id[i][0] = static_cast<llama_seq_id>(part.slot);
        batch_.logits[i] = 0;
    }
    part.row = batch_.n_tokens - 1;
    batch_.logits[part.row] = part.wants_logits ? 1 : 0;
}

std::span<float const> decoder::logits(batch_part const& part) const {
    return {llama_get_logits_ith(&context_, part.row), vocabulary_size_};
}

bool decoder::cut(std::size_t slot, std::size_t position) {
    auto* memory = llama_get_memory(&context_);
    auto const sequence = static_cast<llama_seq_id>(slot);
    if (llama_memory_seq_rm(memory, sequence, static_cast<llama_pos>(position), -1)) return true;
    llama_memory_seq_rm(memory, sequence, -1, -1);  // a recurrent state has no positions to cut at
    return position == 0;
}

}  // namespace parley
