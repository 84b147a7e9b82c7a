#include "modules/routing/routed_model.hpp"

#include "modules/routing/route_generation.hpp"
#include "modules/routing/route_info.hpp"

#include <fmt/format.h>

#include <functional>
#include <string_view>
#include <utility>

namespace parley {

namespace {

class routed_model final : public language_model {
public:
    routed_model(route_options options, std::vector<std::shared_ptr<route_target>> targets, metrics& seen,
                 std::vector<std::unique_ptr<language_model>> owned)
        : options_(std::move(options)),
          owned_(std::move(owned)),
          targets_(std::move(targets)),
          common_(std::make_shared<route_common>(options_.name, options_.hedge_after, options_.longest_wait,
                                                 seen, options_.now)) {}

    [[nodiscard]] model_info info() const override {
        auto told = info_of(targets_);
        told.name = options_.name;
        told.kind = options_.kind;
        told.running = common_->running;
        return told;
    }

    [[nodiscard]] task<result<void>> prepare(std::function<void(double)> progress) override {
        // With several targets, nobody knows yet which one will be asked; start() waits for it where it must.
        if (targets_.size() != 1) co_return result<void>{};
        auto& only = targets_.front()->model();
        if (!only.info().on_demand) co_return result<void>{};
        co_return co_await only.prepare(std::move(progress));
    }

    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request request) override;
    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request request,
                                                            boost::asio::any_io_executor executor) override;

private:
    route_options const options_;
    std::vector<std::unique_ptr<language_model>> const owned_;
    std::vector<std::shared_ptr<route_target>> const targets_;
    std::shared_ptr<route_common> const common_;
};

/// The most that one of those who can tell reads: the prompt is for whichever will reply.
task<result<std::int64_t>> routed_model::count_tokens(generation_request request) {
    result<std::int64_t> most =
        fail(error_kind::unavailable, "targets_unavailable", "The model has no targets.");
    for (auto const& target : targets_) {
        auto const counted = co_await target->model().count_tokens(request);
        if (!most || (counted && *counted > *most)) most = counted;
    }
    co_return most;
}

result<std::unique_ptr<generation>> routed_model::start(generation_request request,
                                                        boost::asio::any_io_executor executor) {
    auto const needed = needed_by(request);
    std::vector<std::size_t> able;
    std::string_view lacking;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        auto const lacks =
            needed == model_abilities{} ? "" : missing(needed, targets_[i]->model().info().abilities);
        if (lacks.empty()) {
            able.push_back(i);
        } else {
            lacking = lacks;
        }
    }
    if (able.empty() && !lacking.empty()) {
        return fail(error_kind::invalid, "model_lacks_ability",
                    fmt::format("No target of the model \"{}\" takes {}.", options_.name, lacking));
    }
    route_generation::targets order;
    for (auto const place : order_of(std::move(able), options_.weights, options_.random)) {
        order.push_back(targets_[place]);
    }
    return std::make_unique<route_generation>(common_, std::move(order), std::move(request),
                                              std::move(executor));
}

}  // namespace

std::unique_ptr<language_model> make_routed_model(route_options options,
                                                  std::vector<std::shared_ptr<route_target>> targets,
                                                  metrics& seen,
                                                  std::vector<std::unique_ptr<language_model>> owned) {
    return std::make_unique<routed_model>(std::move(options), std::move(targets), seen, std::move(owned));
}

}  // namespace parley
