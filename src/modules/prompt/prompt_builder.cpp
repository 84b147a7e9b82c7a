#include "modules/prompt/prompt_builder.hpp"

#include "modules/prompt/prompt_order.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace parley {
namespace {

// No tokeniser makes fewer than one token of this many bytes of ordinary text on average; more text than
// window x bytes can not fit, so it is not read at all.
constexpr std::int64_t bytes_per_token = 8;

// What a template puts around a prompt and one message, generously.
constexpr std::size_t template_bytes = 512;

// An ordinary message: so many fill the window that the first page of an ordinary conversation is enough, and
// where messages are long (one may have a megabyte) not much is read in vain.
constexpr std::int64_t bytes_per_message = 1024;
constexpr std::size_t smallest_page = 8;

// Of models that do not tell theirs; most are larger today.
constexpr std::int64_t assumed_window = 131'072;

// Images of one prompt together; older ones are left out, and so is what stands before them.
constexpr std::size_t most_image_bytes = 20UL * 1024 * 1024;

/// A remote model may not tell how large its window is: then the conversation is cut where it would be slow
/// and dear to send it all.
std::int64_t window_of(model_info const& info) {
    return info.context_window > 0 ? info.context_window : assumed_window;
}

std::int64_t reply_reserve(settings const& settings, std::int64_t window) {
    return std::min(settings.max_output_tokens.value_or(window / 4), window / 2);
}

/// Text and images in their order; a text that stands for what the user wrote comes before the images.
content_parts parts_of(message const& from) {
    auto const& written = std::get<content_parts>(from.content);
    if (!from.transformed_content) return written;
    content_parts parts;
    if (!from.transformed_content->empty()) parts.emplace_back(text_part{*from.transformed_content});
    for (auto const& part : written) {
        if (std::holds_alternative<image_part>(part)) parts.push_back(part);
    }
    return parts;
}

/// What a model should read of a message; nullopt for a reply that says nothing (failed before its first
/// word).
std::optional<prompt_message> as_prompt(message const& from, bool with_images) {
    prompt_message out{std::string{to_text(from.role)},
                       from.transformed_content ? *from.transformed_content : plain_text(from.content)};
    if (has_images(from.content)) {
        if (with_images) {
            out.parts = parts_of(from);
        } else {
            out.content += image_placeholder;
        }
    }
    out.tool_calls = from.tool_calls;
    out.tool_call_id = from.tool_call_id.value_or("");
    bool const says_nothing = out.content.empty() && out.parts.empty() && out.tool_calls.empty();
    if (says_nothing && !from.tool_call_id) return std::nullopt;
    return out;
}

/// Of what a model reads of it.
std::int64_t bytes_of(prompt_message const& entry) {
    auto bytes = entry.content.size();
    for (auto const& call : entry.tool_calls) bytes += call.name.size() + call.arguments.size();
    return static_cast<std::int64_t>(bytes);
}

std::size_t image_bytes(message_content const& content) {
    return text_bytes(content) - plain_text(content).size();
}

/// What comes before the last message: newest first, as long as it may fit.
struct history {
    struct entry {
        std::int64_t seq = 0;
        prompt_message text;
    };
    std::vector<entry> newest_first;
    bool whole = false;  // it reaches back to the beginning of the conversation
};

task<result<history>> read_history(conversation_store& store, user_id user, message const& last,
                                   std::int64_t most_bytes, bool with_images) {
    history read;
    std::int64_t bytes = 0;
    std::size_t images = image_bytes(last.content);  // read so far
    message_query query;
    query.branch = last.branch_id;
    query.page.limit =
        std::clamp(static_cast<std::size_t>(most_bytes / bytes_per_message), smallest_page, limits::page);
    query.page.order = page_order::descending;
    auto oldest = last.seq;  // of what was read
    // The newest page first, though it begins with the last message and its reply, and if that is not enough
    // a larger newest page: a store has that sooner than one from a cursor.
    while (bytes < most_bytes && images < most_image_bytes) {
        auto items = co_await store.page_of_branch(user, last.interaction_id, query);
        if (!items) co_return std::unexpected(items.error());
        for (auto const& item : items->data) {
            if (item.seq >= oldest) continue;
            images += image_bytes(item.content);
            auto text = as_prompt(item, with_images && images <= most_image_bytes);
            if (!text) continue;
            bytes += bytes_of(*text);
            read.newest_first.push_back({item.seq, std::move(*text)});
        }
        read.whole = !items->has_more;
        if (read.whole) break;
        if (!items->data.empty()) oldest = std::min(oldest, items->data.back().seq);
        if (query.page.limit == limits::page) query.page.after = oldest;
        query.page.limit = limits::page;
    }
    co_return read;
}

bool is_reply_or_answer(prompt_message const& entry) {
    return entry.role == "assistant" || entry.role == "tool";
}

/// How many of the newest messages are never left out: those that a tool's answer belongs to, back to the
/// user's words.
std::size_t least_kept(history const& past, message const& last) {
    if (last.role != message_role::tool) return 0;
    auto const& newest_first = past.newest_first;
    auto const asked = std::ranges::find_if_not(
        newest_first, [](history::entry const& one) { return is_reply_or_answer(one.text); });
    auto const behind = static_cast<std::size_t>(asked - newest_first.begin());
    return std::min(behind + 1, newest_first.size());
}

/// How many of the newest messages have a seq of `first` or more. A reply without its question is left out,
/// too: many templates insist that a user begins; and so is what tools answered to it.
std::size_t kept_from(history const& past, std::int64_t first) {
    auto const& newest_first = past.newest_first;
    auto const behind =
        std::ranges::find_if(newest_first, [&](history::entry const& one) { return one.seq < first; });
    auto keep = static_cast<std::size_t>(behind - newest_first.begin());
    while (keep > 0 && is_reply_or_answer(newest_first[keep - 1].text)) --keep;
    return keep;
}

/// How many of the newest messages to keep: the ways to try, the largest first, `least` at the end. A cut
/// stands at a multiple of a power of two and so moves on only when the conversation has grown by as much:
/// the front of the prompt stays the same for many turns, and with it the model's kept state.
std::vector<std::size_t> ways_to_cut(history const& past, std::int64_t last_seq, std::size_t least) {
    std::vector<std::size_t> ways;
    auto const add = [&ways, least](std::size_t keep) {
        keep = std::max(keep, least);
        if (ways.empty() || keep < ways.back()) ways.push_back(keep);
    };
    if (past.whole) add(past.newest_first.size());
    auto const oldest = past.newest_first.empty() ? last_seq : past.newest_first.back().seq;
    auto const largest = std::bit_floor(static_cast<std::uint64_t>(std::max<std::int64_t>(last_seq, 1)));
    for (auto step = static_cast<std::int64_t>(largest); step > 0; step /= 2) {
        auto const first = (last_seq / step - 1) * step;
        if (first >= oldest) add(kept_from(past, first));
    }
    add(least);
    return ways;
}

std::unexpected<error> too_long(std::int64_t tokens, std::int64_t window, std::int64_t budget) {
    return invalid("context_length_exceeded",
                   "The prompt takes " + std::to_string(tokens) + " tokens; the model's window of " +
                       std::to_string(window) + " leaves " + std::to_string(budget) +
                       " for it beside the reply.",
                   "content");
}

std::vector<prompt_message> assemble(settings const& settings, history const& past, std::size_t keep,
                                     message const& last, bool with_images) {
    std::vector<prompt_message> prompt;
    prompt.reserve(keep + 2);
    if (settings.prompt && !settings.prompt->empty()) {
        prompt.push_back({std::string{to_text(settings.role)}, *settings.prompt});
    }
    for (auto i = keep; i > 0; --i) prompt.push_back(past.newest_first[i - 1].text);
    if (auto entry = as_prompt(last, with_images)) prompt.push_back(std::move(*entry));
    return merge_neighbours(pair_calls(std::move(prompt)));
}

/// What of a request counts: that there are images, and not their megabytes.
generation_request to_count(settings const& settings, std::vector<prompt_message> const& prompt) {
    generation_request asked;
    asked.prompt.reserve(prompt.size());
    for (auto const& message : prompt) {
        auto& counted = asked.prompt.emplace_back(message.role, message.content, content_parts{},
                                                  message.tool_calls, message.tool_call_id);
        for (auto const& part : message.parts) {
            if (std::holds_alternative<image_part>(part)) counted.parts.emplace_back(image_part{});
        }
    }
    asked.tools = settings.tools;
    asked.tool_choice = settings.tool_choice;
    asked.response_format = settings.response_format;
    return asked;
}

}  // namespace

