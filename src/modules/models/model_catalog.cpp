#include "modules/models/model_catalog.hpp"

#include <algorithm>
#include <utility>

namespace parley {

model_catalog::model_catalog(std::vector<std::unique_ptr<language_model>> models, std::string default_name)
    : models_(std::move(models)),
      default_name_(std::move(default_name)) {
    if (default_name_.empty() && !models_.empty()) default_name_ = models_.front()->info().name;
}

result<language_model*> model_catalog::find(std::optional<std::string> const& name) const {
    auto const& wanted = name ? *name : default_name_;
    auto const found =
        std::ranges::find_if(models_, [&](auto const& model) { return model->info().name == wanted; });
    if (found != models_.end()) return found->get();
    return fail(error_kind::conflict, "unknown_model",
                wanted.empty() ? "This server has no model configured."
                               : "The interaction's settings name the model \"" + wanted +
                                     "\", which this server has not; GET /api/v1/models lists those it has.",
                "settings.model_name");
}

bool model_catalog::settled() const {
    return std::ranges::none_of(models_, [](auto const& model) {
        auto const info = model->info();
        return info.state == model_state::loading && !info.on_demand;
    });
}

}  // namespace parley
