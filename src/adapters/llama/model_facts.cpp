#include "adapters/llama/model_facts.hpp"

#include "adapters/llama/backend.hpp"
#include "adapters/llama/gguf_metadata.hpp"
#include "adapters/llama/model_file.hpp"
#include "adapters/llama/model_metadata.hpp"
#include "adapters/llama/prefill.hpp"
#include "adapters/llama/window_cells.hpp"

#include <llama.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <system_error>

namespace parley {

namespace {

/// A model may be split over files that name their place: model-00001-of-00003.gguf.
std::uint64_t bytes_of_files(std::filesystem::path const& path, gguf_metadata const& file) {
    std::error_code ignored;
    auto const one = std::filesystem::file_size(path, ignored);
    auto const parts = static_cast<int>(std::min<std::uint64_t>(file.largest("split.count"), 1000));
    std::array<char, 4096> prefix{};
    if (parts < 2 || llama_split_prefix(prefix.data(), prefix.size(), path.c_str(), 0, parts) == 0)
        return one;
    std::uint64_t sum = 0;
    for (int i = 0; i < parts; ++i) {
        std::array<char, 4096> name{};
        llama_split_path(name.data(), name.size(), prefix.data(), i, parts);
        auto const bytes = std::filesystem::file_size(name.data(), ignored);
        if (!ignored) sum += bytes;
    }
    return std::max<std::uint64_t>(sum, one);
}

/// Heads that keep keys and values, of all layers together.
std::uint64_t kv_heads(gguf_metadata const& file, std::string const& prefix) {
    auto const layers = file.largest(prefix + "block_count");
    auto heads = file.integers(prefix + "attention.head_count_kv");
    if (!heads || heads->empty()) heads = file.integers(prefix + "attention.head_count");
    if (!heads || heads->empty()) return layers;
    if (heads->size() == 1) return layers * heads->front();
    return std::accumulate(heads->begin(), heads->end(), std::uint64_t{0});
}

std::uint64_t kv_bytes_of_token(gguf_metadata const& file) {
    auto const prefix = file.prefix();
    auto const heads = std::max<std::uint64_t>(file.largest(prefix + "attention.head_count"), 1);
    auto const usual = file.largest(prefix + "embedding_length") / heads;
    auto const key = file.largest(prefix + "attention.key_length");
    auto const value = file.largest(prefix + "attention.value_length");
    constexpr std::uint64_t bytes_in_f16 = 2;
    return kv_heads(file, prefix) * ((key == 0 ? usual : key) + (value == 0 ? usual : value)) * bytes_in_f16;
}

/// Of the largest step of a batch: the widest layer several times over, and a row of logits for each chat.
std::uint64_t compute_bytes(gguf_metadata const& file, model_config const& settings) {
    auto const prefix = file.prefix();
    auto const batch = prefill_chunk(file.parameters()) + settings.parallel;
    auto const width =
        std::max(file.largest(prefix + "feed_forward_length"), 4 * file.largest(prefix + "embedding_length"));
    auto const vocabulary = file.texts("tokenizer.ggml.tokens").size();
    constexpr std::uint64_t bytes_in_f32 = 4;
    constexpr std::uint64_t at_once = 6;
    constexpr std::uint64_t besides = 32U << 20U;  // tokeniser, graphs, threads
    return besides + (batch * width * at_once + vocabulary * settings.parallel) * bytes_in_f32;
}

std::int64_t window_of(gguf_metadata const& file, model_config const& settings) {
    auto const trained = static_cast<std::int64_t>(file.largest(file.prefix() + "context_length"));
    return trained > 0 ? std::min(settings.context_window, trained) : settings.context_window;
}

std::string description_of(gguf_metadata const& file, model_config const& settings) {
    auto name = file.text("general.name");
    return name.empty() ? settings.path.stem().string() : name;
}

}  // namespace

result<model_facts> read_model_facts(model_config const& settings) {
    start_llama_backend();
    if (auto usable = check_model_file(settings.path); !usable) return std::unexpected(usable.error());
    if (auto possible = check_model_metadata(settings.path); !possible)
        return std::unexpected(possible.error());
    auto const file = gguf_metadata::read(settings.path);
    if (!file) return std::unexpected(file.error());
    model_facts facts;
    facts.context_window = window_of(*file, settings);
    facts.description = description_of(*file, settings);
    auto const window = static_cast<std::uint64_t>(std::max<std::int64_t>(facts.context_window, 0));
    auto const cells = window_cells(window) * settings.parallel;
    facts.memory_bytes = bytes_of_files(settings.path, *file) + cells * kv_bytes_of_token(*file) +
                         compute_bytes(*file, settings);
    return facts;
}

result<std::uint64_t> estimate_model_memory(model_config const& settings) {
    auto const facts = read_model_facts(settings);
    if (!facts) return std::unexpected(facts.error());
    return facts->memory_bytes;
}

}  // namespace parley
