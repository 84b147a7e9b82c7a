#include "entities/message.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

#include <array>
#include <utility>

namespace parley {
namespace {

template <class Enum, std::size_t N>
using words = std::array<std::pair<Enum, std::string_view>, N>;

constexpr words<message_role, 4> roles{{{message_role::system, "system"},
                                        {message_role::user, "user"},
                                        {message_role::assistant, "assistant"},
                                        {message_role::tool, "tool"}}};

constexpr words<message_status, 6> statuses{{{message_status::complete, "complete"},
                                             {message_status::queued, "queued"},
                                             {message_status::in_progress, "in_progress"},
                                             {message_status::stopped, "stopped"},
                                             {message_status::interrupted, "interrupted"},
                                             {message_status::failed, "failed"}}};

constexpr words<finish_reason, 4> reasons{{{finish_reason::stop, "stop"},
                                           {finish_reason::length, "length"},
                                           {finish_reason::tool_calls, "tool_calls"},
                                           {finish_reason::content_filter, "content_filter"}}};

template <class Enum, std::size_t N>
std::string_view word_of(words<Enum, N> const& table, Enum value) {
    for (auto const& [candidate, word] : table) {
        if (candidate == value) return word;
    }
    return {};
}

template <class Enum, std::size_t N>
std::optional<Enum> value_of(words<Enum, N> const& table, std::string_view text) {
    for (auto const& [candidate, word] : table) {
        if (word == text) return candidate;
    }
    return std::nullopt;
}

}  // namespace

std::string_view to_text(message_role role) { return word_of(roles, role); }
std::string_view to_text(message_status status) { return word_of(statuses, status); }
std::string_view to_text(finish_reason reason) { return word_of(reasons, reason); }
std::optional<message_role> parse_message_role(std::string_view text) { return value_of(roles, text); }
std::optional<message_status> parse_message_status(std::string_view text) { return value_of(statuses, text); }
std::optional<finish_reason> parse_finish_reason(std::string_view text) { return value_of(reasons, text); }

std::size_t text_bytes(message const& value) {
    auto bytes = text_bytes(value.content) + text_bytes(value.metadata) +
                 (value.transformed_content ? value.transformed_content->size() : 0) +
                 (value.reasoning ? value.reasoning->size() : 0);
    for (auto const& call : value.tool_calls) bytes += call.name.size() + call.arguments.size();
    return bytes;
}

result<message_draft> make_message_draft(message_draft draft) {
    std::size_t const shortest = draft.role == message_role::tool ? 0 : 1;  // a tool may have nothing to say
    auto content = make_content(std::move(draft.content), shortest);
    if (!content) return std::unexpected(content.error());
    draft.content = std::move(*content);
    auto metadata = make_attributes(std::move(draft.metadata), "metadata");
    if (!metadata) return std::unexpected(metadata.error());
    draft.metadata = std::move(*metadata);
    if (draft.tool_call_id.has_value() != (draft.role == message_role::tool)) {
        return invalid("invalid_tool_call_id",
                       "tool_call_id belongs to messages of role tool, and they need it.", "tool_call_id");
    }
    if (draft.tool_call_id) {
        auto ok = check_text(*draft.tool_call_id, {1, limits::tool_call_id}, "invalid_tool_call_id",
                             "tool_call_id");
        if (!ok) return std::unexpected(ok.error());
    }
    return draft;
}

}  // namespace parley
