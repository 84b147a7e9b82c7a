// Who owns interactions.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/timestamp.hpp"
#include "entities/attributes.hpp"

#include <optional>
#include <string>

namespace parley {

struct user {
    parley::user_id user_id;
    std::string name;  // at most 200 characters; may be empty
    attributes extra;
    timestamp created_at;

    bool operator==(user const&) const = default;
};

/// What may be changed; absent fields stay as they are.
struct user_patch {
    std::optional<std::string> name;
    std::optional<attributes> extra;  // replaces the whole map
};

/// Errors: invalid_name, invalid_metadata.
[[nodiscard]] result<user_patch> make_user_patch(user_patch draft);

}  // namespace parley
