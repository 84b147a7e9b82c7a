#include "adapters/llama/model_metadata.hpp"

#include "adapters/llama/gguf_metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace parley {
namespace {

using numbers = gguf_metadata::numbers;

struct range {
    std::string_view key;  // behind the architecture's name
    std::uint64_t least;
    std::uint64_t most;
};

// LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS of llama.cpp; the others are far beyond any model. A list holds one
// number for each layer.
constexpr std::uint64_t most_layers = 512;
constexpr std::uint64_t most_experts = 1024;
constexpr std::uint64_t wide = 1U << 24U;
constexpr std::uint64_t long_text = std::numeric_limits<std::int32_t>::max();
constexpr std::array ranges{
    range{"block_count", 1, most_layers},        range{"context_length", 1, long_text},
    range{"embedding_length", 1, wide},          range{"feed_forward_length", 0, wide},
    range{"attention.head_count", 0, wide},      range{"attention.head_count_kv", 0, wide},
    range{"attention.key_length", 0, wide},      range{"attention.value_length", 0, wide},
    range{"rope.dimension_count", 0, wide},      range{"expert_count", 0, most_experts},
    range{"expert_used_count", 0, most_experts}, range{"nextn_predict_layers", 0, most_layers},
};

/// What is wrong, as a half sentence; nothing when all is possible.
using finding = std::optional<std::string>;

finding check_ranges(gguf_metadata const& of, std::string const& prefix) {
    for (auto const& one : ranges) {
        auto const key = prefix + std::string{one.key};
        for (auto const value : of.integers(key).value_or(numbers{})) {
            if (value >= one.least && value <= one.most) continue;
            return fmt::format("{} is {}, where {} to {} is possible", key, static_cast<std::int64_t>(value),
                               one.least, one.most);
        }
    }
    return std::nullopt;
}

/// Numbers that must suit each other.
finding check_relations(gguf_metadata const& of, std::string const& prefix) {
    auto const heads = of.integers(prefix + "attention.head_count").value_or(numbers{});
    auto const kv_heads = of.integers(prefix + "attention.head_count_kv").value_or(numbers{});
    if (heads.size() == 1 && kv_heads.size() == 1 && kv_heads[0] > 0 && heads[0] % kv_heads[0] != 0) {
        return fmt::format("its {} attention heads can not share {} keys", heads[0], kv_heads[0]);
    }
    if (heads.size() == 1 && heads[0] > of.largest(prefix + "embedding_length")) {
        return fmt::format("it has more attention heads ({}) than numbers in a token's embedding", heads[0]);
    }
    if (of.largest(prefix + "nextn_predict_layers") > of.largest(prefix + "block_count")) {
        return "it has more layers for prediction than layers";
    }
    return std::nullopt;
}

finding check_experts(gguf_metadata const& of, std::string const& prefix) {
    auto const all = of.largest(prefix + "expert_count");
    auto const used = of.largest(prefix + "expert_used_count");
    auto const groups = of.largest(prefix + "expert_group_count");
    auto const used_groups = of.largest(prefix + "expert_group_used_count");
    if (prefix.starts_with("hunyuan") && all <= 1) return std::nullopt;  // llama.cpp takes one as none
    bool const grouped_well = groups <= 1 || (all % groups == 0 && used_groups > 0 && used_groups < groups);
    bool const possible =
        all == 0 ? used == 0 && groups == 0 : used > 0 && used <= all && groups < all && grouped_well;
    if (possible) return std::nullopt;
    return fmt::format("it uses {} of {} experts, {} of {} groups", used, all, used_groups, groups);
}

finding check_rope(gguf_metadata const& of, std::string const& prefix) {
    constexpr std::array<std::string_view, 5> known{"", "none", "linear", "yarn", "longrope"};
    auto const type = of.text(prefix + "rope.scaling.type");
    if (std::ranges::find(known, type) != known.end()) return std::nullopt;
    return prefix + "rope.scaling.type is unknown";
}

finding check_vocabulary(gguf_metadata const& of) {
    if (of.text("tokenizer.ggml.model") == "hybriddna")
        return std::nullopt;  // llama.cpp tells its doubles apart
    auto const tokens = of.texts("tokenizer.ggml.tokens");
    std::unordered_set<std::string_view> seen;
    seen.reserve(tokens.size());
    for (auto const token : tokens) {
        if (!token.empty() && !seen.insert(token).second) return "its vocabulary has a token twice";
    }
    return std::nullopt;
}

finding check_all(gguf_metadata const& of) {
    auto const prefix = of.prefix();
    if (auto wrong = check_ranges(of, prefix)) return wrong;
    if (auto wrong = check_relations(of, prefix)) return wrong;
    if (auto wrong = check_experts(of, prefix)) return wrong;
    if (auto wrong = check_rope(of, prefix)) return wrong;
    return check_vocabulary(of);
}

}  // namespace

result<void> check_model_metadata(std::filesystem::path const& path) {
    auto const file = gguf_metadata::read(path);
    if (!file) return std::unexpected(file.error());
    auto const wrong = check_all(*file);
    if (!wrong) return {};
    return fail(
        error_kind::unavailable, "model_failed",
        fmt::format("{} is damaged or no model that llama.cpp can run: {}. Download it again or choose "
                    "another model.",
                    path.string(), *wrong));
}

}  // namespace parley
