#include "entities/api_key.hpp"

#include "common/base64url.hpp"
#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

#include <sys/random.h>

#include <array>
#include <cstddef>
#include <utility>

namespace parley {
namespace {

constexpr std::string_view prefix = "parley_";
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t secret_length = 43;
constexpr std::size_t shown = 4;

}  // namespace

std::vector<std::string> to_words(scopes const& of) {
    std::vector<std::string> words;
    if (of.read) words.emplace_back("read");
    if (of.write) words.emplace_back("write");
    if (of.admin) words.emplace_back("admin");
    return words;
}

result<scopes> scopes_of(std::vector<std::string> const& words) {
    scopes out;
    for (auto const& word : words) {
        if (word == "read") {
            out.read = true;
        } else if (word == "write") {
            out.write = true;
        } else if (word == "admin") {
            out.admin = true;
        } else {
            return invalid("invalid_scopes", "A scope is read, write or admin.", "scopes");
        }
    }
    if (!out.any()) return invalid("invalid_scopes", "A key has one scope at least.", "scopes");
    return out;
}

result<api_key_draft> make_api_key_draft(api_key_draft draft, timestamp now) {
    if (auto ok = check_text(draft.name, {0, limits::key_name}, "invalid_name", "name"); !ok)
        return std::unexpected(ok.error());
    if (!draft.scopes.any()) return invalid("invalid_scopes", "A key has one scope at least.", "scopes");
    if (draft.expires_at && *draft.expires_at <= now)
        return invalid("invalid_expires_at", "A key expires in the future.", "expires_at");
    if (auto ok = make_usage_limits(draft.limits); !ok) return std::unexpected(ok.error());
    return draft;
}

std::string new_key_text() {
    std::array<std::uint8_t, secret_bytes> secret{};
    for (std::size_t done = 0; done < secret.size();) {
        auto const got = ::getrandom(secret.data() + done, secret.size() - done, 0);
        if (got > 0) done += static_cast<std::size_t>(got);
    }
    return std::string{prefix} + to_base64url(secret);
}

bool is_key_text(std::string_view text) {
    return text.size() == prefix.size() + secret_length && text.starts_with(prefix) &&
           from_base64url(text.substr(prefix.size())).has_value();
}

bool begins_like_key(std::string_view text) { return text.starts_with(prefix); }

std::string hint_of(std::string_view key_text) {
    return std::string{key_text.substr(0, prefix.size() + shown)};
}

}  // namespace parley
