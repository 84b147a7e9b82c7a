#include "entities/user.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

namespace parley {

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
    return draft;
}

}  // namespace parley
