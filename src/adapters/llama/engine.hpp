// The thread that owns a model: loads it, then works off what it is sent until it is told to end. Sleeps when
// there is nothing to do. Thread safety: every function from any thread, except the destructor.
#pragma once

#include "adapters/llama/generation_job.hpp"
#include "adapters/llama/llama_model.hpp"
#include "adapters/llama/prompt_reader.hpp"
#include "common/config.hpp"
#include "services/language_model.hpp"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace parley {

struct loaded_model;

class engine {
public:
    engine(model_config const& settings, llama_options options);
    ~engine();
    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;

    /// A job with its tokens.
    void submit(std::unique_ptr<generation_job> job);

    struct status {
        model_state state = model_state::loading;
        std::string problem;
        std::int64_t context_window = 0;
        std::string description;
        std::shared_ptr<prompt_reader const> reader;  // set when ready; valid while the engine lives
    };
    [[nodiscard]] status now() const;

private:
    // What the thread can be told.
    struct write_reply {
        std::unique_ptr<generation_job> job;
    };
    struct end {};
    using command = std::variant<write_reply, end>;

    void run();
    [[nodiscard]] result<void> load_safely(loaded_model& loaded);
    [[nodiscard]] result<void> load(loaded_model& loaded);
    void work(loaded_model const& loaded);
    void send(command what);
    [[nodiscard]] std::vector<command> received(bool wait);

    model_config const settings_;
    llama_options const options_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<command> commands_;  // guarded by mutex_, as both below
    bool ending_ = false;
    status status_;
    std::thread thread_;  // last: starts when the rest is there
};

}  // namespace parley
