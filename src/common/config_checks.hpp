// The parts of check_config(): one for each list, and what both have in common.
#pragma once

#include "common/config_draft.hpp"
#include "common/config_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

void check_tokens(config_draft& draft);
void check_proxies(config_draft& draft);
void check_cors(config_draft& draft);
void check_limits(config_draft& draft);
void check_upstreams(config_draft& draft);
void check_models(config_draft& draft);

/// `there is no model "x"; did you mean "y"?`, or which there are. `word` is "model", `list` "models".
[[nodiscard]] std::string no_such_entry(std::string_view word, std::string_view list, std::string_view wanted,
                                        std::span<std::string const> known);

template <class Owner>
[[nodiscard]] std::vector<std::string> names_in(std::vector<Owner> const& entries) {
    std::vector<std::string> names;
    names.reserve(entries.size());
    for (auto const& one : entries) names.push_back(one.name);
    return names;
}

/// A name is there and is no earlier entry's; `word` is what an entry is called.
template <class Owner>
void check_name(config_draft& draft, config_list<Owner> const& list, std::size_t index,
                std::string_view word) {
    auto const& entries = draft.values.*list.entries;
    auto const& name = entries[index].name;
    auto const entry = entry_name(list.name, index);
    auto const key = entry_key(list.name, index, "name");
    if (name.empty()) {
        if (!draft.already_wrong(entry)) {
            draft.complain(draft.source_of(entry), key,
                           fmt::format("is missing; every {} needs a name", word));
        }
        return;
    }
    for (std::size_t earlier = 0; earlier < index; ++earlier) {
        if (entries[earlier].name != name) continue;
        draft.complain(
            draft.source_of(key), key,
            fmt::format("\"{}\" is the name of {} already ({})", name, entry_name(list.name, earlier),
                        draft.source_of(entry_key(list.name, earlier, "name"))));
        return;
    }
}

/// No key is given that an entry of this kind does not look at.
template <class Owner>
void check_meaning(config_draft& draft, config_list<Owner> const& list, std::size_t index) {
    if (draft.already_wrong(entry_key(list.name, index, list.kind_word))) return;
    auto const& entry = (draft.values.*list.entries)[index];
    for (auto const& one : list.keys) {
        auto const key = entry_key(list.name, index, one.name);
        if (means_something(list, one, entry) || !draft.has(key)) continue;
        draft.complain(
            draft.source_of(key), key,
            fmt::format("means nothing for {} {}; leave it out", list.kind_word, entry.*list.kind));
    }
}

}  // namespace parley
