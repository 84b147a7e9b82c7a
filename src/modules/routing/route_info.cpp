#include "modules/routing/route_info.hpp"

#include <algorithm>
#include <string>

namespace parley {

namespace {

/// Whether it takes requests: one that is loaded on demand does so while it loads, too.
bool can_be_asked(model_info const& one) {
    return one.state == model_state::ready || one.state == model_state::unloaded ||
           (one.state == model_state::loading && one.on_demand);
}

void add_state(model_info& all, model_info const& one) {
    if (can_be_asked(one)) {
        all.state = model_state::ready;
    } else if (one.state == model_state::loading && all.state == model_state::failed) {
        all.state = model_state::loading;
    }
}

void add(model_info& all, route_target const& target, model_info const& one) {
    add_state(all, one);
    // A prompt is made before it is known who reads it, so it has to fit into every window.
    if (one.context_window > 0) {
        all.context_window =
            all.context_window == 0 ? one.context_window : std::min(all.context_window, one.context_window);
    }
    auto& can = all.abilities;
    can.tools = can.tools || one.abilities.tools;
    can.structured_output = can.structured_output || one.abilities.structured_output;
    can.images = can.images || one.abilities.images;
    all.parallel += target.limit() > 0 ? std::min(target.limit(), one.parallel) : one.parallel;
    all.max_waiting += one.max_waiting;
    if (!one.problem.empty()) {
        all.problem += (all.problem.empty() ? "" : "; ") + target.name() + ": " + one.problem;
    }
    all.targets.push_back(target.info());
}

}  // namespace

model_info info_of(std::span<std::shared_ptr<route_target> const> targets) {
    model_info all;
    all.state = model_state::failed;
    all.parallel = 0;
    for (auto const& target : targets) {
        auto const one = target->model().info();
        add(all, *target, one);
        if (targets.size() == 1) {
            all.state = one.state;
            all.problem = one.problem;
            all.description = one.description;
            all.on_demand = one.on_demand;
        } else {
            all.description += (all.description.empty() ? "Asks " : ", then ") + target->name();
        }
    }
    if (all.state != model_state::failed) all.problem.clear();
    if (!targets.empty()) all.price = targets.front()->price();
    all.parallel = std::max<std::size_t>(all.parallel, 1);
    return all;
}

}  // namespace parley
