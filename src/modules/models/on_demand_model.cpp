#include "modules/models/on_demand_model.hpp"

#include "common/wakeup.hpp"
#include "modules/models/memory_core.hpp"
#include "modules/models/model_wait.hpp"
#include "modules/models/on_demand_generation.hpp"
#include "services/token_estimate.hpp"

#include <boost/asio/this_coro.hpp>

#include <functional>
#include <utility>

namespace parley {

namespace {

class on_demand_model final : public language_model {
public:
    on_demand_model(on_demand_options options, std::shared_ptr<memory_core> core)
        : known_(std::move(options.known)),
          core_(std::move(core)),
          slot_(std::make_shared<memory_slot>(known_.name, options.bytes, std::move(options.make))) {
        core_->add(slot_);
    }
    ~on_demand_model() override { core_->retire(slot_); }

    [[nodiscard]] model_info info() const override { return core_->describe(*slot_, known_); }

    [[nodiscard]] task<result<void>> prepare(std::function<void(double)> progress) override;

    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request request) override {
        if (!core_->pin_loaded(*slot_, false)) co_return estimate_tokens(request);
        model_pin const pin{core_, slot_};
        co_return co_await pin.model().count_tokens(std::move(request));
    }

    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request request,
                                                            boost::asio::any_io_executor executor) override;

private:
    model_info const known_;
    std::shared_ptr<memory_core> const core_;
    shared_slot const slot_;
};

task<result<void>> on_demand_model::prepare(std::function<void(double)> progress) {
    wakeup awoken{co_await boost::asio::this_coro::executor};
    model_wait waiting{core_, slot_, awoken};
    double told = -1;
    for (;;) {
        auto const seen = waiting.look();
        if (!seen) co_return std::unexpected(seen.error());
        auto const share = waiting.share();
        if (*seen) {
            core_->keep_for_start(*slot_);
            if (progress && told >= 0 && told < share) progress(share);
            co_return result<void>{};
        }
        if (progress && share > told) {
            told = share;
            progress(share);
        }
        auto const patience = waiting.patience();
        co_await awoken.wait(patience);
    }
}

result<std::unique_ptr<generation>> on_demand_model::start(generation_request request,
                                                           boost::asio::any_io_executor executor) {
    if (!core_->pin_loaded(*slot_, true)) {
        return std::make_unique<on_demand_generation>(core_, slot_, std::move(request), std::move(executor));
    }
    model_pin pin{core_, slot_};
    auto running = pin.model().start(std::move(request), executor);
    if (!running) return std::unexpected(std::move(running.error()));
    return std::make_unique<on_demand_generation>(core_, std::move(pin), std::move(*running),
                                                  std::move(executor));
}

}  // namespace

std::unique_ptr<language_model> make_on_demand_model(on_demand_options options, model_memory& memory) {
    return std::make_unique<on_demand_model>(std::move(options), memory.core());
}

}  // namespace parley
