#include "adapters/mongo/document.hpp"

#include <algorithm>
#include <cstring>

namespace parley::mongo {
namespace {

/// Puts `at` to the member when it is there.
bool find(bson_t const& in, char const* key, bson_iter_t& at) { return bson_iter_init_find(&at, &in, key); }

bool copy_bytes(bson_iter_t const& at, std::span<std::uint8_t> out) {
    if (!BSON_ITER_HOLDS_BINARY(&at)) return false;
    bson_subtype_t kind = BSON_SUBTYPE_BINARY;
    std::uint32_t size = 0;
    std::uint8_t const* bytes = nullptr;
    bson_iter_binary(&at, &kind, &size, &bytes);
    if (size != out.size()) return false;
    std::copy_n(bytes, out.size(), out.begin());
    return true;
}

}  // namespace

document::document() : bson_(bson_new()) {}
document::document(bson_t const& from) : bson_(bson_copy(&from)) {}

document& document::put(std::string_view key, uuid_bytes const& value) {
    bson_append_binary(get(), key.data(), static_cast<int>(key.size()), BSON_SUBTYPE_UUID, value.data(),
                       static_cast<std::uint32_t>(value.size()));
    return *this;
}

document& document::put(std::string_view key, std::string_view value) {
    char const* const text = value.data() == nullptr ? "" : value.data();
    bson_append_utf8(get(), key.data(), static_cast<int>(key.size()), text, static_cast<int>(value.size()));
    return *this;
}

document& document::put(std::string_view key, std::int64_t value) {
    bson_append_int64(get(), key.data(), static_cast<int>(key.size()), value);
    return *this;
}

document& document::put(std::string_view key, double value) {
    bson_append_double(get(), key.data(), static_cast<int>(key.size()), value);
    return *this;
}

document& document::put(std::string_view key, bool value) {
    bson_append_bool(get(), key.data(), static_cast<int>(key.size()), value);
    return *this;
}

document& document::put(std::string_view key, timestamp value) {
    bson_append_date_time(get(), key.data(), static_cast<int>(key.size()), to_unix_ms(value));
    return *this;
}

document& document::put(std::string_view key, document const& value) {
    bson_append_document(get(), key.data(), static_cast<int>(key.size()), value.get());
    return *this;
}

document& document::put_null(std::string_view key) {
    bson_append_null(get(), key.data(), static_cast<int>(key.size()));
    return *this;
}

document& document::put_bytes(std::string_view key, std::span<std::uint8_t const> value) {
    bson_append_binary(get(), key.data(), static_cast<int>(key.size()), BSON_SUBTYPE_BINARY, value.data(),
                       static_cast<std::uint32_t>(value.size()));
    return *this;
}

document& document::put_array(std::string_view key, document const& numbered) {
    bson_append_array(get(), key.data(), static_cast<int>(key.size()), numbered.get());
    return *this;
}

document& document::add(document const& other) {
    bson_concat(get(), other.get());
    return *this;
}

std::optional<uuid_bytes> uuid_of(bson_iter_t const& at) {
    uuid_bytes out{};
    return copy_bytes(at, out) ? std::optional{out} : std::nullopt;
}

std::optional<std::string_view> text_of(bson_iter_t const& at) {
    if (!BSON_ITER_HOLDS_UTF8(&at)) return std::nullopt;
    std::uint32_t size = 0;
    char const* const text = bson_iter_utf8(&at, &size);
    return std::string_view{text, size};
}

std::optional<std::int64_t> number_of(bson_iter_t const& at) {
    return BSON_ITER_HOLDS_NUMBER(&at) ? std::optional{bson_iter_as_int64(&at)} : std::nullopt;
}

std::optional<timestamp> time_of(bson_iter_t const& at) {
    if (!BSON_ITER_HOLDS_DATE_TIME(&at)) return std::nullopt;
    return from_unix_ms(bson_iter_date_time(&at));
}

std::optional<bson_view> view_of(bson_iter_t const& at) {
    std::uint32_t size = 0;
    std::uint8_t const* bytes = nullptr;
    if (BSON_ITER_HOLDS_DOCUMENT(&at)) bson_iter_document(&at, &size, &bytes);
    if (BSON_ITER_HOLDS_ARRAY(&at)) bson_iter_array(&at, &size, &bytes);
    return bytes == nullptr ? std::nullopt : std::optional<bson_view>{std::in_place, bytes, size};
}

attributes attributes_of(bson_iter_t const& at) {
    attributes out;
    auto const pairs = view_of(at);
    if (!pairs) return out;
    for_each_document(*pairs, [&](bson_t const& pair) {
        out.emplace(text_at(pair, "k").value_or(""), text_at(pair, "v").value_or(""));
    });
    return out;
}

std::optional<uuid_bytes> uuid_at(bson_t const& in, char const* key) {
    bson_iter_t at;
    return find(in, key, at) ? uuid_of(at) : std::nullopt;
}

std::optional<std::string> text_at(bson_t const& in, char const* key) {
    bson_iter_t at;
    if (!find(in, key, at)) return std::nullopt;
    auto const text = text_of(at);
    return text ? std::optional{std::string{*text}} : std::nullopt;
}

bool bytes_at(bson_t const& in, char const* key, std::span<std::uint8_t> out) {
    bson_iter_t at;
    return find(in, key, at) && copy_bytes(at, out);
}

std::optional<std::int64_t> number_at(bson_t const& in, char const* key) {
    bson_iter_t at;
    return find(in, key, at) ? number_of(at) : std::nullopt;
}

std::optional<double> real_at(bson_t const& in, char const* key) {
    bson_iter_t at;
    if (!find(in, key, at)) return std::nullopt;
    return BSON_ITER_HOLDS_NUMBER(&at) ? std::optional{bson_iter_as_double(&at)} : std::nullopt;
}

bool flag_at(bson_t const& in, char const* key) {
    bson_iter_t at;
    return find(in, key, at) && bson_iter_as_bool(&at);
}

std::optional<timestamp> time_at(bson_t const& in, char const* key) {
    bson_iter_t at;
    return find(in, key, at) ? time_of(at) : std::nullopt;
}

std::optional<bson_view> view_at(bson_t const& in, char const* key) {
    bson_iter_t at;
    return find(in, key, at) ? view_of(at) : std::nullopt;
}

attributes attributes_at(bson_t const& in, char const* key) {
    bson_iter_t at;
    return find(in, key, at) ? attributes_of(at) : attributes{};
}

array to_array(attributes const& values) {
    array out;
    for (auto const& [key, value] : values) out.push(doc("k", std::string_view{key}).put("v", value));
    return out;
}

}  // namespace parley::mongo
