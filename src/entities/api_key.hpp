// A secret by which a program proves whose it is, and what it may do with it.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/sha256.hpp"
#include "common/timestamp.hpp"
#include "entities/usage_limits.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

/// What a caller may do. admin is about users and keys, never about others' conversations; it does not
/// contain the other two.
struct scopes {
    bool read = false;   // GET of what is the user's own
    bool write = false;  // everything else with it
    bool admin = false;
    bool operator==(scopes const&) const = default;

    [[nodiscard]] bool contain(scopes const& wanted) const {
        return (read || !wanted.read) && (write || !wanted.write) && (admin || !wanted.admin);
    }
    [[nodiscard]] bool any() const { return read || write || admin; }
};

inline constexpr scopes all_scopes{.read = true, .write = true, .admin = true};

/// "read", "write", "admin"; each once, in this order.
[[nodiscard]] std::vector<std::string> to_words(scopes const& of);

/// Errors: invalid_scopes (a word that is none, or no word at all), param "scopes".
[[nodiscard]] result<scopes> scopes_of(std::vector<std::string> const& words);

struct api_key {
    parley::key_id key_id;
    parley::user_id user_id;
    std::string name;  // for people; at most 200 characters
    std::string hint;  // how its text begins, so that it can be told apart: "parley_" and four characters
    parley::scopes scopes;
    sha256_digest hash{};  // of its text, which is kept nowhere
    timestamp created_at;
    std::optional<timestamp> expires_at{};
    std::optional<timestamp> last_used_at{};  // to the minute
    usage_limits limits{};                    // beside those of its user
    bool operator==(api_key const&) const = default;

    [[nodiscard]] bool is_expired(timestamp now) const { return expires_at && *expires_at <= now; }
};

struct api_key_draft {
    std::string name;
    parley::scopes scopes{.read = true, .write = true};
    std::optional<timestamp> expires_at{};
    usage_limits limits{};
};

/// Errors: invalid_name, invalid_scopes, invalid_expires_at (not in the future), invalid_limits.
[[nodiscard]] result<api_key_draft> make_api_key_draft(api_key_draft draft, timestamp now);

/// 256 random bits from the kernel behind a prefix that scanners for leaked secrets can look for.
[[nodiscard]] std::string new_key_text();

/// Whether a text has the form of a key.
[[nodiscard]] bool is_key_text(std::string_view text);

/// Whether it is meant to be one: what was mistyped or cut off begins as keys do, too.
[[nodiscard]] bool begins_like_key(std::string_view text);

/// What may be shown of it.
[[nodiscard]] std::string hint_of(std::string_view key_text);

}  // namespace parley
