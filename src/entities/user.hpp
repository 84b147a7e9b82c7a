// Who owns interactions.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/timestamp.hpp"
#include "entities/attributes.hpp"
#include "entities/usage_limits.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace parley {

struct user {
    parley::user_id user_id;
    std::string name;  // at most 200 characters; may be empty
    attributes extra;
    timestamp created_at;
    bool is_admin = false;  // may have keys with the scope admin; reads nobody's conversations by that
    usage_limits limits{};

    bool operator==(user const&) const = default;
};

/// Of all its texts together; for bounding pages.
[[nodiscard]] std::size_t text_bytes(user const& value);

/// Under what name somebody else (an issuer of tokens, a proxy) knows a user.
struct external_identity {
    std::string issuer;  // from 1 to 255 bytes, as subject
    std::string subject;
    auto operator<=>(external_identity const&) const = default;
};

/// What may be changed; absent fields stay as they are.
struct user_patch {
    std::optional<std::string> name;
    std::optional<attributes> extra;  // replaces the whole map
    std::optional<bool> is_admin{};
    std::optional<usage_limits> limits{};  // replaces all of them
};

/// Errors: invalid_name, invalid_metadata, invalid_limits.
[[nodiscard]] result<user_patch> make_user_patch(user_patch draft);

/// With what the patch says; made for the stores, so that all of them do the same.
[[nodiscard]] user apply(user_patch const& patch, user before);

}  // namespace parley
