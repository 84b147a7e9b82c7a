#include "common/config_print.hpp"

#include "common/config_lists.hpp"
#include "embedded/configs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace parley {
namespace {

constexpr std::size_t comment_column = 44;
constexpr std::string_view first_after_lists = "default_model";

bool is_plain(std::string_view text) {
    constexpr std::array<std::string_view, 9> words{"null", "true", "false", "yes", "no",
                                                    "on",   "off",  "y",     "n"};
    auto const safe = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.' || c == '/';
    };
    auto const begins_well = !text.empty() && (text[0] == '/' || (text[0] >= 'a' && text[0] <= 'z'));
    return begins_well && std::ranges::all_of(text, safe) && std::ranges::find(words, text) == words.end();
}

/// Double quotes with the escapes that JSON and YAML share.
std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            out.push_back(c);
        }
    }
    return out + "\"";
}

/// What YAML reads back as it is written.
bool needs_no_quotes(config_type type) {
    return type == config_type::words || type == config_type::boolean || type == config_type::integer ||
           type == config_type::number || type == config_type::size || type == config_type::duration;
}

bool is_whole_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string yaml_list(std::vector<std::string> const& texts) {
    std::string out;
    for (auto const& one : texts) {
        out += out.empty() ? "[" : ", ";
        out += is_plain(one) || is_whole_number(one) ? one : in_quotes(one);
    }
    return out.empty() ? "[]" : out + "]";
}

std::string yaml_value(config_slot slot, config_type type) {
    if (auto* const* texts = std::get_if<std::vector<std::string>*>(&slot)) return yaml_list(**texts);
    auto const text = show(slot, type);
    return needs_no_quotes(type) || is_plain(text) ? text : in_quotes(text);
}

std::string line(std::string const& text, std::string_view comment) {
    return fmt::format("{:<{}} # {}\n", text, comment_column, comment);
}

/// Optional texts and paths that were never set are left out.
bool is_unset(config_slot slot) {
    if (auto* const* text = std::get_if<std::optional<std::string>*>(&slot)) return !(*text)->has_value();
    if (auto* const* path = std::get_if<std::filesystem::path*>(&slot)) return (*path)->empty();
    return false;
}

/// Of a secret a comment says that it is set, for no file may have it.
std::string key_line(std::string_view lead, std::string_view name, config_slot slot, config_type type,
                     std::string_view source) {
    if (type != config_type::secret) {
        return line(fmt::format("{}{}: {}", lead, name, yaml_value(slot, type)), source);
    }
    auto const shown = show(slot, type);
    return shown.empty() ? std::string{}
                         : line(fmt::format("{:{}}# {}: {}", "", lead.size(), name, shown), source);
}

template <class Owner>
std::string list_yaml(loaded_config const& loaded, config_list<Owner> const& list) {
    auto const found = loaded.origins.find(list.name);
    auto const source = found == loaded.origins.end() ? std::string{"default"} : found->second.source;
    auto entries = loaded.values.*list.entries;
    if (entries.empty()) return line(fmt::format("{}: []", list.name), source);
    auto out = line(fmt::format("{}:", list.name), source);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        std::string_view lead = "  - ";
        for (auto const& key : list.keys) {
            auto const slot = key.slot(entries[i]);
            if (is_unset(slot) || !means_something(list, key, entries[i])) continue;
            out += key_line(lead, key.name, slot, key.rule.type,
                            loaded.origins.at(entry_key(list.name, i, key.name)).source);
            lead = "    ";
        }
    }
    return out;
}

template <class Owner>
std::string table_row(config_key<Owner> const& key, std::string const& name, std::string const& standard,
                      std::string const& variable) {
    return fmt::format("| `{}` | {} | {} | {} | {} |\n", name, type_name(key.rule),
                       standard.empty() ? std::string{"–"} : "`" + standard + "`", variable, key.description);
}

/// "`llama`, `scripted`: " before what a key of these kinds alone is for.
std::string kinds_first(std::string_view kinds) {
    std::string out;
    while (!kinds.empty()) {
        auto const end = std::min(kinds.find(' '), kinds.size());
        out += fmt::format("{}`{}`", out.empty() ? "" : ", ", kinds.substr(0, end));
        kinds.remove_prefix(std::min(end + 1, kinds.size()));
    }
    return out.empty() ? out : out + ": ";
}

template <class Owner>
std::string list_rows(config_list<Owner> const& list) {
    auto out = fmt::format("| `{}` | list | {} | `{}` (YAML or JSON) | {} |\n", list.name, list.standard,
                           environment_name(list.name), list.description);
    Owner standard;
    for (auto key : list.keys) {
        if (key.rule.type == config_type::secret) continue;
        auto const description = kinds_first(key.kinds) + std::string{key.description};
        key.description = description;
        out += table_row(key, fmt::format("{}[].{}", list.name, key.name),
                         show(key.slot(standard), key.rule.type), "–");
    }
    return out;
}

}  // namespace

std::string to_yaml(loaded_config const& loaded) {
    auto values = loaded.values;
    std::string out;
    std::string_view open_group;
    for (auto const& key : config_keys()) {
        auto const dot = key.name.find('.');
        auto const group = dot == std::string_view::npos ? std::string_view{} : key.name.substr(0, dot);
        auto const name = dot == std::string_view::npos ? key.name : key.name.substr(dot + 1);
        if (is_unset(key.slot(values))) continue;
        if (group != open_group && !group.empty()) out += fmt::format("{}:\n", group);
        if (key.name == first_after_lists) {
            for_each_list([&](auto const& list) { out += list_yaml(loaded, list); });
        }
        open_group = group;
        out += key_line(group.empty() ? "" : "  ", name, key.slot(values), key.rule.type,
                        loaded.origins.at(std::string{key.name}).source);
    }
    return out;
}

std::string config_table_markdown() {
    config_draft standard;  // paths as they are written, not as they are here
    apply_yaml(standard,
               {.label = "default", .text = embedded::configs("default.yaml").value_or(""), .base = "/"});
    std::string out = "| Key | Type | Default | Environment | Meaning |\n|---|---|---|---|---|\n";
    for (auto const& key : config_keys()) {
        if (key.name == first_after_lists) {
            for_each_list([&](auto const& list) { out += list_rows(list); });
        }
        out += table_row(key, std::string{key.name}, show(key.slot(standard.values), key.rule.type),
                         "`" + environment_name(key.name) + "`");
    }
    return out;
}

}  // namespace parley
