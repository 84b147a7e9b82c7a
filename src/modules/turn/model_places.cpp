#include "modules/turn/model_places.hpp"

#include <string>

namespace parley {

result<model_places::place> model_places::take(language_model const& model) {
    std::scoped_lock const lock{mutex_};
    auto const info = model.info();
    switch (info.state) {
        case model_state::ready:
            break;
        case model_state::loading:
            return fail(error_kind::unavailable, "model_loading",
                        "The model \"" + info.name + "\" is still loading.");
        case model_state::failed:
            return fail(error_kind::unavailable, "model_failed",
                        "The model \"" + info.name + "\" could not be loaded: " + info.problem);
    }
    auto& taken = taken_[&model];
    if (info.running + info.waiting + taken >= info.capacity) {
        return fail(error_kind::overloaded, "queue_full",
                    std::to_string(info.waiting + taken) + " replies are waiting for the model \"" +
                        info.name + "\" already.");
    }
    ++taken;
    return place{*this, model};
}

void model_places::leave(language_model const& model) {
    std::scoped_lock const lock{mutex_};
    --taken_[&model];
}

}  // namespace parley
