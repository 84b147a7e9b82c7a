// One conversation. It never holds its messages: each of those is a record of its own.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/timestamp.hpp"
#include "entities/attributes.hpp"
#include "entities/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace parley {

struct interaction {
    parley::interaction_id interaction_id;
    parley::user_id user_id;
    std::string title;  // at most 200 characters; empty until somebody or the model names it
    timestamp created_at;
    timestamp updated_at;       // last change of the interaction or its messages
    timestamp last_message_at;  // equals created_at while there is no message; lists are sorted by it
    parley::settings settings;
    attributes metadata;
    bool pinned = false;
    bool archived = false;
    std::optional<timestamp> expires_at;  // from then on it is gone
    std::int64_t message_count = 0;       // user and assistant messages of all branches
    parley::branch_id active_branch;      // the run of messages that is shown and continued
    std::int64_t version = 1;             // increases with each change made by PATCH; the ETag

    bool operator==(interaction const&) const = default;
};

struct interaction_draft {
    std::string title;
    parley::settings settings;
    attributes metadata;
    bool pinned = false;
    bool archived = false;
    std::optional<timestamp> expires_at;
};

[[nodiscard]] inline bool is_expired(interaction const& value, timestamp now) {
    return value.expires_at && *value.expires_at <= now;
}

/// Of all its texts together; for bounding pages.
[[nodiscard]] std::size_t text_bytes(interaction const& value);

/// Makes ids and times. Errors: invalid_title, invalid_metadata, invalid_settings.
[[nodiscard]] result<interaction> make_interaction(user_id const& owner, interaction_draft draft,
                                                   timestamp now);

/// What PATCH may change; absent fields stay as they are.
struct interaction_patch {
    std::optional<std::string> title;
    std::optional<settings_patch> settings;  // member by member
    std::optional<attributes> metadata;      // replaces the whole map
    std::optional<bool> pinned;
    std::optional<bool> archived;
    std::optional<branch_id> active_branch;  // whether there is such a branch only the store knows
    std::optional<std::optional<timestamp>> expires_at;  // an inner nullopt: never
};

/// Errors: as make_interaction.
[[nodiscard]] result<interaction_patch> make_interaction_patch(interaction_patch draft);

/// The interaction after the patch: version + 1, updated_at = now.
[[nodiscard]] interaction apply(interaction_patch const& patch, interaction before, timestamp now);

}  // namespace parley
