// The only file that knows yaml-cpp. Marks count lines from 0.
#include "common/config_draft.hpp"
#include "common/config_lists.hpp"
#include "common/config_suggest.hpp"
#include "common/utf8.hpp"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <type_traits>
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

/// A variable's list is YAML or JSON when it begins so.
bool begins_a_list(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '[';
}

/// Where the documents of a text begin. YAML::LoadAll would tell, too, but never ends with "[a], b".
class document_starts : public YAML::EventHandler {
public:
    [[nodiscard]] static std::optional<YAML::Mark> second_in(std::string const& text) {
        std::istringstream in{text};
        YAML::Parser parser{in};
        document_starts found;
        if (!parser.HandleNextDocument(found) || !parser.HandleNextDocument(found)) return std::nullopt;
        return found.last_;
    }

    void OnDocumentStart(YAML::Mark const& mark) override { last_ = mark; }
    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const&, YAML::anchor_t) override {}
    void OnAlias(YAML::Mark const&, YAML::anchor_t) override {}
    void OnScalar(YAML::Mark const&, std::string const&, YAML::anchor_t, std::string const&) override {}
    void OnSequenceStart(YAML::Mark const&, std::string const&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(YAML::Mark const&, std::string const&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}

private:
    YAML::Mark last_;
};

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

    void read_one_list(std::string_view name) {
        auto const root = parse();
        if (!root) return;
        for_each_list([&](auto const& list) {
            if (list.name == name) read_list(list, *root, *root);
        });
    }

    void read_one_value(config_key<config> const& key) {
        auto const name = std::string{key.name};
        if (auto const root = parse(name)) read_value(draft_.values, key, name, *root, *root);
    }

