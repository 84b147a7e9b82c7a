#include "entities/user.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

#include <utility>

namespace parley {

std::size_t text_bytes(user const& value) { return value.name.size() + text_bytes(value.extra); }

result<user_patch> make_user_patch(user_patch draft) {
    if (draft.name) {
        if (auto ok = check_text(*draft.name, {0, limits::user_name}, "invalid_name", "name"); !ok) {
            return std::unexpected(ok.error());
        }
    }
    if (draft.extra) {
        auto extra = make_attributes(std::move(*draft.extra), "extra");
        if (!extra) return std::unexpected(extra.error());
        draft.extra = std::move(*extra);
    }
    if (draft.limits) {
        if (auto ok = make_usage_limits(*draft.limits); !ok) return std::unexpected(ok.error());
    }
    return draft;
}

user apply(user_patch const& patch, user before) {
    if (patch.name) before.name = *patch.name;
    if (patch.extra) before.extra = *patch.extra;
    if (patch.is_admin) before.is_admin = *patch.is_admin;
    if (patch.limits) before.limits = *patch.limits;
    return before;
}

}  // namespace parley
