// What a GGUF file says of its model, as numbers and texts. Thread safety: const after construction.
#pragma once

#include "common/error.hpp"

#include <gguf.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct ggml_context;

namespace parley {

class gguf_metadata {
public:
    using numbers = std::vector<std::uint64_t>;

    /// Reads no weights. Errors: unavailable (model_failed).
    [[nodiscard]] static result<gguf_metadata> read(std::filesystem::path const& path);

    /// One number or a list of them, negative ones as very large ones; nothing when there are none or
    /// something else.
    [[nodiscard]] std::optional<numbers> integers(std::string const& key) const;
    /// The largest of them; 0 without any.
    [[nodiscard]] std::uint64_t largest(std::string const& key) const;
    [[nodiscard]] std::string text(std::string const& key) const;
    /// A list of texts; empty when there is none or one of something else.
    [[nodiscard]] std::vector<std::string_view> texts(char const* key) const;

    /// Numbers in all weights together.
    [[nodiscard]] std::uint64_t parameters() const;

    /// What the names of the architecture's own numbers begin with: "llama.".
    [[nodiscard]] std::string prefix() const { return text("general.architecture") + "."; }

private:
    struct free_gguf {
        void operator()(gguf_context* file) const { gguf_free(file); }
    };
    struct free_tensors {
        void operator()(ggml_context* tensors) const;
    };

    gguf_metadata() = default;

    std::unique_ptr<gguf_context, free_gguf> file_;
    std::unique_ptr<ggml_context, free_tensors> tensors_;  // their shapes only
};

}  // namespace parley
