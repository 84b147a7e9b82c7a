// The two lists of the configuration, so that reading, checking and printing know one way for both.
#pragma once

#include "common/config_keys.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

/// A list whose entries are groups of keys.
template <class Owner>
struct config_list {
    std::string_view name;         // "models"
    std::string_view first_keys;   // what an entry needs at least, for people
    std::string_view standard;     // what the default list is, for the table
    std::string_view description;  // for the table
    std::span<config_key<Owner> const> keys;
    std::vector<Owner> config::* entries;
    std::string Owner::* kind;   // which of the keys mean something
    std::string_view kind_word;  // what that key is called
};

[[nodiscard]] config_list<upstream_config> upstream_list();
[[nodiscard]] config_list<model_config> model_list();

template <class Visit>
void for_each_list(Visit visit) {
    visit(upstream_list());
    visit(model_list());
}

/// "models[2]" and "models[2].path".
[[nodiscard]] std::string entry_name(std::string_view list, std::size_t index);
[[nodiscard]] std::string entry_key(std::string_view list, std::size_t index, std::string_view key);

/// Whether `kind` is one of `kinds`, which is empty for all.
[[nodiscard]] bool is_for_kind(std::string_view kinds, std::string_view kind);

template <class Owner>
[[nodiscard]] bool means_something(config_list<Owner> const& list, config_key<Owner> const& key,
                                   Owner const& entry) {
    return is_for_kind(key.kinds, entry.*list.kind);
}

}  // namespace parley
