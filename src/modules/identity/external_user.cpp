#include "modules/identity/external_user.hpp"

#include "common/log.hpp"
#include "common/utf8.hpp"
#include "entities/limits.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace parley {
namespace {

/// What people can be shown: no text of any length, and nothing that moves a terminal's cursor.
bool is_shown(std::string_view name) {
    if (!is_valid_utf8(name) || utf8_length(name) > limits::user_name) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        auto const byte = static_cast<unsigned char>(name[i]);
        if (byte < 0x20 || byte == 0x7f) return false;
        // U+0080 to U+009F, which are control characters too.
        if (byte == 0xc2 && static_cast<unsigned char>(name[i + 1]) < 0xa0) return false;
    }
    return true;
}

/// Errors: user_deleted; those of the store.
task<result<void>> still_there(identity_store& store, user_id id) {
    // A user may be kept in a cache for longer than a second after another server has deleted them; keys are
    // not.
    auto const keys = co_await store.list_keys(id);
    if (keys) co_return result<void>{};
    if (keys.error().kind != error_kind::not_found) co_return std::unexpected(keys.error());
    co_return fail(error_kind::unauthenticated, "user_deleted", "This user was deleted.");
}

}  // namespace

task<result<user>> known_user(identity_store& store, external_identity name, std::string called,
                              timestamp now, std::optional<user_id> known_as) {
    if (known_as) {
        auto const there = co_await still_there(store, *known_as);
        if (!there) co_return std::unexpected(there.error());
    }
    // Nobody is found by it: who has none is let in all the same.
    if (!is_shown(called)) called.clear();
    auto const made = user_id::make();
    user fresh{made, std::move(called), {}, now};
    auto const who = name;
    auto found = co_await store.external_user(std::move(name), std::move(fresh));
    if (found && found->user_id == made) {
        auto const id = made.text();
        log::audit("user_seen_first", {{"user_id", std::string_view{id}},
                                       {"issuer", std::string_view{who.issuer}},
                                       {"subject", std::string_view{who.subject}}});
    }
    co_return found;
}

}  // namespace parley
