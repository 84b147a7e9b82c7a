// What a model reads instead of what a user wrote: first the masks of the deployment and of the interaction,
// then the interaction's template, then the deployment's. Immutable; may be used from any thread at once.
#pragma once

#include "common/config.hpp"
#include "common/error.hpp"
#include "entities/content.hpp"
#include "entities/settings.hpp"
#include "modules/transform/content_template.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace parley {

class transformer {
public:
    /// Changes nothing by itself.
    transformer() = default;
    /// Of a checked configuration.
    explicit transformer(transforms_config const& of_deployment);

    /// The text for message::transformed_content; nullopt when the model may read the content as it is. An
    /// interaction adds masks to the deployment's and takes none away; only what the user wrote is masked.
    /// The parts of a content are one text. Takes time linear in the text. Errors: invalid (content_too_long,
    /// param "content") when the templates make more than `longest` bytes of it.
    [[nodiscard]] result<std::optional<std::string>> apply(message_content const& content,
                                                           settings const& of_interaction,
                                                           template_values const& values) const;

    /// Whether apply() reads the user's name.
    [[nodiscard]] bool names_user(settings const& of_interaction) const;

    static constexpr std::size_t longest = 8UL * 1024 * 1024;

private:
    std::vector<masked> mask_;
    std::string content_template_;
};

}  // namespace parley
