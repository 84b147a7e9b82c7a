// BSON documents: put together member by member, and read back.
// Thread safety: none. Ownership: a document owns its memory; what reading functions return is copied out,
// but for the views, which must not outlive what they look into.
#pragma once

#include "common/id.hpp"
#include "common/timestamp.hpp"
#include "entities/attributes.hpp"

#include <bson/bson.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace parley::mongo {

/// Ids are 16 bytes of binary subtype 4, times are dates, numbers 64 bits wide.
class document {
public:
    document();
    /// A copy.
    explicit document(bson_t const& from);
    document(document const& other) : document(*other.bson_) {}
    document& operator=(document const& other) {
        document copy{other};
        std::swap(bson_, copy.bson_);
        return *this;
    }
    document(document&& other) noexcept : bson_(std::exchange(other.bson_, nullptr)) {}
    document& operator=(document&& other) noexcept {
        std::swap(bson_, other.bson_);
        return *this;
    }
    ~document() {
        if (bson_ != nullptr) bson_destroy(bson_);
    }

    document& put(std::string_view key, uuid_bytes const& value);
    template <class Tag>
    document& put(std::string_view key, id<Tag> const& value) {
        return put(key, value.value);
    }
    document& put(std::string_view key, std::string_view value);
    document& put(std::string_view key, char const* value) { return put(key, std::string_view{value}); }
    document& put(std::string_view key, std::int64_t value);
    document& put(std::string_view key, int value) { return put(key, std::int64_t{value}); }
    document& put(std::string_view key, double value);
    document& put(std::string_view key, bool value);
    document& put(std::string_view key, timestamp value);
    document& put(std::string_view key, document const& value);
    document& put_null(std::string_view key);
    document& put_bytes(std::string_view key, std::span<std::uint8_t const> value);
    /// Nothing when it is absent.
    template <class T>
    document& put(std::string_view key, std::optional<T> const& value) {
        return value ? put(key, *value) : *this;
    }
    document& put_array(std::string_view key, document const& numbered);
    /// All members of `other`.
    document& add(document const& other);

    [[nodiscard]] bson_t* get() const { return bson_; }
    [[nodiscard]] bool empty() const { return bson_empty(bson_); }

private:
    bson_t* bson_;
};

/// A look into a document that somebody else owns.
class bson_view {
public:
    bson_view(std::uint8_t const* bytes, std::uint32_t size) { bson_init_static(&bson_, bytes, size); }
    // A bson_t of this kind points into itself.
    bson_view(bson_view const& other) : bson_view(bson_get_data(&other.bson_), other.bson_.len) {}
    bson_view& operator=(bson_view const&) = delete;
    ~bson_view() = default;
    operator bson_t const&() const { return bson_; }

private:
    bson_t bson_{};
};

/// A document with one member.
template <class T>
[[nodiscard]] document doc(std::string_view key, T const& value) {
    document out;
    out.put(key, value);
    return out;
}

/// Members "0", "1", …: what put_array takes.
class array {
public:
    template <class T>
    array& push(T const& value) {
        numbered_.put(std::to_string(size_++), value);
        return *this;
    }
    [[nodiscard]] document const& members() const { return numbered_; }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    document numbered_;
    std::size_t size_ = 0;
};

// Reading: nothing when there is no such member or it is of another type. By key (..._at) each call looks
// through the document from its begin; whoever reads many documents goes through their members once (..._of).

[[nodiscard]] std::optional<uuid_bytes> uuid_of(bson_iter_t const& at);
template <class Id>
[[nodiscard]] std::optional<Id> id_of(bson_iter_t const& at) {
    auto const bytes = uuid_of(at);
    return bytes ? std::optional{Id{*bytes}} : std::nullopt;
}
/// A view of what lies within.
[[nodiscard]] std::optional<std::string_view> text_of(bson_iter_t const& at);
[[nodiscard]] std::optional<std::int64_t> number_of(bson_iter_t const& at);
[[nodiscard]] std::optional<timestamp> time_of(bson_iter_t const& at);
/// A view of a document or array within.
[[nodiscard]] std::optional<bson_view> view_of(bson_iter_t const& at);

[[nodiscard]] std::optional<uuid_bytes> uuid_at(bson_t const& in, char const* key);
template <class Id>
[[nodiscard]] std::optional<Id> id_at(bson_t const& in, char const* key) {
    auto const bytes = uuid_at(in, key);
    return bytes ? std::optional{Id{*bytes}} : std::nullopt;
}
[[nodiscard]] std::optional<std::string> text_at(bson_t const& in, char const* key);
/// As many bytes as `out` has.
[[nodiscard]] bool bytes_at(bson_t const& in, char const* key, std::span<std::uint8_t> out);
[[nodiscard]] std::optional<std::int64_t> number_at(bson_t const& in, char const* key);
[[nodiscard]] std::optional<double> real_at(bson_t const& in, char const* key);
[[nodiscard]] bool flag_at(bson_t const& in, char const* key);
[[nodiscard]] std::optional<timestamp> time_at(bson_t const& in, char const* key);
/// A view of a document or array within.
[[nodiscard]] std::optional<bson_view> view_at(bson_t const& in, char const* key);

/// Calls `visit` with the name and a view of each document within, in order.
template <class Visit>
void for_each_named_document(bson_t const& members, Visit const& visit) {
    bson_iter_t at;
    if (!bson_iter_init(&at, &members)) return;
    while (bson_iter_next(&at)) {
        if (!BSON_ITER_HOLDS_DOCUMENT(&at)) continue;
        std::uint32_t size = 0;
        std::uint8_t const* bytes = nullptr;
        bson_iter_document(&at, &size, &bytes);
        bson_t view;
        if (bson_init_static(&view, bytes, size)) visit(std::string_view{bson_iter_key(&at)}, view);
    }
}

/// The same of an array, without names.
template <class Visit>
void for_each_document(bson_t const& members, Visit const& visit) {
    for_each_named_document(members, [&](std::string_view, bson_t const& one) { visit(one); });
}

/// Calls `visit` with each id in an array, in order.
template <class Visit>
void for_each_uuid(bson_t const& members, Visit const& visit) {
    bson_iter_t at;
    if (!bson_iter_init(&at, &members)) return;
    while (bson_iter_next(&at)) {
        if (auto const id = uuid_of(at)) visit(*id);
    }
}

/// Text maps are lists of pairs: their keys may contain what MongoDB has other uses for.
[[nodiscard]] array to_array(attributes const& values);
[[nodiscard]] attributes attributes_of(bson_iter_t const& at);
[[nodiscard]] attributes attributes_at(bson_t const& in, char const* key);

}  // namespace parley::mongo
