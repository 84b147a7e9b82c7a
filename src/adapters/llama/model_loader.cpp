#include "adapters/llama/model_loader.hpp"

#include "adapters/llama/backend.hpp"
#include "adapters/llama/model_file.hpp"
#include "adapters/llama/model_metadata.hpp"
#include "adapters/llama/prefill.hpp"
#include "adapters/llama/window_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <thread>
#include <utility>

namespace parley {

namespace {

std::unexpected<error> failed(std::string message) {
    return fail(error_kind::unavailable, "model_failed", std::move(message));
}

std::string metadata(llama_model const& model, char const* key) {
    std::array<char, 256> value{};
    auto const length = llama_model_meta_val_str(&model, key, value.data(), value.size());
    return length < 0 ? std::string() : std::string(value.data());
}

std::string describe(llama_model const& model) {
    std::array<char, 256> kind{};
    llama_model_desc(&model, kind.data(), kind.size());
    auto const name = metadata(model, "general.name");
    return name.empty() ? std::string(kind.data()) : name + " (" + kind.data() + ")";
}

bool report(float done, void* to) { return (*static_cast<std::function<bool(double)> const*>(to))(done); }

result<llama_model_ptr> load_weights(std::filesystem::path const& path,
                                     std::function<bool(double)> const& progress) {
    auto parameters = llama_model_default_params();
    parameters.progress_callback = report;
    parameters.progress_callback_user_data = const_cast<std::function<bool(double)>*>(&progress);
    llama_complaints const complaints;
    llama_model_ptr model(llama_model_load_from_file(path.c_str(), parameters));
    if (!model) return failed(explain_load_failure(path, complaints.text()));
    if (llama_vocab_n_tokens(llama_model_get_vocab(model.get())) <= 0 ||
        llama_model_has_encoder(model.get()) || !llama_model_has_decoder(model.get()) ||
        llama_model_is_diffusion(model.get())) {
        return failed(
            fmt::format("{} holds a model that does not write text token by token ({}). Choose a chat model.",
                        path.string(), describe(*model)));
    }
    return model;
}

/// Bytes of the keys and values of all chats together, for the usual kind of attention.
std::uint64_t kv_bytes(llama_model const& model, std::uint64_t cells) {
    auto const heads = std::max(llama_model_n_head(&model), 1);
    auto const head_size = static_cast<std::uint64_t>(llama_model_n_embd(&model) / heads);
    auto const kv_heads = static_cast<std::uint64_t>(llama_model_n_head_kv(&model));
    auto const layers = static_cast<std::uint64_t>(llama_model_n_layer(&model));
    constexpr std::uint64_t keys_and_values_in_f16 = 4;
    return cells * layers * kv_heads * head_size * keys_and_values_in_f16;
}

llama_context_params context_parameters(model_config const& settings, loaded_model const& loaded) {
    auto parameters = llama_context_default_params();
    auto const window = static_cast<std::uint32_t>(loaded.context_window);
    parameters.n_seq_max = settings.parallel;
    parameters.n_ctx = window_cells(window) * settings.parallel;
    parameters.n_batch = static_cast<std::uint32_t>(loaded.prefill_chunk) + settings.parallel;
    parameters.n_ubatch = parameters.n_batch;
    parameters.n_outputs_max = settings.parallel;
    auto const threads =
        settings.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : settings.threads;
    parameters.n_threads = static_cast<std::int32_t>(threads);
    parameters.n_threads_batch = parameters.n_threads;
    parameters.kv_unified = false;
    parameters.no_perf = true;
    return parameters;
}

result<llama_context_ptr> make_context(model_config const& settings, loaded_model const& loaded) {
    auto const parameters = context_parameters(settings, loaded);
    auto const needed = kv_bytes(*loaded.model, parameters.n_ctx) >> 20;
    auto const advice = fmt::format(
        "Not enough memory for {} chats of {} tokens each ({} MiB): lower parallel or context_window of "
        "model \"{}\"",
        settings.parallel, loaded.context_window, needed, settings.name);
    auto const available = available_memory() >> 20;
    if (needed > available) return failed(fmt::format("{}; {} MiB are available.", advice, available));
    llama_complaints const complaints;
    llama_context_ptr context(llama_init_from_model(loaded.model.get(), parameters));
    if (!context)
        return failed(fmt::format("{} (llama.cpp says: {}).", advice, first_line(complaints.text())));
    return context;
}

/// Without a pool of its own the context makes and drops one for every batch.
void attach_threads(loaded_model& loaded) {
    auto parameters = ggml_threadpool_params_default(llama_n_threads(loaded.context.get()));
    loaded.threads.reset(ggml_threadpool_new(&parameters));
    llama_attach_threadpool(loaded.context.get(), loaded.threads.get(), loaded.threads.get());
}

/// The first batch is slow (memory is touched for the first time); nobody should wait for that.
void warm_up(loaded_model& loaded) {
    auto const* vocabulary = llama_model_get_vocab(loaded.model.get());
    auto token = std::max(0, llama_vocab_eos(vocabulary));
    llama_decode(loaded.context.get(), llama_batch_get_one(&token, 1));
    llama_synchronize(loaded.context.get());
    llama_memory_clear(llama_get_memory(loaded.context.get()), true);
}

result<loaded_model> load_checked(model_config const& settings, std::function<bool(double)> const& progress) {
    auto weights = load_weights(settings.path, progress);
    if (!weights) return std::unexpected(weights.error());
    loaded_model loaded;
    loaded.model = std::move(*weights);
    loaded.description = describe(*loaded.model);
    auto const trained = llama_model_n_ctx_train(loaded.model.get());
    loaded.context_window =
        trained > 0 ? std::min<std::int64_t>(settings.context_window, trained) : settings.context_window;
    loaded.prefill_chunk = prefill_chunk(llama_model_n_params(loaded.model.get()));
    auto context = make_context(settings, loaded);
    if (!context) return std::unexpected(context.error());
    loaded.context = std::move(*context);
    attach_threads(loaded);
    warm_up(loaded);
    return loaded;
}

}  // namespace

result<loaded_model> load_model(model_config const& settings, std::function<bool(double)> const& progress) {
    start_llama_backend();
    if (auto usable = check_model_file(settings.path); !usable) return failed(usable.error().message);
    if (settings.parallel == 0 || settings.parallel > llama_max_parallel_sequences()) {
        return failed(fmt::format("parallel of model \"{}\" must be 1 to {}.", settings.name,
                                  llama_max_parallel_sequences()));
    }
    if (auto possible = check_model_metadata(settings.path); !possible) {
        return std::unexpected(possible.error());
    }
    try {
        return load_checked(settings, progress);
    } catch (std::bad_alloc const&) {
        return failed(fmt::format("Not enough memory for {}.", settings.path.string()));
    } catch (std::exception const& why) {
        return failed(explain_load_failure(settings.path, why.what()));
    }
}

}  // namespace parley
