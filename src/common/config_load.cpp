#include "common/config_load.hpp"

#include "common/config_lists.hpp"
#include "embedded/configs.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace parley {
namespace {

constexpr std::uintmax_t largest_file = 1024UL * 1024UL;

/// The error is a sentence.
std::expected<std::string, std::string> read_file(std::filesystem::path const& path) {
    std::error_code failed;
    if (std::filesystem::is_directory(path, failed)) return std::unexpected("is a folder, not a file");
    errno = 0;
    std::ifstream in{path, std::ios::binary};
    if (!in) return std::unexpected(fmt::format("can not be read: {}", std::strerror(errno)));
    std::string text;
    for (std::istreambuf_iterator<char> at{in}, end; at != end; ++at) {
        text.push_back(*at);
        if (text.size() > largest_file) return std::unexpected("is larger than 1 MiB");
    }
    return text;
}

void apply_defaults(config_draft& draft, std::string_view text) {
    apply_yaml(draft, {.label = "default.yaml (built in)", .text = text, .base = "/"});
    for (auto& [key, origin] : draft.origins) origin.source = "default";
}

void apply_file(config_draft& draft, std::filesystem::path const& path,
                std::filesystem::path const& working_folder) {
    auto const text = read_file(working_folder / path);
    if (!text) return draft.complain(path.string(), {}, text.error());
    apply_yaml(draft, {.label = path.string(), .text = *text, .base = (working_folder / path).parent_path()});
}

void apply_flags(config_draft& draft, config_request const& request) {
    for (auto const& [flag, key, text] : request.flags) {
        auto const row = std::ranges::find(config_keys(), key, &config_key<config>::name);
        if (row != config_keys().end()) apply_value(draft, *row, text, {flag, request.working_folder});
    }
}

template <class Owner>
void expand_paths_of(config_draft& draft, Owner& owner, std::span<config_key<Owner> const> keys,
                     std::string const& prefix, environment_map const& environment) {
    for (auto const& key : keys) {
        if (key.rule.type != config_type::path) continue;
        auto const name = prefix + std::string{key.name};
        auto const origin = draft.origins.find(name);
        auto* const field =
            *std::get_if<std::filesystem::path*>(&static_cast<config_slot const&>(key.slot(owner)));
        if (origin == draft.origins.end() || field->empty()) continue;
        auto const path = expand_path(field->string(), environment, origin->second.base);
        if (path) {
            *field = *path;
        } else {
            draft.complain(origin->second.source, name, path.error());
        }
    }
}

void expand_paths(config_draft& draft, environment_map const& environment) {
    expand_paths_of(draft, draft.values, config_keys(), "", environment);
    for_each_list([&](auto const& list) {
        auto& entries = draft.values.*list.entries;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            expand_paths_of(draft, entries[i], list.keys, entry_name(list.name, i) + ".", environment);
        }
    });
}

/// Keys that no layer named.
void complete_origins(config_draft& draft) {
    for (auto const& key : config_keys())
        draft.origins.try_emplace(std::string{key.name}, config_origin{"default"});
    for_each_list([&](auto const& list) {
        for (std::size_t i = 0; i < (draft.values.*list.entries).size(); ++i) {
            for (auto const& key : list.keys) {
                draft.origins.try_emplace(entry_key(list.name, i, key.name), config_origin{"default"});
            }
        }
    });
}

}  // namespace

std::expected<loaded_config, config_problems> load_config(config_request const& request,
                                                          std::string_view defaults) {
    config_draft draft;
    apply_defaults(draft, defaults);
    if (request.file) apply_file(draft, *request.file, request.working_folder);
    apply_environment(draft, request.environment, request.working_folder);
    apply_flags(draft, request);
    expand_paths(draft, request.environment);
    read_api_keys(draft, request.environment);
    complete_values(draft);
    check_config(draft);
    if (!draft.problems.empty()) return std::unexpected(std::move(draft.problems));
    complete_origins(draft);
    return loaded_config{std::move(draft.values), std::move(draft.origins)};
}

std::expected<loaded_config, config_problems> load_config(config_request const& request) {
    return load_config(request, embedded::configs("default.yaml").value_or(""));
}

environment_map process_environment() {
    environment_map variables;
    for (char const* const* entry = environ; *entry != nullptr; ++entry) {
        std::string_view const text{*entry};
        auto const equals = text.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

}  // namespace parley