private:
    [[nodiscard]] std::string place(YAML::Node const& node) const { return place(node.Mark().line); }
    [[nodiscard]] std::string place(int line) const {
        return source_.with_lines ? fmt::format("{}:{}", source_.label, std::max(line, 0) + 1)
                                  : source_.label;
    }

    /// A null node when there is no document; nothing when it can not be read. `key`: what the text is the
    /// value of, where that is a single key.
    std::optional<YAML::Node> parse(std::string const& key = {}) {
        if (!is_valid_utf8(source_.text)) {
            draft_.complain(source_.label, key, "the text is not valid UTF-8");
            return std::nullopt;
        }
        try {
            std::string const text{source_.text};
            auto document = YAML::Load(text);
            if (auto const second = document_starts::second_in(text)) {
                draft_.complain(place(second->line), key,
                                key.empty() ? "a second document begins here; only one is possible"
                                            : "there is more behind the end of the list");
                return std::nullopt;
            }
            return document;
        } catch (YAML::Exception const& problem) {
            draft_.complain(place(problem.mark.line), key,
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
                if (read_if_list(name, key, value)) return;
                if (is_group && word.find('.') == std::string_view::npos) {
                    if (value.IsMap()) return read_group(value, name + ".");
                    if (!value.IsNull()) complain_shape(key, name, value, "a group of keys");
                } else if (row != config_keys().end() && word.find('.') == std::string_view::npos) {
                    read_value(draft_.values, *row, name, key, value);
                } else {
                    complain_unknown(key, name, known_names());
                }
            });
    }

    bool read_if_list(std::string const& name, YAML::Node const& key, YAML::Node const& value) {
        auto found = false;
        for_each_list([&](auto const& list) {
            if (list.name != name) return;
            found = true;
            read_list(list, key, value);
        });
        return found;
    }

    template <class Owner>
    void read_list(config_list<Owner> const& list, YAML::Node const& key, YAML::Node const& value) {
        auto const name = std::string{list.name};
        if (!value.IsSequence()) {
            return complain_shape(key, name, value, "a list, empty ([]) if there are none");
        }
        (draft_.values.*list.entries).clear();
        std::erase_if(draft_.origins, [&](auto const& one) {
            return one.first == name || one.first.starts_with(name + "[");
        });
        draft_.origins[name] = {place(key), source_.base};
        for (std::size_t i = 0; i < value.size(); ++i) read_entry(list, value[i], entry_name(name, i));
    }

    template <class Owner>
    void read_entry(config_list<Owner> const& list, YAML::Node const& entry, std::string const& name) {
        auto& owner = (draft_.values.*list.entries).emplace_back();
        draft_.origins[name] = {place(entry), source_.base};
        if (!entry.IsMap()) {
            return complain_shape(entry, name, entry,
                                  fmt::format("a group of keys with {}", list.first_keys));
        }
        auto const prefix = name + ".";
        each_pair(entry, prefix,
                  [&](YAML::Node const& key, std::string const& word, YAML::Node const& value) {
                      auto const row = std::ranges::find(list.keys, word, &config_key<Owner>::name);
                      if (row == list.keys.end())
                          return complain_unknown(key, prefix + word, names_of(list.keys, prefix));
                      read_value(owner, *row, prefix + word, key, value);
                  });
    }

    template <class Owner>
    void read_value(Owner& owner, config_key<Owner> const& row, std::string const& name,
                    YAML::Node const& key, YAML::Node const& value) {
        if (row.rule.type == config_type::secret) return complain_secret(row, name, key);
        config_scalar written;
        if (is_list(row.rule.type)) {
            if (!value.IsSequence()) return complain_shape(key, name, value, "a " + type_name(row.rule));
            for (auto const& one : value) {
                if (!one.IsScalar()) return complain_entry(key, name, one);
                written.items.push_back(one.Scalar());
            }
        } else {
            if (!value.IsScalar()) {
                return complain_shape(key, name, value, fmt::format("one value ({})", type_name(row.rule)));
            }
            written = {.text = value.Scalar(), .quoted = value.Tag() == "!"};
        }
        draft_.origins[name] = {place(key), source_.base};
        auto const wrong = assign(row.slot(owner), row.rule, written);
        if (wrong) draft_.complain(place(key), name, *wrong);
    }

    template <class Owner>
    void complain_secret(config_key<Owner> const& row, std::string const& name, YAML::Node const& key) {
        auto const instead =
            std::is_same_v<Owner, config>
                ? fmt::format("set {} instead", environment_name(row.name))
                : fmt::format("put it into an environment variable and write that one's name as {}_variable",
                              row.name);
        draft_.complain(place(key), name, "is a secret and has no place in a file; " + instead);
    }

    void complain_shape(YAML::Node const& key, std::string const& name, YAML::Node const& value,
                        std::string_view expected) {
        draft_.complain(place(key), name,
                        fmt::format("there is {} where {} is expected", shape(value), expected));
    }

    void complain_entry(YAML::Node const& key, std::string const& name, YAML::Node const& entry) {
        draft_.complain(
            place(key), name,
            fmt::format("there is {} in the list where a single value is expected", shape(entry)));
    }

    void complain_unknown(YAML::Node const& key, std::string const& name,
                          std::vector<std::string> const& known) {
        draft_.complain(place(key), name, "there is no such key" + quoted_or_nothing(nearest(name, known)));
    }

    [[nodiscard]] static std::vector<std::string> known_names() {
        std::set<std::string> names;
        for_each_list([&](auto const& list) { names.emplace(list.name); });
        for (auto const& key : config_keys()) {
            names.emplace(key.name);
            auto const dot = key.name.find('.');
            if (dot != std::string_view::npos) names.emplace(key.name.substr(0, dot));
        }
        return {names.begin(), names.end()};
    }

    template <class Owner>
    [[nodiscard]] static std::vector<std::string> names_of(std::span<config_key<Owner> const> keys,
                                                           std::string const& prefix) {
        std::vector<std::string> names;
        for (auto const& key : keys) names.push_back(prefix + std::string{key.name});
        return names;
    }

    config_draft& draft_;
    yaml_source const& source_;
};

}  // namespace

void apply_yaml(config_draft& draft, yaml_source const& source) {
    yaml_reader{draft, source}.read_everything();
}

void apply_list_yaml(config_draft& draft, std::string_view list, yaml_source const& source) {
    yaml_reader{draft, source}.read_one_list(list);
}

void apply_value(config_draft& draft, config_key<config> const& key, std::string const& text,
                 config_origin const& origin) {
    draft.origins[std::string{key.name}] = origin;
    config_scalar written{.text = text};
    if (is_list(key.rule.type)) {
        if (begins_a_list(text)) {
            yaml_source const source{
                .label = origin.source, .text = text, .base = origin.base, .with_lines = false};
            return yaml_reader{draft, source}.read_one_value(key);
        }
        written.items = split_at_commas(text);
    }
    auto const wrong = assign(key.slot(draft.values), key.rule, written);
    if (wrong) draft.complain(origin.source, std::string{key.name}, *wrong);
}

}  // namespace parley
