// The types of configuration values: from text into a field and back.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley {

/// The field that a key fills.
using config_slot = std::variant<std::string*, std::optional<std::string>*, std::filesystem::path*,
                                 std::uint16_t*, unsigned*, std::size_t*, std::int64_t*, double*, bool*,
                                 std::chrono::milliseconds*, std::vector<std::string>*>;

/// A secret is text that comes from the environment alone and is never shown. Words are a list of choices,
/// texts a list of anything: in YAML a list, in a variable such a list, too, or "a, b".
enum class config_type {
    text,
    secret,
    block_text,
    choice,
    words,
    texts,
    path,
    address,
    integer,
    number,
    size,
    duration,
    boolean
};

[[nodiscard]] constexpr bool is_list(config_type type) {
    return type == config_type::words || type == config_type::texts;
}

/// What a value must be. Bounds are inclusive: integers and numbers as they are, sizes in bytes, durations in
/// milliseconds, text in bytes, each of several texts, too.
struct config_rule {
    config_type type = config_type::text;
    double least = 0;
    double most = 0;
    std::span<std::string_view const> choices{};  // of a choice and of words
};

/// A value as it was written.
struct config_scalar {
    std::string text;
    bool quoted = false;               // text for certain, never a number
    std::vector<std::string> items{};  // of words and texts, which have no other text
};

/// The entries of "a, b", without the blanks around them; one that is empty is an entry, too. Of nothing but
/// blanks there are none.
[[nodiscard]] std::vector<std::string> split_at_commas(std::string_view text);

/// Fills the slot. Nothing when it went well, otherwise a sentence about what is wrong and what would be
/// right; the slot is unchanged then. A path is taken as it was written: see common/config_path.hpp.
[[nodiscard]] std::optional<std::string> assign(config_slot slot, config_rule const& rule,
                                                config_scalar const& value);

/// The shortest text that assign() reads back as the same value: "30s", "4MiB", "0.7". A list is shown as
/// "[a, b]". Of an address with a password it shows *** instead, of a secret only whether it is set.
[[nodiscard]] std::string show(config_slot slot, config_type type);

/// For people: "integer", "duration", "none, errors or all", "list of a or b".
[[nodiscard]] std::string type_name(config_rule const& rule);

/// "a, b or c".
[[nodiscard]] std::string join_alternatives(std::span<std::string_view const> words);

}  // namespace parley
