#include "adapters/scripted/scripted_model.hpp"

#include "adapters/scripted/script.hpp"
#include "adapters/scripted/scripted_generation.hpp"
#include "adapters/scripted/turnstile.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace parley {

namespace {

class scripted_model final : public language_model {
public:
    scripted_model(model_config const& settings, metrics& statistics, std::optional<token_price> price)
        : settings_(settings),
          price_(price),
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
                .max_waiting = settings_.max_waiting,
                .abilities = abilities(),
                .price = price_};
    }

    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request request) override {
        co_return count_words(request);
    }

    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request request,
                                                            boost::asio::any_io_executor executor) override {
        scripted_generation::limits const bounds{
            .input_tokens = count_words(request),
            .context_window = settings_.context_window,
            .max_output_tokens = request.max_output_tokens.value_or(settings_.default_max_output_tokens),
            .price = price_};
        auto told = script_for(request.prompt, request.response_format.has_value());
        if (told && told->refuse) return std::unexpected(failure_of(*told, "The script refuses to begin."));
        auto begun = std::make_unique<scripted_generation>(std::move(told), bounds, std::move(request.stop),
                                                           std::move(executor));
        if (!begun->enter(gate_)) {
            return fail(error_kind::overloaded, "queue_full",
                        "Too many replies are waiting for this model. Try again in a moment.");
        }
        return begun;
    }

private:
    /// All of them unless the configuration names some.
    [[nodiscard]] model_abilities abilities() const {
        auto const& named = settings_.abilities;
        auto const has = [&named](std::string_view one) {
            return named.empty() || std::ranges::find(named, one) != named.end();
        };
        return {
            .tools = has("tools"), .structured_output = has("structured_output"), .images = has("images")};
    }

    model_config const settings_;
    std::optional<token_price> const price_;
    turnstile gate_;
};

}  // namespace

std::unique_ptr<language_model> make_scripted_model(model_config const& settings, metrics& statistics,
                                                    std::optional<token_price> price) {
    return std::make_unique<scripted_model>(settings, statistics, price);
}

}  // namespace parley
