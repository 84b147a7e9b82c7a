// Which models there are, by the name that settings use.
// Thread safety: built by the wiring before any request, then only read.
#pragma once

#include "common/error.hpp"
#include "services/language_model.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

class model_catalog {
public:
    /// Names are unique. `default_name` names one of them, or is empty: the first is the default then.
    model_catalog(std::vector<std::unique_ptr<language_model>> models, std::string default_name);

    /// No name means the default. Errors: conflict (unknown_model): the settings name a model this server has
    /// not.
    [[nodiscard]] result<language_model*> find(std::optional<std::string> const& name) const;

    [[nodiscard]] std::vector<std::unique_ptr<language_model>> const& all() const { return models_; }
    [[nodiscard]] bool is_default(std::string_view name) const { return name == default_name_; }

    /// Ends the models and their threads. Nobody may ask for one any more; the event loops whose coroutines
    /// waited for them must still exist, because a model's thread may hold on to one for a moment longer.
    void close() { models_.clear(); }

    /// True when no model is still loading.
    [[nodiscard]] bool settled() const;

private:
    std::vector<std::unique_ptr<language_model>> models_;
    std::string default_name_;
};

}  // namespace parley
