#include "adapters/http/wire/requests.hpp"

#include "adapters/http/wire/object_reader.hpp"
#include "adapters/http/wire/settings.hpp"

namespace parley::http {
namespace json = boost::json;
namespace {

std::optional<settings_patch> read_settings_of(object_reader& in) {
    auto const* object = in.object("settings");
    if (object == nullptr) return std::nullopt;
    auto patch = read_settings(*object);
    if (patch) return std::move(*patch);
    in.fail(patch.error());
    return std::nullopt;
}

std::optional<image_part> read_image(object_reader& part) {
    auto const* const object = part.object("image_url");
    if (object == nullptr) return std::nullopt;
    object_reader image{*object, "content.image_url.", {"url", "detail"}};
    auto url = image.text("url");
    static_cast<void>(image.text("detail"));
    if (image.failure()) return part.fail(*image.failure()), std::nullopt;
    if (!url) return std::nullopt;
    return image_part{std::move(*url)};
}

std::optional<content_part> read_part(json::value const& value, object_reader& in) {
    auto const* object = value.if_object();
    if (object == nullptr)
        return in.fail("content", "invalid_type", "A part must be an object."), std::nullopt;
    object_reader part{*object, "content.", {"type", "text", "image_url"}};
    auto const type = part.text("type");
    auto text = part.text("text");
    auto image = read_image(part);
    if (part.failure()) return in.fail(*part.failure()), std::nullopt;
    if (type == "text" && text && !image) return text_part{std::move(*text)};
    if (type == "image_url" && image && !text) return std::move(*image);
    if (type && *type != "text" && *type != "image_url") {
        return in.fail("content", "unsupported_part", "Parts are of type text or image_url."), std::nullopt;
    }
    return in.fail("content", "missing_field",
                   "A part needs a type, and either a text or an image_url with a url."),
           std::nullopt;
}

std::optional<message_content> read_content(object_reader& in) {
    auto const* value = in.find("content");
    if (value == nullptr) return in.fail("content", "missing_field", "This field is required."), std::nullopt;
    if (auto const* text = value->if_string()) return message_content{std::string{*text}};
    auto const* array = value->if_array();
    if (array == nullptr) {
        return in.fail("content", "invalid_type", "This field must be a string or a list of parts."),
               std::nullopt;
    }
    content_parts parts;
    for (auto const& item : *array) {
        auto part = read_part(item, in);
        if (!part) return std::nullopt;
        parts.push_back(std::move(*part));
    }
    return message_content{std::move(parts)};
}

message_role read_message_role(object_reader& in) {
    auto const text = in.text("role");
    if (text == "tool") return message_role::tool;
    if (text && *text != "user")
        in.fail("role", "invalid_role", "The roles that can be sent are user and tool.");
    return message_role::user;
}

/// `background` is stronger than `stream`.
turn_manner read_manner(object_reader& in) {
    bool const stream = in.boolean("stream").value_or(false);
    bool const background = in.boolean("background").value_or(false);
    return background ? turn_manner::background : stream ? turn_manner::stream : turn_manner::when_over;
}

template <class Id>
std::optional<Id> read_id(object_reader& in, std::string_view key, std::string code, std::string sentence) {
    auto const text = in.text(key);
    if (!text) return std::nullopt;
    auto const id = Id::parse(*text);
    if (!id) in.fail({error_kind::not_found, std::move(code), std::move(sentence), std::string{key}, {}});
    return id;
}

message_place read_place(object_reader& in) {
    if (in.is_null("parent_id")) return message_place{std::in_place, std::nullopt};
    auto const parent =
        read_id<message_id>(in, "parent_id", "message_not_found", "There is no such message to go on from.");
    return parent ? message_place{std::in_place, *parent} : std::nullopt;
}

/// Absent: nullopt. Null: an inner nullopt, never.
std::optional<std::optional<timestamp>> read_expiry(object_reader& in) {
    using change = std::optional<std::optional<timestamp>>;
    constexpr std::string_view key = "expires_at";
    if (in.is_null(key)) return change{std::in_place, std::nullopt};
    auto const text = in.text(key);
    if (!text) return std::nullopt;
    auto const at = parse_rfc3339(*text);
    if (!at) in.fail(key, "invalid_timestamp", "This field must be a time as in RFC 3339, or null.");
    return change{at};
}

}  // namespace

result<interaction_draft> read_interaction_draft(json::object const& object) {
    object_reader in{object, "", {"title", "settings", "metadata", "pinned", "archived", "expires_at"}};
    interaction_draft draft;
    draft.title = in.text("title").value_or("");
    draft.settings = apply(read_settings_of(in).value_or(settings_patch{}), settings{});
    draft.metadata = in.pairs("metadata").value_or(attributes{});
    draft.pinned = in.boolean("pinned").value_or(false);
    draft.archived = in.boolean("archived").value_or(false);
    draft.expires_at = read_expiry(in).value_or(std::nullopt);
    if (in.failure()) return std::unexpected(*in.failure());
    return draft;
}

result<interaction_patch> read_interaction_patch(json::object const& object) {
    object_reader in{
        object, "", {"title", "settings", "metadata", "pinned", "archived", "expires_at", "active_branch"}};
    interaction_patch patch;
    patch.title = in.text("title");
    patch.settings = read_settings_of(in);
    patch.metadata = in.pairs("metadata");
    patch.pinned = in.boolean("pinned");
    patch.archived = in.boolean("archived");
    patch.active_branch =
        read_id<branch_id>(in, "active_branch", "branch_not_found", "There is no such branch.");
    patch.expires_at = read_expiry(in);
    if (in.failure()) return std::unexpected(*in.failure());
    return make_interaction_patch(std::move(patch));
}

result<message_request> read_message_request(json::object const& object) {
    object_reader in{
        object,
        "",
        {"content", "role", "tool_call_id", "metadata", "parent_id", "respond", "stream", "background"}};
    message_request request;
    auto content = read_content(in);
    request.draft.role = read_message_role(in);
    request.draft.tool_call_id = in.text("tool_call_id");
    request.draft.metadata = in.pairs("metadata").value_or(attributes{});
    request.respond = in.boolean("respond").value_or(true);
    request.manner = read_manner(in);
    request.place = read_place(in);
    if (in.failure()) return std::unexpected(*in.failure());
    request.draft.content = std::move(*content);
    auto draft = make_message_draft(std::move(request.draft));
    if (!draft) return std::unexpected(draft.error());
    request.draft = std::move(*draft);
    return request;
}

result<regenerate_request> read_regenerate_request(request const& call) {
    if (call.body.empty()) return regenerate_request{};
    auto const object = parse_object(call.header("Content-Type"), call.body);
    if (!object) return std::unexpected(object.error());
    object_reader in{*object, "", {"settings", "stream", "background"}};
    regenerate_request out;
    out.settings = read_settings_of(in).value_or(settings_patch{});
    out.manner = read_manner(in);
    if (in.failure()) return std::unexpected(*in.failure());
    return out;
}

result<user_patch> read_user_patch(json::object const& object) {
    object_reader in{object, "", {"name", "extra"}};
    user_patch patch;
    patch.name = in.text("name");
    patch.extra = in.pairs("extra");
    if (in.failure()) return std::unexpected(*in.failure());
    return make_user_patch(std::move(patch));
}

}  // namespace parley::http
