#include "modules/prompt/prompt_builder.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace parley {
namespace {

// No tokeniser makes fewer than one token of this many bytes of ordinary text on average; more text than
// window x bytes can not fit, so it is not read at all.
constexpr std::int64_t bytes_per_token = 8;

std::int64_t reply_reserve(settings const& settings, std::int64_t window) {
    return std::min(settings.max_output_tokens.value_or(window / 4), window / 2);
}

/// What a model should read of a message; nullopt for a reply that says nothing (failed before its first
/// word).
std::optional<prompt_message> as_prompt(message const& from) {
    auto text = from.transformed_content ? *from.transformed_content : plain_text(from.content);
    if (text.empty()) return std::nullopt;
    return prompt_message{std::string{to_text(from.role)}, std::move(text)};
}

/// Messages before `last` on its branch, newest first, as long as they may fit.
task<result<std::vector<prompt_message>>> read_history(conversation_store& store, user_id user,
                                                       message const& last, std::int64_t most_bytes) {
    std::vector<prompt_message> newest_first;
    std::int64_t bytes = 0;
    message_query query;
    query.branch = last.branch_id;
    query.page.limit = limits::page;
    query.page.order = page_order::descending;
    query.page.after = last.seq;
    while (bytes < most_bytes) {
        auto items = co_await store.page_of_branch(user, last.interaction_id, query);
        if (!items) co_return std::unexpected(items.error());
        for (auto const& item : items->data) {
            auto entry = as_prompt(item);
            if (!entry) continue;
            bytes += static_cast<std::int64_t>(entry->content.size());
            newest_first.push_back(std::move(*entry));
        }
        if (!items->has_more) break;
        query.page.after = items->data.back().seq;
    }
    co_return newest_first;
}

std::vector<prompt_message> assemble(settings const& settings,
                                     std::vector<prompt_message> const& newest_first, std::size_t keep,
                                     message const& last) {
    std::vector<prompt_message> prompt;
    prompt.reserve(keep + 2);
    if (settings.prompt && !settings.prompt->empty()) {
        prompt.push_back({std::string{to_text(settings.role)}, *settings.prompt});
    }
    for (auto i = keep; i > 0; --i) prompt.push_back(newest_first[i - 1]);
    if (auto entry = as_prompt(last)) prompt.push_back(std::move(*entry));
    return merge_neighbours(std::move(prompt));
}

}  // namespace

std::vector<prompt_message> merge_neighbours(std::vector<prompt_message> prompt) {
    std::vector<prompt_message> merged;
    merged.reserve(prompt.size());
    for (auto& entry : prompt) {
        if (!merged.empty() && merged.back().role == entry.role) {
            merged.back().content += "\n\n" + entry.content;
        } else {
            merged.push_back(std::move(entry));
        }
    }
    return merged;
}

task<result<std::vector<prompt_message>>> build_prompt(conversation_store& store, language_model& model,
                                                       parley::settings settings, user_id user,
                                                       message last) {
    auto const window = model.info().context_window;
    auto const budget = window - reply_reserve(settings, window);
    auto const history = co_await read_history(store, user, last, budget * bytes_per_token);
    if (!history) co_return std::unexpected(history.error());

    // Half of the history goes at a time: cutting in large steps keeps the front of the prompt the same for
    // many turns, and with it the model's kept state.
    for (auto keep = history->size();; keep /= 2) {
        auto prompt = assemble(settings, *history, keep, last);
        auto const tokens = co_await model.count_tokens(prompt);
        if (!tokens) co_return std::unexpected(tokens.error());
        if (*tokens <= budget) co_return prompt;
        if (keep == 0) {
            co_return invalid("context_length_exceeded",
                              "The prompt takes " + std::to_string(*tokens) +
                                  " tokens; the model's window of " + std::to_string(window) + " leaves " +
                                  std::to_string(budget) + " for it beside the reply.",
                              "content");
        }
    }
}

}  // namespace parley
