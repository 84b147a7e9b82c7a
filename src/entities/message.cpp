#include "entities/message.hpp"

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

constexpr words<finish_reason, 2> reasons{{{finish_reason::stop, "stop"}, {finish_reason::length, "length"}}};

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
    return text_bytes(value.content) + text_bytes(value.metadata) +
           (value.transformed_content ? value.transformed_content->size() : 0);
}

result<message_draft> make_message_draft(message_draft draft) {
    auto content = make_content(std::move(draft.content));
    if (!content) return std::unexpected(content.error());
    draft.content = std::move(*content);
    auto metadata = make_attributes(std::move(draft.metadata), "metadata");
    if (!metadata) return std::unexpected(metadata.error());
    draft.metadata = std::move(*metadata);
    return draft;
}

}  // namespace parley
