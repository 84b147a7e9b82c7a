// The only file that knows yaml-cpp. Marks count lines from 0.
#include "common/config_draft.hpp"
#include "common/config_suggest.hpp"
#include "common/utf8.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

namespace parley {
namespace {

std::string quoted_or_nothing(std::optional<std::string> const& suggestion) {
    return suggestion ? fmt::format("; did you mean \"{}\"?", *suggestion) : std::string{};
}

std::string_view shape(YAML::Node const& node) {
    if (node.IsSequence()) return "a list";
    if (node.IsMap()) return "a group of keys";
    if (node.IsNull()) return "nothing";
    return "a single value";
}

bool is_list_of_words(YAML::Node const& node) {
    return node.IsSequence() &&
           std::ranges::all_of(node, [](YAML::Node const& one) { return one.IsScalar(); });
}

/// ["a", "b"] as a variable would have it: "a, b".
std::string joined(YAML::Node const& list) {
    std::string text;
    for (auto const& one : list) text += (text.empty() ? "" : ", ") + one.Scalar();
    return text;
}

class yaml_reader {
public:
    yaml_reader(config_draft& draft, yaml_source const& source) : draft_{draft}, source_{source} {}

    void read_everything() {
        auto const root = parse();
        if (!root || root->IsNull()) return;
        if (!root->IsMap()) {
            return draft_.complain(place(*root), {},
                                   fmt::format("there is {} where keys are expected", shape(*root)));
        }
        read_group(*root, "");
    }

    void read_models() {
        auto const root = parse();
        if (root) read_model_list(*root, *root);
    }

private:
    [[nodiscard]] std::string place(YAML::Node const& node) const { return place(node.Mark().line); }
    [[nodiscard]] std::string place(int line) const {
        return source_.with_lines ? fmt::format("{}:{}", source_.label, std::max(line, 0) + 1)
                                  : source_.label;
    }

    /// A null node when there is no document; nothing when it can not be read.
    std::optional<YAML::Node> parse() {
        if (!is_valid_utf8(source_.text)) {
            draft_.complain(source_.label, {}, "the text is not valid UTF-8");
            return std::nullopt;
        }
        try {
            auto const documents = YAML::LoadAll(std::string{source_.text});
            if (documents.empty()) return YAML::Node{};
            if (documents.size() > 1) {
                draft_.complain(place(documents[1]), {},
                                "a second document begins here; only one is possible");
                return std::nullopt;
            }
            return documents.front();
        } catch (YAML::Exception const& problem) {
            draft_.complain(place(problem.mark.line), {},
                            fmt::format("not readable as YAML: {}", problem.msg));
            return std::nullopt;
        }
    }

    /// Calls `visit(key node, name, value)` for each pair whose key is a word used once.
    template <class Visit>
    void each_pair(YAML::Node const& group, std::string const& prefix, Visit visit) {
        std::map<std::string, int> seen;
        for (auto const& pair : group) {
            if (!pair.first.IsScalar()) {
                draft_.complain(place(pair.first), prefix, "a key must be a word");
                continue;
            }
            auto const& word = pair.first.Scalar();
            auto const [earlier, fresh] = seen.emplace(word, pair.first.Mark().line);
            if (fresh) {
                visit(pair.first, word, pair.second);
            } else {
                draft_.complain(
                    place(pair.first), prefix + word,
                    fmt::format("is there twice; the first one is in line {}", earlier->second + 1));
            }
        }
    }

    /// `prefix` is "" or "server.".
    void read_group(YAML::Node const& group, std::string const& prefix) {
        each_pair(
            group, prefix, [&](YAML::Node const& key, std::string const& word, YAML::Node const& value) {
                auto const name = prefix + word;
                auto const row = std::ranges::find(config_keys(), name, &config_key<config>::name);
                auto const is_group = std::ranges::any_of(config_keys(), [&](config_key<config> const& one) {
                    return one.name.starts_with(name + ".");
                });
                if (name == "models") {
                    read_model_list(key, value);
                } else if (is_group && word.find('.') == std::string_view::npos) {
                    if (value.IsMap()) return read_group(value, name + ".");
                    if (!value.IsNull()) complain_shape(key, name, value, "a group of keys");
                } else if (row != config_keys().end() && word.find('.') == std::string_view::npos) {
                    read_value(draft_.values, *row, name, key, value);
                } else {
                    complain_unknown(key, name, known_names());
                }
            });
    }

