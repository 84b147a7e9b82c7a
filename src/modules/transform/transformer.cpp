#include "modules/transform/transformer.hpp"

#include "modules/transform/mask.hpp"

#include <utility>

namespace parley {

transformer::transformer(transforms_config const& of_deployment)
    : content_template_{of_deployment.content_template} {
    for (auto const& word : of_deployment.mask) {
        if (auto const kind = parse_masked(word)) mask_.push_back(*kind);
    }
}

bool transformer::names_user(settings const& of_interaction) const {
    auto const& own_template = of_interaction.content_template;
    return content_template_.contains(user_name_placeholder) ||
           (own_template && own_template->contains(user_name_placeholder));
}

result<std::optional<std::string>> transformer::apply(message_content const& content,
                                                      settings const& of_interaction,
                                                      template_values const& values) const {
    auto kinds = mask_;
    kinds.insert(kinds.end(), of_interaction.mask.begin(), of_interaction.mask.end());
    auto const& own_template = of_interaction.content_template;
    if (kinds.empty() && !own_template && content_template_.empty()) return std::nullopt;

    auto const written = plain_text(content);
    auto text = kinds.empty() ? written : mask_text(written, kinds);
    if (own_template) {
        auto filled = fill_template(*own_template, text, values, longest);
        if (!filled) return std::unexpected(filled.error());
        text = std::move(*filled);
    }
    if (!content_template_.empty()) {
        auto filled = fill_template(content_template_, text, values, longest);
        if (!filled) return std::unexpected(filled.error());
        text = std::move(*filled);
    }
    if (text == written) return std::nullopt;
    return text;
}

}  // namespace parley
