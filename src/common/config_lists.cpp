#include "common/config_lists.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parley {

config_list<upstream_config> upstream_list() {
    return {.name = "upstreams",
            .first_keys = "name and base_url",
            .standard = "`[]`",
            .description = "servers that run models: a list, which replaces the default list; docs/models.md",
            .keys = upstream_keys(),
            .entries = &config::upstreams,
            .kind = &upstream_config::dialect,
            .kind_word = "dialect"};
}

config_list<model_config> model_list() {
    return {.name = "models",
            .first_keys = "name, kind and path",
            .standard = "one model, `smollm2-135m-instruct`",
            .description = "the models that can be chosen: a list, which replaces the default list",
            .keys = model_keys(),
            .entries = &config::models,
            .kind = &model_config::kind,
            .kind_word = "kind"};
}

std::string entry_name(std::string_view list, std::size_t index) {
    return fmt::format("{}[{}]", list, index);
}

std::string entry_key(std::string_view list, std::size_t index, std::string_view key) {
    return fmt::format("{}[{}].{}", list, index, key);
}

bool is_for_kind(std::string_view kinds, std::string_view kind) {
    if (kinds.empty()) return true;
    while (!kinds.empty()) {
        auto const end = std::min(kinds.find(' '), kinds.size());
        if (kinds.substr(0, end) == kind) return true;
        kinds.remove_prefix(std::min(end + 1, kinds.size()));
    }
    return false;
}

}  // namespace parley
