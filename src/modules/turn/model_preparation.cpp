#include "modules/turn/model_preparation.hpp"

#include "common/wakeup.hpp"

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace parley {
namespace {

constexpr std::chrono::milliseconds look_again{1000};

/// Shared with the loading, which may outlive who waits for it.
struct preparation {
    explicit preparation(boost::asio::any_io_executor const& executor) : sleeper(executor) {}
    wakeup sleeper;
    std::function<void(double)> told;  // empty once nobody waits
    std::optional<result<void>> outcome;
};

task<void> load(language_model& model, std::shared_ptr<preparation> state) {
    std::function<void(double)> told = [state](double share) {
        if (state->told) state->told(share);
    };
    auto ready = co_await model.prepare(std::move(told));
    state->outcome = std::move(ready);
}

/// Undoes what the waiting has lent, however it ends.
class lent_sleeper {
public:
    lent_sleeper(turn_control& control, preparation& state) : control_(control), state_(state) {
        control_.attach(&state_.sleeper);
    }
    ~lent_sleeper() {
        control_.attach(static_cast<wakeup*>(nullptr));
        state_.told = nullptr;
    }
    lent_sleeper(lent_sleeper const&) = delete;
    lent_sleeper& operator=(lent_sleeper const&) = delete;

private:
    turn_control& control_;
    preparation& state_;
};

}  // namespace

task<result<void>> prepare_model(language_model& model, turn_control& control,
                                 std::function<void(double)> told, boost::asio::any_io_executor executor) {
    if (!model.info().on_demand) co_return result<void>{};
    auto const state = std::make_shared<preparation>(executor);
    state->told = std::move(told);
    lent_sleeper const lent{control, *state};
    auto over = [state](std::exception_ptr const& thrown) {
        if (thrown) state->outcome = internal_error("loading a model threw");
        state->sleeper.notify();
    };
    boost::asio::co_spawn(executor, load(model, state), std::move(over));
    while (!state->outcome && control.cause() == stop_cause::none) {
        co_await state->sleeper.wait(look_again);
    }
    if (state->outcome) co_return *state->outcome;
    co_return result<void>{};
}

}  // namespace parley
