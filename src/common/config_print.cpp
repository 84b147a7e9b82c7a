#include "common/config_print.hpp"

#include "embedded/configs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace parley {
namespace {

constexpr std::size_t comment_column = 44;

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
    return type == config_type::words || type == config_type::integer || type == config_type::number ||
           type == config_type::size || type == config_type::duration;
}

std::string yaml_value(config_slot slot, config_type type) {
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

std::string models_yaml(loaded_config const& loaded, std::vector<model_config>& models) {
    auto const source = loaded.origins.contains("models") ? loaded.origins.at("models").source : "default";
    if (models.empty()) return line("models: []", source);
    auto out = line("models:", source);
    for (std::size_t i = 0; i < models.size(); ++i) {
        std::string_view lead = "  - ";
        for (auto const& key : model_keys()) {
            auto const slot = key.slot(models[i]);
            if (is_unset(slot)) continue;
            auto const& origin = loaded.origins.at(fmt::format("models[{}].{}", i, key.name));
            out +=
                line(fmt::format("{}{}: {}", lead, key.name, yaml_value(slot, key.rule.type)), origin.source);
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

std::string model_rows() {
    std::string out =
        fmt::format("| `models` | list | one model, `smollm2-135m-instruct` | `{}` (YAML or JSON) | {} |\n",
                    environment_name("models"), models_description);
    model_config standard;
    for (auto const& key : model_keys()) {
        out +=
            table_row(key, "models[]." + std::string{key.name}, show(key.slot(standard), key.rule.type), "–");
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
        if (key.rule.type == config_type::secret) {
            // Not a value that a file may have: said in a comment.
            auto const shown = show(key.slot(values), key.rule.type);
            if (!shown.empty()) {
                out += line(fmt::format("  # {}: {}", name, shown),
                            loaded.origins.at(std::string{key.name}).source);
            }
            continue;
        }
        if (group != open_group && !group.empty()) out += fmt::format("{}:\n", group);
        if (key.name == "default_model") out += models_yaml(loaded, values.models);
        open_group = group;
        out += line(fmt::format("{}{}: {}", group.empty() ? "" : "  ", name,
                                yaml_value(key.slot(values), key.rule.type)),
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
        if (key.name == "default_model") out += model_rows();
        out += table_row(key, std::string{key.name}, show(key.slot(standard.values), key.rule.type),
                         "`" + environment_name(key.name) + "`");
    }
    return out;
}

}  // namespace parley
