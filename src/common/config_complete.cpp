// Defaults that hang on another value, and one way of writing for what can be written in two.
#include "common/config_draft.hpp"
#include "common/config_lists.hpp"

namespace parley {
namespace {

// Another server has its own line; here it is only kept from being flooded by one program.
constexpr unsigned remote_parallel = 64;
constexpr std::size_t remote_waiting = 256;

void complete_model(config_draft const& draft, model_config& model, std::size_t index) {
    auto const given = [&](std::string_view key) { return draft.has(entry_key("models", index, key)); };
    if (!given("price_cached_input")) model.price_cached_input = model.price_input;
    if (model.kind != "upstream") return;
    if (!given("context_window")) model.context_window = 0;
    if (!given("parallel")) model.parallel = remote_parallel;
    if (!given("max_waiting")) model.max_waiting = remote_waiting;
}

}  // namespace

void complete_values(config_draft& draft) {
    for (std::size_t i = 0; i < draft.values.models.size(); ++i) {
        complete_model(draft, draft.values.models[i], i);
    }
    for (auto& upstream : draft.values.upstreams) {
        while (upstream.base_url.ends_with('/')) upstream.base_url.pop_back();
    }
}

}  // namespace parley
