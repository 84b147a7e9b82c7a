#include "entities/interaction.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

#include <algorithm>

namespace parley {
namespace {

result<void> check_title(std::string_view title) {
    return check_text(title, {0, limits::title}, "invalid_title", "title");
}

}  // namespace

result<interaction> make_interaction(user_id const& owner, interaction_draft draft, timestamp now) {
    if (auto ok = check_title(draft.title); !ok) return std::unexpected(ok.error());
    auto settings = make_settings(std::move(draft.settings));
    if (!settings) return std::unexpected(settings.error());
    auto metadata = make_attributes(std::move(draft.metadata), "metadata");
    if (!metadata) return std::unexpected(metadata.error());
    return interaction{.interaction_id = interaction_id::make(),
                       .user_id = owner,
                       .title = std::move(draft.title),
                       .created_at = now,
                       .updated_at = now,
                       .last_message_at = now,
                       .settings = std::move(*settings),
                       .metadata = std::move(*metadata),
                       .pinned = draft.pinned,
                       .archived = draft.archived,
                       .expires_at = draft.expires_at,
                       .message_count = 0,
                       .active_branch = branch_id::make(),
                       .version = 1};
}

result<interaction_patch> make_interaction_patch(interaction_patch draft) {
    if (draft.title) {
        if (auto ok = check_title(*draft.title); !ok) return std::unexpected(ok.error());
    }
    if (draft.settings) {
        auto settings = make_settings_patch(std::move(*draft.settings));
        if (!settings) return std::unexpected(settings.error());
        draft.settings = std::move(*settings);
    }
    if (draft.metadata) {
        auto metadata = make_attributes(std::move(*draft.metadata), "metadata");
        if (!metadata) return std::unexpected(metadata.error());
        draft.metadata = std::move(*metadata);
    }
    return draft;
}

std::size_t text_bytes(interaction const& value) {
    auto const& prompt = value.settings.prompt;
    auto const& around = value.settings.content_template;
    return value.title.size() + text_bytes(value.metadata) + (prompt ? prompt->size() : 0) +
           (around ? around->size() : 0);
}

interaction apply(interaction_patch const& patch, interaction before, timestamp now) {
    if (patch.title) before.title = *patch.title;
    if (patch.settings) before.settings = apply(*patch.settings, std::move(before.settings));
    if (patch.metadata) before.metadata = *patch.metadata;
    if (patch.pinned) before.pinned = *patch.pinned;
    if (patch.archived) before.archived = *patch.archived;
    if (patch.active_branch) before.active_branch = *patch.active_branch;
    if (patch.expires_at) before.expires_at = *patch.expires_at;
    before.version += 1;
    before.updated_at = std::max(now, before.updated_at);
    return before;
}

}  // namespace parley
