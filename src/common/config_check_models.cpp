// What can be said about the list of models.
#include "common/config_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

namespace parley {
namespace {

constexpr std::int64_t least_window = 64;
constexpr std::int64_t largest_window = 16'777'216;
constexpr unsigned most_chats = 256;  // sequences of one llama.cpp context
constexpr std::size_t most_targets = 16;
constexpr int largest_weight = 1000;
constexpr double millionths = 1'000'000.0;

class model_check {
public:
    /// `sound`: whether the names in both lists can be relied upon.
    model_check(config_draft& draft, std::size_t index, bool sound)
        : draft_{draft},
          index_{index},
          sound_{sound},
          model_{draft.values.models[index]} {}

    void run() const {
        auto const list = model_list();
        check_name(draft_, list, index_, "model");
        if (model_.kind == "llama") need(model_.path.empty(), "path", "kind llama needs a GGUF file");
        if (model_.kind == "upstream") check_upstream();
        if (model_.kind == "route") check_route();
        check_meaning(draft_, list, index_);
        check_numbers();
    }

private:
    [[nodiscard]] std::string key(std::string_view name) const { return entry_key("models", index_, name); }
    [[nodiscard]] std::string entry() const { return entry_name("models", index_); }
    void complain(std::string_view name, std::string what) const {
        draft_.complain(draft_.source_of(key(name)), key(name), std::move(what));
    }
    void need(bool lacking, std::string_view name, std::string_view why) const {
        if (!lacking || draft_.already_wrong(entry())) return;
        draft_.complain(draft_.source_of(entry()), key(name), fmt::format("is missing; {}", why));
    }

    void check_upstream() const {
        need(model_.upstream.empty(), "upstream", "kind upstream needs a name out of upstreams");
        auto const known = names_in(draft_.values.upstreams);
        if (model_.upstream.empty() || draft_.already_wrong("upstreams")) return;
        if (std::ranges::find(known, model_.upstream) == known.end()) {
            complain("upstream", no_such_entry("upstream", "upstreams", model_.upstream, known));
            return;
        }
        auto const server =
            std::ranges::find(draft_.values.upstreams, model_.upstream, &upstream_config::name);
        bool const formed =
            std::ranges::find(model_.abilities, "structured_output") != model_.abilities.end();
        if (formed && server->dialect == "anthropic")
            complain("abilities", "structured_output is nothing that the dialect anthropic has");
    }

    void check_route() const {
        need(model_.targets.empty(), "targets", "kind route needs names out of models");
        if (model_.targets.size() > most_targets) {
            complain("targets", fmt::format("has {} names, at most {} are possible", model_.targets.size(),
                                            most_targets));
        }
        std::set<std::string_view> seen;
        for (auto const& target : model_.targets) {
            if (!seen.insert(target).second) {
                return complain("targets", fmt::format("\"{}\" is there twice", target));
            }
            check_target(target);
        }
        check_weights();
    }

    void check_target(std::string const& target) const {
        auto const& models = draft_.values.models;
        auto const found = std::ranges::find(models, target, &model_config::name);
        if (found != models.end()) {
            if (found->kind == "route") {
                complain("targets",
                         fmt::format("\"{}\" is a route, too; routes lead to other kinds", target));
            }
        } else if (sound_) {
            auto known = names_in(models);
            std::erase(known, model_.name);
            complain("targets", no_such_entry("model", "models", target, known));
        }
    }

    void check_weights() const {
        auto const& weights = model_.weights;
        if (weights.empty() || draft_.already_wrong(key("weights"))) return;
        if (weights.size() > model_.targets.size()) {
            return complain("weights", fmt::format("has {} numbers for {} targets", weights.size(),
                                                   model_.targets.size()));
        }
        auto something = false;
        for (auto const& text : weights) {
            auto const weight = weight_of(text);
            if (!weight) {
                return complain("weights", fmt::format("\"{}\" is not a whole number, from 0 to {}", text,
                                                       largest_weight));
            }
            something = something || *weight > 0;
        }
        if (!something) complain("weights", "are all 0, so that none would be tried first");
    }

    static std::optional<int> weight_of(std::string_view text) {
        int value = 0;
        auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return value >= 0 && value <= largest_weight ? std::optional{value} : std::nullopt;
    }

    void check_numbers() const {
        auto const window = model_.context_window;
        auto const unknown = model_.kind == "upstream" && window == 0;
        if (window < least_window && !unknown && draft_.has(key("context_window"))) {
            complain("context_window", fmt::format("{} is out of range; it must be {}from {} to {}", window,
                                                   model_.kind == "upstream" ? "0 (unknown) or " : "",
                                                   least_window, largest_window));
        }
        if (model_.kind == "llama" && model_.parallel > most_chats) {
            complain("parallel", fmt::format("{} is out of range; it must be from 1 to {} for kind llama",
                                             model_.parallel, most_chats));
        }
        check_price("price_input", model_.price_input);
        if (draft_.has(key("price_cached_input"))) {
            check_price("price_cached_input", model_.price_cached_input);
        }
        check_price("price_output", model_.price_output);
    }

    /// Costs are exact because prices are whole millionths.
    void check_price(std::string_view name, double price) const {
        if (draft_.already_wrong(key(name)) || std::round(price * millionths) / millionths == price) return;
        complain(name, fmt::format("{} has more than 6 decimals", price));
    }

    config_draft& draft_;
    std::size_t index_;
    bool sound_;
    model_config const& model_;
};

void check_default_model(config_draft& draft) {
    auto const& wanted = draft.values.default_model;
    if (wanted.empty() || draft.already_wrong("default_model") || draft.already_wrong("models")) return;
    auto const known = names_in(draft.values.models);
    if (std::ranges::find(known, wanted) != known.end()) return;
    draft.complain(draft.source_of("default_model"), "default_model",
                   known.empty() ? fmt::format("\"{}\" can not be there: models is an empty list ({})",
                                               wanted, draft.source_of("models"))
                                 : no_such_entry("model", "models", wanted, known));
}

}  // namespace

void check_models(config_draft& draft) {
    auto const sound = !draft.already_wrong("models");
    for (std::size_t i = 0; i < draft.values.models.size(); ++i) model_check{draft, i, sound}.run();
    check_default_model(draft);
}

}  // namespace parley
