// Which models there are, by the name that settings use.
// Thread safety: every function from any thread, but close() when nobody asks for a model any more.
// Ownership: owns the models; a pointer to one stays valid until close().
#pragma once

#include "common/error.hpp"
#include "services/language_model.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parley {

class model_catalog {
public:
    /// Names are unique. `default_name` names one of them, or is empty: the first is the default then.
    model_catalog(std::vector<std::unique_ptr<language_model>> models, std::string default_name);

    /// One more; the default when it is the first of all. False, and the model ends, when there is one of its
    /// name already.
    bool add(std::unique_ptr<language_model> model);

    /// No name means the default. Errors: conflict (unknown_model): the settings name a model this server has
    /// not.
    [[nodiscard]] result<language_model*> find(std::optional<std::string> const& name) const;

    [[nodiscard]] bool has(std::string_view name) const;

    /// Those there are now, in the order in which they were added.
    [[nodiscard]] std::vector<language_model*> all() const;
    [[nodiscard]] bool is_default(std::string_view name) const;

    /// Ends the models and their threads. Nobody may ask for one any more; the event loops whose coroutines
    /// waited for them must still exist, because a model's thread may hold on to one for a moment longer.
    void close();

    /// True when no model is still loading.
    [[nodiscard]] bool settled() const;

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    mutable std::shared_mutex guard_;
    std::vector<std::unique_ptr<language_model>> models_;  // guarded, as below
    std::unordered_map<std::string, language_model*, text_hash, std::equal_to<>> by_name_;
    std::string default_name_;
};

}  // namespace parley
