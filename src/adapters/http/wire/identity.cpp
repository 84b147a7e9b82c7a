#include "adapters/http/wire/identity.hpp"

#include "adapters/http/wire/cursor.hpp"
#include "adapters/http/wire/entities.hpp"
#include "adapters/http/wire/envelope.hpp"

#include <optional>
#include <utility>

namespace parley::http {
namespace {

void write_members(json_writer& out, api_key const& value) {
    out.member("key_id", value.key_id);
    out.member("user_id", value.user_id);
    out.member("name", value.name);
    out.member("hint", value.hint);
    out.key("scopes");
    out.begin_array();
    for (auto const& word : to_words(value.scopes)) out.value(word);
    out.end_array();
    out.member("created_at", value.created_at);
    out.member("expires_at", value.expires_at);
    out.member("last_used_at", value.last_used_at);
    out.key("limits");
    write(out, value.limits);
}

void write(json_writer& out, user const& value) {
    out.begin_object();
    write_members(out, value);
    out.end_object();
}

usage_limits read_limits(boost::json::object const& object, object_reader& outer) {
    object_reader in{object,
                     "limits.",
                     {"requests_per_minute", "concurrent_streams", "queued_generations", "tokens_per_day"}};
    usage_limits out;
    for_each_limit(
        [&in](char const* name, std::optional<std::int64_t>& value) {
            if (!in.is_null(name)) value = in.integer(name);
        },
        out);
    if (in.failure()) outer.fail(*in.failure());
    return out;
}

/// Null gives none of one's own.
std::optional<usage_limits> read_limits(object_reader& in) {
    if (in.is_null("limits")) return usage_limits{};
    auto const* const object = in.object("limits");
    return object == nullptr ? std::nullopt : std::optional{read_limits(*object, in)};
}

}  // namespace

void write(json_writer& out, usage_limits const& value) {
    out.begin_object();
    out.member("requests_per_minute", value.requests_per_minute);
    out.member("concurrent_streams", value.concurrent_streams);
    out.member("queued_generations", value.queued_generations);
    out.member("tokens_per_day", value.tokens_per_day);
    out.end_object();
}

std::string to_json(user const& value) {
    std::string text;
    json_writer out{text};
    write(out, value);
    return text;
}

std::string users_json(page<user> const& items, page_query<user_id> const& asked) {
    std::string text;
    json_writer out{text};
    write_envelope(
        out, items, asked, [&](user const& item) { write(out, item); },
        [](user const& item) { return item.user_id; },
        [](user_id const& at, cursor_direction direction) { return to_text(user_cursor{direction, at}); });
    return text;
}

std::string keys_json(std::vector<api_key> const& keys) {
    std::string text;
    json_writer out{text};
    out.begin_object();
    out.key("data");
    out.begin_array();
    for (auto const& one : keys) {
        out.begin_object();
        write_members(out, one);
        out.end_object();
    }
    out.end_array();
    out.member("has_more", false);
    out.member("next_cursor", std::optional<std::string>{});
    out.member("prev_cursor", std::optional<std::string>{});
    out.end_object();
    return text;
}

std::string new_key_json(api_key const& key, std::string const& secret) {
    std::string text;
    json_writer out{text};
    out.begin_object();
    write_members(out, key);
    out.member("key", secret);
    out.end_object();
    return text;
}

result<user_patch> read_managed_user(boost::json::object const& object) {
    object_reader in{object, "", {"name", "extra", "is_admin", "limits"}};
    user_patch patch;
    patch.name = in.text("name");
    patch.extra = in.pairs("extra");
    patch.is_admin = in.boolean("is_admin");
    patch.limits = read_limits(in);
    if (in.failure()) return std::unexpected(*in.failure());
    return make_user_patch(std::move(patch));
}

result<api_key_draft> read_key_draft(boost::json::object const& object, timestamp now) {
    object_reader in{object, "", {"name", "scopes", "expires_at", "limits"}};
    api_key_draft draft;
    draft.name = in.text("name").value_or("");
    if (auto const words = in.texts("scopes")) {
        auto const scopes = scopes_of(*words);
        if (!scopes) in.fail(scopes.error());
        if (scopes) draft.scopes = *scopes;
    }
    if (!in.is_null("expires_at")) {
        auto const text = in.text("expires_at");
        draft.expires_at = text ? parse_rfc3339(*text) : std::nullopt;
        if (text && !draft.expires_at)
            in.fail("expires_at", "invalid_expires_at", "A time is written as RFC 3339 says.");
    }
    draft.limits = read_limits(in).value_or(usage_limits{});
    if (in.failure()) return std::unexpected(*in.failure());
    return make_api_key_draft(std::move(draft), now);
}

}  // namespace parley::http
