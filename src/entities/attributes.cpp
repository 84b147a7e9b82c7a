#include "entities/attributes.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

namespace parley {

result<attributes> make_attributes(attributes draft, std::string const& param) {
    if (draft.size() > limits::metadata_keys) {
        return invalid("invalid_metadata",
                       "At most " + std::to_string(limits::metadata_keys) + " pairs are allowed.", param);
    }
    for (auto const& [key, value] : draft) {
        if (auto ok = check_text(key, {1, limits::metadata_key}, "invalid_metadata", param); !ok) {
            return std::unexpected(ok.error());
        }
        if (auto ok = check_text(value, {0, limits::metadata_value}, "invalid_metadata", param + "." + key);
            !ok) {
            return std::unexpected(ok.error());
        }
    }
    return draft;
}

std::size_t text_bytes(attributes const& pairs) {
    std::size_t bytes = 0;
    for (auto const& [name, text] : pairs) bytes += name.size() + text.size();
    return bytes;
}

}  // namespace parley
