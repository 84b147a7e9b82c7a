#include "app/model_factory.hpp"

#include "adapters/scripted/scripted_model.hpp"
#if PARLEY_WITH_LLAMA
#    include "adapters/llama/llama_model.hpp"
#endif

#include <utility>

namespace parley {
namespace {

#if PARLEY_WITH_LLAMA
std::unique_ptr<language_model> make_embedded(model_config const& settings, metrics& seen,
                                              std::shared_ptr<std::atomic<double>> loaded) {
    llama_options options;
    options.on_progress = [loaded = std::move(loaded)](double share) { loaded->store(share); };
    return make_llama_model(settings, seen, std::move(options));
}
#else
/// Stands for a model of a kind that this build leaves out.
class missing_model final : public language_model {
public:
    explicit missing_model(model_config const& settings) {
        info_.name = settings.name;
        info_.kind = settings.kind;
        info_.state = model_state::failed;
        info_.problem = "this program was built without embedded models (PARLEY_WITH_LLAMA=OFF)";
    }
    [[nodiscard]] model_info info() const override { return info_; }
    [[nodiscard]] task<result<std::int64_t>> count_tokens(std::vector<prompt_message>) override {
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

std::unique_ptr<language_model> make_embedded(model_config const& settings, metrics&,
                                              std::shared_ptr<std::atomic<double>> const&) {
    return std::make_unique<missing_model>(settings);
}
#endif

}  // namespace

made_model make_model(model_config const& settings, metrics& seen) {
    auto loaded = std::make_shared<std::atomic<double>>(0.0);
    if (settings.kind == "scripted") return {make_scripted_model(settings, seen), std::move(loaded)};
    return {make_embedded(settings, seen, loaded), std::move(loaded)};
}

}  // namespace parley
