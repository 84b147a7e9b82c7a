#include "modules/turn/turn_plan.hpp"

#include "modules/prompt/prompt_builder.hpp"

#include <algorithm>
#include <string_view>
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

/// The message that the reply is for. Nothing when it is neither a user's nor a tool's: begin_turn says so.
task<result<std::optional<message>>> said_before(turn_sources from, turn_request asked) {
    using outcome = std::optional<message>;
    if (asked.message) {
        message fresh;
        fresh.role = asked.message->role;
        fresh.content = std::move(asked.message->content);
        co_return outcome{std::move(fresh)};
    }
    auto stored =
        co_await from.store.get_message(asked.user_id, asked.interaction_id, asked.ids.user_message);
    if (!stored && stored.error().kind != error_kind::not_found) co_return std::unexpected(stored.error());
    if (!stored || !begins_turn(stored->role)) co_return outcome{};
    co_return outcome{std::move(*stored)};
}

std::unexpected<error> unable(model_info const& model, std::string code, std::string_view what,
                              std::string param) {
    return fail(error_kind::conflict, std::move(code),
                "The model \"" + model.name + "\" " + std::string{what} + ".", std::move(param));
}

result<void> check_abilities(model_info const& model, settings const& with, message const& said) {
    auto const& can = model.abilities;
    if (!can.tools && !with.tools.empty()) {
        return unable(model, "tools_not_supported", "can not call tools", "settings.tools");
    }
    if (!can.structured_output && with.response_format) {
        return unable(model, "structured_output_not_supported", "can not keep to a response format",
                      "settings.response_format");
    }
    if (!can.images && has_images(said.content)) {
        return unable(model, "images_not_supported", "does not take images", "content");
    }
    auto const& choice = with.tool_choice;
    bool const names_a_tool = choice && *choice != "auto" && *choice != "none" && *choice != "required";
    if (names_a_tool && std::ranges::find(with.tools, *choice, &tool_definition::name) == with.tools.end()) {
        return fail(error_kind::conflict, "unknown_tool",
                    "The settings' tool_choice names a tool that is not among their tools.",
                    "settings.tool_choice");
    }
    return {};
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
    auto said = co_await said_before(from, asked);
    if (!said) co_return std::unexpected(said.error());
    if (!*said) co_return plan;
    if (auto const able = check_abilities(plan.model->info(), plan.settings, **said); !able) {
        co_return std::unexpected(able.error());
    }

    bool const by_user = (*said)->role == message_role::user;
    plan.reads_anew = by_user && !asked.message && (asked.settings.mask || asked.settings.content_template);
    bool const reads_now = by_user && (asked.message || plan.reads_anew);
    if (reads_now) {
        auto changed =
            co_await transformed_content(from, asked.user_id, (*said)->content, plan.settings, asked.ids.now);
        if (!changed) co_return std::unexpected(changed.error());
        plan.transformed = std::move(*changed);
    }
    auto const& read = reads_now ? plan.transformed : (*said)->transformed_content;
    auto text = read ? *read : plain_text((*said)->content);
    auto const fits = co_await check_fit(*plan.model, plan.settings, std::move(text));
    if (!fits) co_return std::unexpected(fits.error());
    co_return plan;
}

}  // namespace parley
