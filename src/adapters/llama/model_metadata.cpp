#include "adapters/llama/model_metadata.hpp"

#include "adapters/llama/backend.hpp"
#include "adapters/llama/model_file.hpp"

#include <fmt/format.h>
#include <gguf.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace parley {
namespace {

using numbers = std::vector<std::uint64_t>;

struct free_gguf {
    void operator()(gguf_context* file) const { gguf_free(file); }
};

/// Negative numbers come out as very large ones, which nothing here allows.
template <class T>
numbers widen(void const* data, std::size_t count) {
    numbers out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        T value{};
        std::memcpy(&value, static_cast<char const*>(data) + i * sizeof(T), sizeof(T));
        out.push_back(static_cast<std::uint64_t>(value));
    }
    return out;
}

class metadata {
public:
    explicit metadata(gguf_context const& file) : file_(file) {}

    /// One number or a list of them; nothing when there are none or something else.
    [[nodiscard]] std::optional<numbers> integers(std::string const& key) const {
        auto const at = gguf_find_key(&file_, key.c_str());
        if (at < 0) return std::nullopt;
        bool const list = gguf_get_kv_type(&file_, at) == GGUF_TYPE_ARRAY;
        auto const type = list ? gguf_get_arr_type(&file_, at) : gguf_get_kv_type(&file_, at);
        auto const* const data = type == GGUF_TYPE_STRING ? nullptr
                                 : list                   ? gguf_get_arr_data(&file_, at)
                                                          : gguf_get_val_data(&file_, at);
        auto const count = list ? gguf_get_arr_n(&file_, at) : 1;
        switch (type) {
            case GGUF_TYPE_UINT8:
                return widen<std::uint8_t>(data, count);
            case GGUF_TYPE_INT8:
                return widen<std::int8_t>(data, count);
            case GGUF_TYPE_UINT16:
                return widen<std::uint16_t>(data, count);
            case GGUF_TYPE_INT16:
                return widen<std::int16_t>(data, count);
            case GGUF_TYPE_UINT32:
                return widen<std::uint32_t>(data, count);
            case GGUF_TYPE_INT32:
                return widen<std::int32_t>(data, count);
            case GGUF_TYPE_UINT64:
                return widen<std::uint64_t>(data, count);
            case GGUF_TYPE_INT64:
                return widen<std::int64_t>(data, count);
            default:
                return std::nullopt;
        }
    }
    /// The largest of them.
    [[nodiscard]] std::uint64_t largest(std::string const& key) const {
        auto const found = integers(key);
        return found && !found->empty() ? std::ranges::max(*found) : 0;
    }
    [[nodiscard]] std::string text(std::string const& key) const {
        auto const at = gguf_find_key(&file_, key.c_str());
        bool const there = at >= 0 && gguf_get_kv_type(&file_, at) == GGUF_TYPE_STRING;
        return there ? gguf_get_val_str(&file_, at) : std::string{};
    }
    /// A list of texts; empty when there is none or one of something else.
    [[nodiscard]] std::vector<std::string_view> texts(char const* key) const {
        std::vector<std::string_view> out;
        auto const at = gguf_find_key(&file_, key);
        if (at < 0 || gguf_get_kv_type(&file_, at) != GGUF_TYPE_ARRAY ||
            gguf_get_arr_type(&file_, at) != GGUF_TYPE_STRING) {
            return out;
        }
        out.resize(gguf_get_arr_n(&file_, at));
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = gguf_get_arr_str(&file_, at, i);
        return out;
    }

private:
    gguf_context const& file_;
};

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

finding check_ranges(metadata const& of, std::string const& prefix) {
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
finding check_relations(metadata const& of, std::string const& prefix) {
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

finding check_experts(metadata const& of, std::string const& prefix) {
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

finding check_rope(metadata const& of, std::string const& prefix) {
    constexpr std::array<std::string_view, 5> known{"", "none", "linear", "yarn", "longrope"};
    auto const type = of.text(prefix + "rope.scaling.type");
    if (std::ranges::find(known, type) != known.end()) return std::nullopt;
    return prefix + "rope.scaling.type is unknown";
}

finding check_vocabulary(metadata const& of) {
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

finding check_all(metadata const& of) {
    auto const prefix = of.text("general.architecture") + ".";
    if (auto wrong = check_ranges(of, prefix)) return wrong;
    if (auto wrong = check_relations(of, prefix)) return wrong;
    if (auto wrong = check_experts(of, prefix)) return wrong;
    if (auto wrong = check_rope(of, prefix)) return wrong;
    return check_vocabulary(of);
}

}  // namespace

result<void> check_model_metadata(std::filesystem::path const& path) {
    llama_complaints const complaints;
    std::unique_ptr<gguf_context, free_gguf> const file{
        gguf_init_from_file(path.c_str(), {.no_alloc = true, .ctx = nullptr})};
    if (!file) {
        return fail(error_kind::unavailable, "model_failed", explain_load_failure(path, complaints.text()));
    }
    auto const wrong = check_all(metadata{*file});
    if (!wrong) return {};
    return fail(
        error_kind::unavailable, "model_failed",
        fmt::format("{} is damaged or no model that llama.cpp can run: {}. Download it again or choose "
                    "another model.",
                    path.string(), *wrong));
}

}  // namespace parley
