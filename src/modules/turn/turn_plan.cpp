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

namespace {

/// The message that the reply is for. Nothing when it is none of a user's: begin_turn says so.
task<result<std::optional<message>>> said_by_user(turn_sources from, turn_request asked) {
    using outcome = std::optional<message>;
    if (asked.message) {
        message fresh;
        fresh.content = std::move(asked.message->content);
        co_return outcome{std::move(fresh)};
    }
    auto stored =
        co_await from.store.get_message(asked.user_id, asked.interaction_id, asked.ids.user_message);
    if (!stored && stored.error().kind != error_kind::not_found) co_return std::unexpected(stored.error());
    if (!stored || stored->role != message_role::user) co_return outcome{};
    co_return outcome{std::move(*stored)};
}

}  // namespace

task<result<turn_plan>> plan_turn(turn_sources from, turn_request asked) {
    auto interaction = co_await from.store.get_interaction(asked.user_id, asked.interaction_id);
    if (!interaction) co_return std::unexpected(interaction.error());
    turn_plan plan;
    plan.settings = apply(asked.settings, std::move(interaction->settings));
    auto model = from.models.find(plan.settings.model_name);
    if (!model) co_return std::unexpected(model.error());
    plan.model = *model;
    auto said = co_await said_by_user(from, asked);
    if (!said) co_return std::unexpected(said.error());
    if (!*said) co_return plan;

    plan.reads_anew = !asked.message && (asked.settings.mask || asked.settings.content_template);
    if (asked.message || plan.reads_anew) {
        auto changed =
            co_await transformed_content(from, asked.user_id, (*said)->content, plan.settings, asked.ids.now);
        if (!changed) co_return std::unexpected(changed.error());
        plan.transformed = std::move(*changed);
    }
    auto const& read = asked.message || plan.reads_anew ? plan.transformed : (*said)->transformed_content;
    auto text = read ? *read : plain_text((*said)->content);
    auto const fits = co_await check_fit(*plan.model, plan.settings, std::move(text));
    if (!fits) co_return std::unexpected(fits.error());
    co_return plan;
}

}  // namespace parley