task<result<void>> check_fit(language_model& model, parley::settings settings, std::string text) {
    auto const window = window_of(model.info());
    auto const budget = window - reply_reserve(settings, window);
    // No token is shorter than a byte.
    auto bytes = text.size() + (settings.prompt ? settings.prompt->size() : 0) + template_bytes;
    for (auto const& tool : settings.tools) {
        bytes += template_bytes + tool.name.size() + tool.description.size() + tool.parameters.size();
    }
    if (settings.response_format) bytes += settings.response_format->schema.size();
    if (std::cmp_less_equal(bytes, budget)) co_return result<void>{};
    message last;
    last.content = std::move(text);
    history const none;
    auto asked = to_count(settings, assemble(settings, none, 0, last, false));
    auto const tokens = co_await model.count_tokens(std::move(asked));
    if (!tokens) co_return std::unexpected(tokens.error());
    if (*tokens > budget) co_return too_long(*tokens, window, budget);
    co_return result<void>{};
}

task<result<std::vector<prompt_message>>> build_prompt(conversation_store& store, language_model& model,
                                                       parley::settings settings, user_id user,
                                                       message last) {
    auto const info = model.info();
    auto const window = window_of(info);
    auto const budget = window - reply_reserve(settings, window);
    auto const images = info.abilities.images;
    auto const past = co_await read_history(store, user, last, budget * bytes_per_token, images);
    if (!past) co_return std::unexpected(past.error());

    auto const least = least_kept(*past, last);
    for (auto const keep : ways_to_cut(*past, last.seq, least)) {
        auto prompt = assemble(settings, *past, keep, last, images);
        auto asked = to_count(settings, prompt);
        auto const tokens = co_await model.count_tokens(std::move(asked));
        if (!tokens) co_return std::unexpected(tokens.error());
        if (*tokens <= budget) co_return prompt;
        if (keep == least) co_return too_long(*tokens, window, budget);
    }
    co_return internal_error("no way to cut a prompt");
}

}  // namespace parley
