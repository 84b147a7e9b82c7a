#include "modules/prompt/prompt_order.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <utility>

namespace parley {
namespace {

bool about_tools(prompt_message const& entry) { return entry.role == "tool" || !entry.tool_calls.empty(); }

/// The parts of a message, also of one that is text alone.
content_parts parts_of(prompt_message const& entry) {
    if (!entry.parts.empty()) return entry.parts;
    return {text_part{entry.content}};
}

void join(prompt_message& first, prompt_message const& second) {
    if (!first.parts.empty() || !second.parts.empty()) {
        auto parts = parts_of(first);
        auto more = parts_of(second);
        parts.emplace_back(text_part{"\n\n"});
        std::ranges::move(more, std::back_inserter(parts));
        first.parts = std::move(parts);
    }
    first.content += "\n\n" + second.content;
}

/// The answers behind the call at `at`, each call's first one, in their order; `end` is behind the last of
/// all.
struct answers {
    std::vector<std::size_t> kept;
    std::set<std::string, std::less<>> to;
    std::size_t end = 0;
};

answers answers_behind(std::vector<prompt_message> const& prompt, std::size_t at) {
    answers found;
    found.end = at + 1;
    for (; found.end < prompt.size() && prompt[found.end].role == "tool"; ++found.end) {
        auto const& id = prompt[found.end].tool_call_id;
        bool const asked =
            std::ranges::find(prompt[at].tool_calls, id, &tool_call::id) != prompt[at].tool_calls.end();
        if (asked && found.to.insert(id).second) found.kept.push_back(found.end);
    }
    return found;
}

}  // namespace

std::vector<prompt_message> pair_calls(std::vector<prompt_message> prompt) {
    if (std::ranges::none_of(prompt, about_tools)) return prompt;
    std::vector<prompt_message> paired;
    paired.reserve(prompt.size());
    for (std::size_t at = 0; at < prompt.size();) {
        if (prompt[at].role == "tool") {
            ++at;  // without a call
        } else if (prompt[at].tool_calls.empty()) {
            paired.push_back(std::move(prompt[at++]));
        } else {
            auto const found = answers_behind(prompt, at);
            std::erase_if(prompt[at].tool_calls,
                          [&](tool_call const& one) { return !found.to.contains(one.id); });
            if (!prompt[at].content.empty() || !prompt[at].tool_calls.empty()) {
                paired.push_back(std::move(prompt[at]));
            }
            for (auto const kept : found.kept) paired.push_back(std::move(prompt[kept]));
            at = found.end;
        }
    }
    return paired;
}

std::vector<prompt_message> merge_neighbours(std::vector<prompt_message> prompt) {
    std::vector<prompt_message> merged;
    merged.reserve(prompt.size());
    for (auto& entry : prompt) {
        bool const same = !merged.empty() && merged.back().role == entry.role;
        if (same && !about_tools(entry) && !about_tools(merged.back())) {
            join(merged.back(), entry);
        } else {
            merged.push_back(std::move(entry));
        }
    }
    return merged;
}

}  // namespace parley