    void read_model_list(YAML::Node const& key, YAML::Node const& list) {
        if (!list.IsSequence())
            return complain_shape(key, "models", list, "a list, empty ([]) if there are none");
        draft_.values.models.clear();
        std::erase_if(draft_.origins, [](auto const& one) { return one.first.starts_with("models"); });
        draft_.origins["models"] = {place(key), source_.base};
        for (std::size_t i = 0; i < list.size(); ++i) read_model(list[i], fmt::format("models[{}]", i));
    }

    void read_model(YAML::Node const& entry, std::string const& name) {
        draft_.values.models.emplace_back();
        draft_.origins[name] = {place(entry), source_.base};
        if (!entry.IsMap())
            return complain_shape(entry, name, entry, "a group of keys with name, kind and path");
        auto const prefix = name + ".";
        each_pair(entry, prefix,
                  [&](YAML::Node const& key, std::string const& word, YAML::Node const& value) {
                      auto const row = std::ranges::find(model_keys(), word, &config_key<model_config>::name);
                      if (row == model_keys().end())
                          return complain_unknown(key, prefix + word, model_names(prefix));
                      read_value(draft_.values.models.back(), *row, prefix + word, key, value);
                  });
    }

    template <class Owner>
    void read_value(Owner& owner, config_key<Owner> const& row, std::string const& name,
                    YAML::Node const& key, YAML::Node const& value) {
        auto const is_list = row.rule.type == config_type::words;
        if (is_list ? !is_list_of_words(value) : !value.IsScalar()) {
            return complain_shape(
                key, name, value,
                is_list ? "a " + type_name(row.rule) : fmt::format("one value ({})", type_name(row.rule)));
        }
        if (row.rule.type == config_type::secret) {
            return draft_.complain(place(key), name,
                                   fmt::format("is a secret and has no place in a file; set {} instead",
                                               environment_name(row.name)));
        }
        draft_.origins[name] = {place(key), source_.base};
        auto const written = is_list ? joined(value) : value.Scalar();
        auto const wrong = assign(row.slot(owner), row.rule, {written, value.Tag() == "!"});
        if (wrong) draft_.complain(place(key), name, *wrong);
    }

    void complain_shape(YAML::Node const& key, std::string const& name, YAML::Node const& value,
                        std::string_view expected) {
        draft_.complain(place(key), name,
                        fmt::format("there is {} where {} is expected", shape(value), expected));
    }

    void complain_unknown(YAML::Node const& key, std::string const& name,
                          std::vector<std::string> const& known) {
        draft_.complain(place(key), name, "there is no such key" + quoted_or_nothing(nearest(name, known)));
    }

    [[nodiscard]] static std::vector<std::string> known_names() {
        std::set<std::string> names{"models"};
        for (auto const& key : config_keys()) {
            names.emplace(key.name);
            auto const dot = key.name.find('.');
            if (dot != std::string_view::npos) names.emplace(key.name.substr(0, dot));
        }
        return {names.begin(), names.end()};
    }

    [[nodiscard]] static std::vector<std::string> model_names(std::string const& prefix) {
        std::vector<std::string> names;
        for (auto const& key : model_keys()) names.push_back(prefix + std::string{key.name});
        return names;
    }

    config_draft& draft_;
    yaml_source const& source_;
};

}  // namespace

void apply_yaml(config_draft& draft, yaml_source const& source) {
    yaml_reader{draft, source}.read_everything();
}

void apply_models_yaml(config_draft& draft, yaml_source const& source) {
    yaml_reader{draft, source}.read_models();
}

void apply_value(config_draft& draft, config_key<config> const& key, std::string const& text,
                 config_origin const& origin) {
    draft.origins[std::string{key.name}] = origin;
    auto const wrong = assign(key.slot(draft.values), key.rule, {text});
    if (wrong) draft.complain(origin.source, std::string{key.name}, *wrong);
}

}  // namespace parley
