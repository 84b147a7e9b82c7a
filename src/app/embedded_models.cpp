#include "app/embedded_models.hpp"

#include "adapters/scripted/scripted_model.hpp"
#include "app/model_price.hpp"
#include "modules/models/on_demand_model.hpp"
#if PARLEY_WITH_LLAMA
#    include "adapters/llama/llama_model.hpp"
#    include "adapters/llama/model_facts.hpp"
#endif

#include <optional>
#include <string>
#include <utility>

namespace parley {
namespace {

/// Stands for a model that can not be there.
class missing_model final : public language_model {
public:
    missing_model(model_config const& settings, std::string problem) {
        info_.name = settings.name;
        info_.kind = settings.kind;
        info_.state = model_state::failed;
        info_.problem = std::move(problem);
    }
    [[nodiscard]] model_info info() const override { return info_; }
    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request) override {
        co_return refusal();
    }
    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request,
                                                            boost::asio::any_io_executor) override {
        return refusal();
    }

private:
    [[nodiscard]] std::unexpected<error> refusal() const {
        return fail(error_kind::unavailable, "model_failed", info_.problem);
    }
    model_info info_;
};

#if PARLEY_WITH_LLAMA
std::unique_ptr<language_model> load_now(model_config const& settings, metrics& seen,
                                         std::shared_ptr<std::atomic<double>> loaded) {
    llama_options options;
    options.price = price_of(settings);
    options.on_progress = [loaded = std::move(loaded)](double share) { loaded->store(share); };
    return make_llama_model(settings, seen, std::move(options));
}

std::unique_ptr<language_model> load_for(load_callbacks const& tell, model_config const& settings,
                                         metrics& seen) {
    llama_options options;
    options.price = price_of(settings);
    options.on_progress = tell.on_progress;
    options.on_loaded = [settled = tell.on_settled](model_state) { settled(); };
    return make_llama_model(settings, seen, std::move(options));
}

std::unique_ptr<language_model> load_on_demand(model_config const& settings, model_memory& memory,
                                               metrics& seen) {
    auto const facts = read_model_facts(settings);
    if (!facts) return std::make_unique<missing_model>(settings, facts.error().message);
    on_demand_options options;
    options.known.name = settings.name;
    options.known.kind = settings.kind;
    options.known.context_window = facts->context_window;
    options.known.description = facts->description;
    options.known.parallel = settings.parallel;
    options.known.max_waiting = settings.max_waiting;
    options.known.abilities = {.tools = true, .structured_output = true, .images = false};
    options.known.price = price_of(settings);
    options.bytes = facts->memory_bytes;
    options.make = [settings, &seen](load_callbacks const& tell) { return load_for(tell, settings, seen); };
    return make_on_demand_model(std::move(options), memory);
}
#endif

}  // namespace

std::unique_ptr<language_model> make_embedded_model(model_config const& settings,
                                                    [[maybe_unused]] model_memory& memory, metrics& seen,
                                                    std::shared_ptr<std::atomic<double>> loaded) {
    if (settings.kind == "scripted") return make_scripted_model(settings, seen, price_of(settings));
#if PARLEY_WITH_LLAMA
    if (settings.load != "on_demand") return load_now(settings, seen, std::move(loaded));
    loaded->store(1.0);
    return load_on_demand(settings, memory, seen);
#else
    loaded->store(1.0);
    return std::make_unique<missing_model>(
        settings, "this program was built without embedded models (PARLEY_WITH_LLAMA=OFF)");
#endif
}

}  // namespace parley
