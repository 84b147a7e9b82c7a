#include "modules/turn/turn_plan.hpp"

#include "modules/prompt/prompt_builder.hpp"

#include <utility>

namespace parley {

task<result<turn_plan>> plan_turn(turn_sources from, turn_request asked) {
    auto interaction = co_await from.store.get_interaction(asked.user_id, asked.interaction_id);
    if (!interaction) co_return std::unexpected(interaction.error());
    turn_plan plan;
    plan.settings = apply(asked.settings, std::move(interaction->settings));
    auto model = from.models.find(plan.settings.model_name);
    if (!model) co_return std::unexpected(model.error());
    plan.model = *model;
    if (!asked.message) co_return plan;

    std::string name;
    if (from.transforms.names_user(plan.settings)) {
        auto user = co_await from.identities.get_user(asked.user_id);
        if (!user) co_return std::unexpected(user.error());
        name = std::move(user->name);
    }
    auto changed = from.transforms.apply(asked.message->content, plan.settings,
                                         {.user_name = name, .now = asked.ids.now});
    if (!changed) co_return std::unexpected(changed.error());
    plan.transformed = std::move(*changed);
    auto text = plan.transformed ? *plan.transformed : plain_text(asked.message->content);
    auto const fits = co_await check_fit(*plan.model, plan.settings, std::move(text));
    if (!fits) co_return std::unexpected(fits.error());
    co_return plan;
}

}  // namespace parley
