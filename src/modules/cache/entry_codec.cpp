#include "modules/cache/entry_codec.hpp"

#include "modules/cache/entry_bytes.hpp"

#include <utility>

namespace parley {
namespace {

/// Raise it with every change of the lists below.
constexpr char format_version = 5;

constexpr char interaction_kind = 'i';
constexpr char user_kind = 'u';

/// The fields in their order, for writing and for reading.
template <class Bytes, class Interaction>
void list_fields(Bytes& bytes, Interaction& value, std::integral_constant<char, interaction_kind>) {
    auto& s = value.settings;
    bytes(value.interaction_id, value.user_id, value.title, value.created_at, value.updated_at,
          value.last_message_at, value.metadata, value.pinned, value.archived, value.expires_at,
          value.message_count, value.active_branch, value.version);
    bytes(s.model_name, s.role, s.prompt, s.temperature, s.top_p, s.max_output_tokens, s.stop, s.seed,
          s.on_busy, s.content_template, s.mask, s.tools, s.tool_choice, s.response_format);
}

template <class Bytes, class User>
void list_fields(Bytes& bytes, User& value, std::integral_constant<char, user_kind>) {
    bytes(value.user_id, value.name, value.extra, value.created_at, value.is_admin);
    for_each_limit([&bytes](char const*, auto& limit) { bytes(limit); }, value.limits);
}

template <char Kind, class Entity>
std::string encode(Entity const& value, std::size_t expected_size) {
    std::string out;
    out.reserve(expected_size);
    out.push_back(format_version);
    out.push_back(Kind);
    entry_writer bytes{out};
    list_fields(bytes, value, std::integral_constant<char, Kind>{});
    return out;
}

template <char Kind, class Entity>
std::optional<Entity> decode(std::string_view bytes) {
    if (bytes.size() < 2 || bytes[0] != format_version || bytes[1] != Kind) return std::nullopt;
    entry_reader in{bytes.substr(2)};
    std::optional<Entity> value{std::in_place};
    list_fields(in, *value, std::integral_constant<char, Kind>{});
    if (!in.ended_well()) value.reset();
    return value;
}

}  // namespace

std::string encode_entry(interaction const& value) {
    auto const texts = value.title.size() + (value.settings.prompt ? value.settings.prompt->size() : 0);
    return encode<interaction_kind>(value, texts + 256);
}

std::string encode_entry(user const& value) { return encode<user_kind>(value, value.name.size() + 64); }

std::optional<interaction> decode_interaction(std::string_view bytes) {
    return decode<interaction_kind, interaction>(bytes);
}

std::optional<user> decode_user(std::string_view bytes) { return decode<user_kind, user>(bytes); }

}  // namespace parley
