#include "adapters/llama/gguf_metadata.hpp"

#include "adapters/llama/backend.hpp"
#include "adapters/llama/model_file.hpp"

#include <ggml.h>

#include <algorithm>
#include <cstring>

namespace parley {
namespace {

/// Negative numbers come out as very large ones, which nothing here allows.
template <class T>
gguf_metadata::numbers widen(void const* data, std::size_t count) {
    gguf_metadata::numbers out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        T value{};
        std::memcpy(&value, static_cast<char const*>(data) + i * sizeof(T), sizeof(T));
        out.push_back(static_cast<std::uint64_t>(value));
    }
    return out;
}

}  // namespace

void gguf_metadata::free_tensors::operator()(ggml_context* tensors) const { ggml_free(tensors); }

result<gguf_metadata> gguf_metadata::read(std::filesystem::path const& path) {
    llama_complaints const complaints;
    gguf_metadata read;
    ggml_context* tensors = nullptr;
    read.file_.reset(gguf_init_from_file(path.c_str(), {.no_alloc = true, .ctx = &tensors}));
    read.tensors_.reset(tensors);
    if (!read.file_) {
        return fail(error_kind::unavailable, "model_failed", explain_load_failure(path, complaints.text()));
    }
    return read;
}

std::optional<gguf_metadata::numbers> gguf_metadata::integers(std::string const& key) const {
    auto const* file = file_.get();
    auto const at = gguf_find_key(file, key.c_str());
    if (at < 0) return std::nullopt;
    bool const list = gguf_get_kv_type(file, at) == GGUF_TYPE_ARRAY;
    auto const type = list ? gguf_get_arr_type(file, at) : gguf_get_kv_type(file, at);
    auto const* const data = type == GGUF_TYPE_STRING ? nullptr
                             : list                   ? gguf_get_arr_data(file, at)
                                                      : gguf_get_val_data(file, at);
    auto const count = list ? gguf_get_arr_n(file, at) : 1;
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

std::uint64_t gguf_metadata::largest(std::string const& key) const {
    auto const found = integers(key);
    return found && !found->empty() ? std::ranges::max(*found) : 0;
}

std::string gguf_metadata::text(std::string const& key) const {
    auto const at = gguf_find_key(file_.get(), key.c_str());
    bool const there = at >= 0 && gguf_get_kv_type(file_.get(), at) == GGUF_TYPE_STRING;
    return there ? gguf_get_val_str(file_.get(), at) : std::string{};
}

std::vector<std::string_view> gguf_metadata::texts(char const* key) const {
    std::vector<std::string_view> out;
    auto const at = gguf_find_key(file_.get(), key);
    if (at < 0 || gguf_get_kv_type(file_.get(), at) != GGUF_TYPE_ARRAY ||
        gguf_get_arr_type(file_.get(), at) != GGUF_TYPE_STRING) {
        return out;
    }
    out.resize(gguf_get_arr_n(file_.get(), at));
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = gguf_get_arr_str(file_.get(), at, i);
    return out;
}

std::uint64_t gguf_metadata::parameters() const {
    std::uint64_t sum = 0;
    for (auto* one = ggml_get_first_tensor(tensors_.get()); one != nullptr;
         one = ggml_get_next_tensor(tensors_.get(), one)) {
        sum += static_cast<std::uint64_t>(ggml_nelements(one));
    }
    return sum;
}

}  // namespace parley
