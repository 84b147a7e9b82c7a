// One reply of a model that is loaded on demand: waits until it is in memory, and keeps it there.
//
// Thread safety: as a generation: one coroutine, stop() from any thread. Ownership: shares what it needs with
// the model; may outlive it.
#pragma once

#include "common/wakeup.hpp"
#include "modules/models/model_wait.hpp"
#include "modules/models/stop_relay.hpp"
#include "services/language_model.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace parley {

class on_demand_generation final : public generation {
public:
    /// Asks for the model to be loaded.
    on_demand_generation(std::shared_ptr<memory_core> core, shared_slot slot, generation_request request,
                         boost::asio::any_io_executor executor);
    /// The model is in memory, and has begun.
    on_demand_generation(std::shared_ptr<memory_core> core, model_pin pin,
                         std::unique_ptr<generation> running, boost::asio::any_io_executor executor);
    ~on_demand_generation() override;

    [[nodiscard]] task<generation_event> next(std::chrono::milliseconds longest) override;
    void stop() noexcept override;

private:
    using time_point = std::chrono::steady_clock::time_point;

    [[nodiscard]] bool look();
    void begin(model_pin pin);
    void end_with(error why);
    void leave();

    std::shared_ptr<memory_core> const core_;
    std::string const name_;  // of the model, while it is waited for
    boost::asio::any_io_executor const executor_;
    time_point const started_ = core_->options().now();
    double told_ = -1;                     // which share was loaded when that was said last
    std::chrono::milliseconds loading_{};  // until the model was in memory
    wakeup awoken_{executor_};
    stop_relay stopping_;
    std::optional<generation_request> request_;  // until it is begun
    std::optional<model_wait> waiting_;
    model_pin pin_;
    std::unique_ptr<generation> running_;  // goes before its pin
    std::optional<generation_end> ending_;
};

}  // namespace parley
