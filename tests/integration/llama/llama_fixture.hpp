// The real default model behind the port, for the tests of this folder.
#pragma once

#include "adapters/llama/llama_model.hpp"
#include "support/generation_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::testing {

/// PARLEY_TEST_MODEL, or where ./dev setup puts the default model.
inline std::filesystem::path test_model() {
    if (auto const* named = std::getenv("PARLEY_TEST_MODEL")) return named;
    auto const* cache = std::getenv("XDG_CACHE_HOME");
    auto const* home = std::getenv("HOME");
    auto const folder = cache != nullptr ? std::filesystem::path(cache)
                                         : std::filesystem::path(home != nullptr ? home : ".") / ".cache";
    return folder / "parley/models/SmolLM2-135M-Instruct.Q4_1.gguf";
}

/// Lets a test wait for a number of generations.
class watched_counts {
public:
    void tell(std::size_t running, std::size_t waiting) {
        std::lock_guard const lock(mutex_);
        now_ = {running, waiting};
        changed_.notify_all();
    }

    /// False when it does not come to this within a minute.
    [[nodiscard]] bool wait_for(std::size_t running, std::size_t waiting) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::minutes{1},
                                 [&] { return now_ == std::pair{running, waiting}; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::pair<std::size_t, std::size_t> now_;
};

struct seen_prompt {
    std::vector<std::int32_t> tokens;
    std::string text;
};

/// A model and all that its hooks tell. Loading takes a second, so tests of one kind share one.
struct llama_world {
    watched_counts counts;
    no_metrics seen;
    std::mutex mutex;
    std::vector<seen_prompt> prompts;  // guarded by mutex
    std::atomic<int> batches = 0;
    std::atomic<int> faults = 0;              // so many batches fail from now on
    std::atomic<bool> batch_throws = false;   // the next batch runs out of memory
    std::atomic<bool> prompt_throws = false;  // the next prompt runs out of memory
    std::unique_ptr<language_model> model;

    /// Loads and waits until it is ready or has failed.
    model_state load(model_config const& config, llama_options options = {}) {
        std::promise<model_state> loaded;
        options.on_loaded = [&loaded](model_state state) { loaded.set_value(state); };
        options.on_prompt = [this](std::span<std::int32_t const> tokens, std::string_view text) {
            if (prompt_throws.exchange(false)) throw std::bad_alloc();
            std::lock_guard const lock(mutex);
            prompts.push_back({{tokens.begin(), tokens.end()}, std::string(text)});
        };
        options.decode_fault = [this] {
            ++batches;
            if (batch_throws.exchange(false)) throw std::bad_alloc();
            return faults > 0 ? (--faults, -1) : 0;
        };
        options.on_counts = [this](std::size_t running, std::size_t waiting) {
            counts.tell(running, waiting);
        };
        model = make_llama_model(config, seen, std::move(options));
        return loaded.get_future().get();
    }

    seen_prompt last_prompt() {
        std::lock_guard const lock(mutex);
        return prompts.back();
    }
};

class llama_fixture : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(std::filesystem::exists(test_model()))
            << test_model() << " is missing: run ./dev setup or set PARLEY_TEST_MODEL";
    }

    static model_config settings() {
        model_config config;
        config.name = "test";
        config.path = test_model();
        config.context_window = 2048;
        config.parallel = 4;
        config.threads =
            1;  // threads that wait for each other are slow on a machine that is busy with other tests
        return config;
    }

    /// Greedy, 24 tokens at most, a conversation of its own.
    static generation_request saying(std::string content) {
        generation_request request;
        request.user_id = user_id::make();
        request.interaction_id = interaction_id::make();
        request.prompt = {{"user", std::move(content)}};
        request.temperature = 0;
        request.max_output_tokens = 24;
        return request;
    }

    std::unique_ptr<generation> started(generation_request request) {
        auto begun = world->model->start(std::move(request), loop.get_executor());
        if (!begun) throw std::runtime_error(begun.error().message);
        return std::move(*begun);
    }

    reading reply_to(generation_request request) {
        auto const begun = started(std::move(request));
        return run(loop, read_to_end(*begun));
    }

    /// Reads all of them at the same time.
    std::vector<reading> read_all(std::vector<std::unique_ptr<generation>> const& all) {
        std::vector<reading> readings(all.size());
        std::size_t open = all.size();
        for (std::size_t i = 0; i < all.size(); ++i) {
            boost::asio::co_spawn(loop, read_to_end(*all[i]),
                                  [&readings, &open, i](std::exception_ptr, reading read) {
                                      readings[i] = std::move(read);
                                      --open;
                                  });
        }
        loop.restart();
        while (open > 0 && loop.run_one() > 0) {
        }
        return readings;
    }

    boost::asio::io_context loop;
    std::shared_ptr<llama_world> world = std::make_shared<llama_world>();
};

}  // namespace parley::testing
