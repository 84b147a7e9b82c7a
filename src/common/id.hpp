// Typed UUIDv7 identifiers (RFC 9562 §5.7): sortable by time of creation, not guessable.
// Thread safety: values; new_uuid() may be called from any thread.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley {

using uuid_bytes = std::array<std::uint8_t, 16>;

/// A fresh UUIDv7. Ids made by one thread increase strictly; ids of different threads are ordered to about
/// 0.25 µs.
[[nodiscard]] uuid_bytes new_uuid();

/// Lower-case 8-4-4-4-12 form.
[[nodiscard]] std::string uuid_text(uuid_bytes const& value);

/// The same into memory of the caller.
inline constexpr std::size_t uuid_text_size = 36;
void write_uuid(uuid_bytes const& value, std::span<char, uuid_text_size> out);

/// Accepts any UUID version in 8-4-4-4-12 form, either case; nullopt for anything else.
[[nodiscard]] std::optional<uuid_bytes> parse_uuid(std::string_view text);

template <class Tag>
struct id {
    uuid_bytes value{};

    [[nodiscard]] static id make() { return {new_uuid()}; }
    [[nodiscard]] static std::optional<id> parse(std::string_view text) {
        auto const bytes = parse_uuid(text);
        return bytes ? std::optional<id>{id{*bytes}} : std::nullopt;
    }
    [[nodiscard]] std::string text() const { return uuid_text(value); }
    [[nodiscard]] bool is_nil() const { return value == uuid_bytes{}; }
    auto operator<=>(id const&) const = default;
};

/// For unordered containers: the random tail of the UUID is hash enough.
struct id_hash {
    template <class Tag>
    std::size_t operator()(id<Tag> const& key) const noexcept {
        std::size_t hash = 0;
        for (std::size_t i = 8; i < 16; ++i) hash = (hash << 8) | key.value[i];
        return hash;
    }
};

using user_id = id<struct user_tag>;
using interaction_id = id<struct interaction_tag>;
using message_id = id<struct message_tag>;
using branch_id = id<struct branch_tag>;
using key_id = id<struct key_tag>;
using process_id = id<struct process_tag>;  // one run of the server: the owner of turns

}  // namespace parley
