#include "adapters/mongo/key_document.hpp"

#include "adapters/mongo/user_document.hpp"

namespace parley::mongo {
namespace {

/// None when they can not be read: a key that may nothing is better than one that may too much.
scopes scopes_at(bson_t const& in, char const* key) {
    std::vector<std::string> words;
    auto const members = view_at(in, key);
    bson_iter_t at;
    if (!members || !bson_iter_init(&at, &static_cast<bson_t const&>(*members))) return {};
    while (bson_iter_next(&at)) words.emplace_back(text_of(at).value_or(""));
    return scopes_of(words).value_or(scopes{});
}

}  // namespace

api_key read_key(bson_t const& from) {
    api_key out;
    out.key_id = id_at<key_id>(from, "_id").value_or(key_id{});
    out.user_id = id_at<user_id>(from, "user").value_or(user_id{});
    out.name = text_at(from, "name").value_or("");
    out.hint = text_at(from, "hint").value_or("");
    out.scopes = scopes_at(from, "scopes");
    static_cast<void>(bytes_at(from, "hash", out.hash));
    out.created_at = time_at(from, "created").value_or(timestamp{});
    out.expires_at = time_at(from, "expires");
    out.last_used_at = time_at(from, "last_used");
    out.limits = limits_at(from, "limits");
    return out;
}

document to_document(api_key const& value) {
    array words;
    for (auto const& one : to_words(value.scopes)) words.push(std::string_view{one});
    document out;
    out.put("_id", value.key_id)
        .put("user", value.user_id)
        .put_bytes("hash", value.hash)
        .put("name", std::string_view{value.name})
        .put("hint", std::string_view{value.hint})
        .put_array("scopes", words.members())
        .put("created", value.created_at)
        .put("expires", value.expires_at)
        .put("last_used", value.last_used_at)
        .put("limits", to_document(value.limits));
    return out;
}

document newest_first() { return doc("created", -1).put("_id", -1); }

}  // namespace parley::mongo
