#include "adapters/scripted/scripted_model.hpp"

#include "adapters/scripted/script.hpp"
#include "adapters/scripted/scripted_generation.hpp"
#include "adapters/scripted/turnstile.hpp"

#include <utility>

namespace parley {

namespace {

class scripted_model final : public language_model {
public:
    scripted_model(model_config const& settings, metrics& statistics)
        : settings_(settings),
          gate_(settings.parallel, settings.max_waiting) {
        statistics.generations(settings.name, 0, 0);
    }

    [[nodiscard]] model_info info() const override {
        auto const counts = gate_.now();
        return {.name = settings_.name,
                .kind = "scripted",
                .state = model_state::ready,
                .problem = {},
                .context_window = settings_.context_window,
                .description = "Says what its prompt tells it to (for tests)",
                .running = counts.running,
                .waiting = counts.waiting,
                .parallel = settings_.parallel,
                .max_waiting = settings_.max_waiting};
    }

    [[nodiscard]] task<result<std::int64_t>> count_tokens(std::vector<prompt_message> prompt) override {
        co_return count_words(prompt);
    }

    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request request,
                                                            boost::asio::any_io_executor executor) override {
        scripted_generation::limits const bounds{
            .input_tokens = count_words(request.prompt),
            .context_window = settings_.context_window,
            .max_output_tokens = request.max_output_tokens.value_or(settings_.default_max_output_tokens)};
        auto begun = std::make_unique<scripted_generation>(script_for(request.prompt), bounds,
                                                           std::move(request.stop), std::move(executor));
        if (!begun->enter(gate_)) {
            return fail(error_kind::overloaded, "queue_full",
                        "Too many replies are waiting for this model. Try again in a moment.");
        }
        return begun;
    }

private:
    model_config const settings_;
    turnstile gate_;
};

}  // namespace

std::unique_ptr<language_model> make_scripted_model(model_config const& settings, metrics& statistics) {
    return std::make_unique<scripted_model>(settings, statistics);
}

}  // namespace parley
