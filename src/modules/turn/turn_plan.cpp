#include "modules/turn/turn_plan.hpp"

#include "modules/prompt/prompt_builder.hpp"

#include <utility>

namespace parley {

task<result<std::optional<std::string>>> transformed_content(turn_sources from, user_id asking,
                                                             message_content content, settings with,
                                                             timestamp now) {
    std::string name;
    if (from.transforms.names_user(with)) {
        auto user = co_await from.identities.get_user(asking);
        if (!user) co_return std::unexpected(user.error());
        name = std::move(user->name);
    }
    co_return from.transforms.apply(content, with, {.user_name = name, .now = now});
}

task<result<turn_plan>> plan_turn(turn_sources from, turn_request asked) {
    auto interaction = co_await from.store.get_interaction(asked.user_id, asked.interaction_id);
    if (!interaction) co_return std::unexpected(interaction.error());
    turn_plan plan;
    plan.settings = apply(asked.settings, std::move(interaction->settings));
    auto model = from.models.find(plan.settings.model_name);
    if (!model) co_return std::unexpected(model.error());
    plan.model = *model;
    if (!asked.message) co_return plan;

    auto changed = co_await transformed_content(from, asked.user_id, asked.message->content, plan.settings,
                                                asked.ids.now);
    if (!changed) co_return std::unexpected(changed.error());
    plan.transformed = std::move(*changed);
    auto text = plan.transformed ? *plan.transformed : plain_text(asked.message->content);
    auto const fits = co_await check_fit(*plan.model, plan.settings, std::move(text));
    if (!fits) co_return std::unexpected(fits.error());
    co_return plan;
}

}  // namespace parley
