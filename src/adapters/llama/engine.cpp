#include "adapters/llama/engine.hpp"

#include "adapters/llama/model_loader.hpp"
#include "adapters/llama/scheduler.hpp"
#include "common/log.hpp"

#include <fmt/format.h>

#include <exception>
#include <utility>

namespace parley {

engine::engine(model_config const& settings, llama_options options)
    : settings_(settings),
      options_(std::move(options)) {
    status_.context_window = settings_.context_window;
    thread_ = std::thread(&engine::run, this);
}

engine::~engine() {
    send(end{});
    thread_.join();
}

void engine::submit(std::unique_ptr<generation_job> job) { send(write_reply{std::move(job)}); }

engine::status engine::now() const {
    std::lock_guard const lock(mutex_);
    return status_;
}

void engine::send(command what) {
    std::lock_guard const lock(mutex_);
    if (std::holds_alternative<end>(what)) ending_ = true;
    commands_.push_back(std::move(what));
    arrived_.notify_one();
}

std::vector<engine::command> engine::received(bool wait) {
    std::unique_lock lock(mutex_);
    if (wait) arrived_.wait(lock, [this] { return !commands_.empty(); });
    return std::exchange(commands_, {});
}

void engine::run() {
    loaded_model loaded;
    auto const done = load_safely(loaded);
    if (!done) {
        std::lock_guard const lock(mutex_);
        if (!ending_) {  // otherwise it was told to give up
            log::error("model failed to load",
                       {{"model", settings_.name}, {"problem", done.error().message}});
        }
        status_.state = model_state::failed;
        status_.problem = done.error().message;
    }
    if (options_.on_loaded) options_.on_loaded(done ? model_state::ready : model_state::failed);
    if (done) work(loaded);
}

/// Memory may run out anywhere, and this is a thread of its own.
result<void> engine::load_safely(loaded_model& loaded) {
    try {
        return load(loaded);
    } catch (std::exception const& why) {
        return fail(error_kind::unavailable, "model_failed",
                    fmt::format("The model \"{}\" could not be loaded: {}.", settings_.name, why.what()));
    }
}

result<void> engine::load(loaded_model& loaded) {
    auto const progress = [this](double done) {
        if (options_.on_progress) options_.on_progress(done);
        std::lock_guard const lock(mutex_);
        return !ending_;
    };
    auto got = load_model(settings_, progress);
    if (!got) return std::unexpected(got.error());
    auto format = chat_template::make(*got->model, settings_.chat_template);
    if (!format) return std::unexpected(format.error());
    loaded = std::move(*got);
    std::lock_guard const lock(mutex_);
    status_.reader =
        std::make_shared<prompt_reader>(*llama_model_get_vocab(loaded.model.get()), std::move(*format));
    status_.context_window = loaded.context_window;
    status_.description = loaded.description;
    status_.state = model_state::ready;
    return {};
}

void engine::work(loaded_model const& loaded) {
    scheduler jobs(loaded, settings_.parallel, options_.decode_fault, options_.ignore_end_of_text);
    for (;;) {
        for (auto& one : received(jobs.idle())) {
            auto* reply = std::get_if<write_reply>(&one);
            if (reply == nullptr) return;
            jobs.add(std::move(reply->job));
        }
        jobs.step();
    }
}

}  // namespace parley
