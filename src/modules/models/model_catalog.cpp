#include "modules/models/model_catalog.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace parley {

model_catalog::model_catalog(std::vector<std::unique_ptr<language_model>> models, std::string default_name)
    : default_name_(std::move(default_name)) {
    for (auto& model : models) add(std::move(model));
}

bool model_catalog::add(std::unique_ptr<language_model> model) {
    auto name = model->info().name;
    std::unique_lock const lock{guard_};
    if (!by_name_.emplace(name, model.get()).second) return false;
    if (default_name_.empty()) default_name_ = std::move(name);
    models_.push_back(std::move(model));
    return true;
}

result<language_model*> model_catalog::find(std::optional<std::string> const& name) const {
    std::shared_lock const lock{guard_};
    auto const& wanted = name ? *name : default_name_;
    auto const found = by_name_.find(wanted);
    if (found != by_name_.end()) return found->second;
    return fail(error_kind::conflict, "unknown_model",
                wanted.empty() ? "This server has no model configured."
                               : "The interaction's settings name the model \"" + wanted +
                                     "\", which this server has not; GET /api/v1/models lists those it has.",
                "settings.model_name");
}

bool model_catalog::has(std::string_view name) const {
    std::shared_lock const lock{guard_};
    return by_name_.contains(name);
}

std::vector<language_model*> model_catalog::all() const {
    std::shared_lock const lock{guard_};
    std::vector<language_model*> out;
    out.reserve(models_.size());
    for (auto const& model : models_) out.push_back(model.get());
    return out;
}

bool model_catalog::is_default(std::string_view name) const {
    std::shared_lock const lock{guard_};
    return name == default_name_;
}

void model_catalog::close() {
    std::vector<std::unique_ptr<language_model>> ending;
    std::unique_lock const lock{guard_};
    by_name_.clear();
    ending.swap(models_);
}

bool model_catalog::settled() const {
    return std::ranges::none_of(all(), [](language_model const* model) {
        auto const info = model->info();
        return info.state == model_state::loading && !info.on_demand;
    });
}

}  // namespace parley
