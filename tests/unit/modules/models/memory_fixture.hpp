// Models that are loaded on demand, out of fakes whose loading a test holds in its hand.
#pragma once

#include "modules/models/model_memory.hpp"
#include "modules/models/on_demand_model.hpp"
#include "support/fake_model.hpp"
#include "support/generation_reader.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace parley::test {

using namespace std::chrono_literals;

/// What a model is loaded from. Thread safety: every function from any thread.
class fake_file {
public:
    enum class loading { at_once, when_told, failing, throwing };

    fake_file(std::string name, manual_time time) : name_(std::move(name)), time_(std::move(time)) {}

    void load_as(loading how) { how_ = how; }
    /// What every load from now on replies.
    void reply(std::vector<fake_reply> with) {
        std::scoped_lock const lock{guard_};
        replies_ = std::move(with);
    }
    [[nodiscard]] int loads() const { return loads_; }
    [[nodiscard]] int in_memory() const { return *alive_; }

    /// Waits until the model is being made.
    load_callbacks made() {
        std::unique_lock lock{guard_};
        made_.wait(lock, [&] { return current_ != nullptr; });
        return callbacks_;
    }
    void settle(model_state state) {
        auto const told = made();
        {
            std::scoped_lock const lock{guard_};
            current_->become(state);
        }
        told.on_settled();
    }

    [[nodiscard]] model_maker maker() {
        return [this](load_callbacks callbacks) { return make(std::move(callbacks)); };
    }

private:
    class loaded final : public language_model {
    public:
        loaded(fake_file& file, std::shared_ptr<std::atomic<int>> alive)
            : file_(file),
              alive_(std::move(alive)),
              inner_(file.name_, file.time_) {
            ++*alive_;
            inner_.count(3);
        }
        ~loaded() override {
            std::scoped_lock const lock{file_.guard_};
            if (file_.current_ == this) file_.current_ = nullptr;
            --*alive_;
        }
        void become(model_state state) {
            auto told = inner_.info();
            told.state = state;
            told.context_window = 2048;
            told.problem = state == model_state::failed ? "the file is broken" : "";
            inner_.tell(std::move(told));
        }
        void reply(std::vector<fake_reply> with) { inner_.replies(std::move(with)); }
        [[nodiscard]] model_info info() const override { return inner_.info(); }
        [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request request) override {
            return inner_.count_tokens(std::move(request));
        }
        [[nodiscard]] result<std::unique_ptr<generation>> start(
            generation_request request, boost::asio::any_io_executor executor) override {
            return inner_.start(std::move(request), std::move(executor));
        }

    private:
        fake_file& file_;
        std::shared_ptr<std::atomic<int>> const alive_;
        fake_model inner_;
    };

    std::unique_ptr<language_model> make(load_callbacks callbacks) {
        ++loads_;
        if (how_ == loading::throwing) throw std::runtime_error("no memory");
        auto model = std::make_unique<loaded>(*this, alive_);
        auto const told = callbacks;
        {
            std::scoped_lock const lock{guard_};
            model->reply(replies_);
            model->become(how_ == loading::at_once   ? model_state::ready
                          : how_ == loading::failing ? model_state::failed
                                                     : model_state::loading);
            current_ = model.get();
            callbacks_ = std::move(callbacks);
            made_.notify_all();
        }
        if (how_ == loading::failing) told.on_settled();  // before the maker has returned
        return model;
    }

    std::string const name_;
    manual_time const time_;
    std::atomic<loading> how_ = loading::at_once;
    std::atomic<int> loads_ = 0;
    std::shared_ptr<std::atomic<int>> const alive_ = std::make_shared<std::atomic<int>>(0);
    std::mutex guard_;
    std::condition_variable made_;
    loaded* current_ = nullptr;  // guarded, as below
    load_callbacks callbacks_;
    std::vector<fake_reply> replies_;
};

class memory_fixture : public ::testing::Test {
protected:
    static constexpr std::size_t mib = 1024UL * 1024;

    void make_memory(model_memory_options chosen) {
        chosen.now = time_.source();
        memory_ = std::make_unique<model_memory>(std::move(chosen), seen_);
    }

    std::unique_ptr<language_model> add(fake_file& file, std::string name, std::size_t bytes) {
        model_info known;
        known.name = std::move(name);
        known.kind = "llama";
        known.context_window = 4096;
        return make_on_demand_model({.known = std::move(known), .bytes = bytes, .make = file.maker()},
                                    *memory_);
    }

    result<void> prepare(language_model& model) { return testing::run(loop_, model.prepare({})); }

    std::unique_ptr<generation> begin(language_model& model) {
        generation_request request;
        request.prompt = {{"user", "Hello"}};
        auto begun = model.start(std::move(request), loop_.get_executor());
        EXPECT_TRUE(begun);
        return std::move(*begun);
    }

    /// It has nothing to say but how far its model is.
    bool still_waits(generation& one) {
        auto event = testing::run(loop_, one.next(std::chrono::milliseconds{0}));
        if (std::holds_alternative<generation_loading>(event))
            event = testing::run(loop_, one.next(std::chrono::milliseconds{0}));
        return std::holds_alternative<generation_idle>(event);
    }

    /// Takes its first piece of text, once its model is loaded.
    bool begins_to_write(generation& one) {
        for (;;) {
            auto const event = testing::run(loop_, one.next(std::chrono::minutes{1}));
            if (!std::holds_alternative<generation_loading>(event))
                return std::holds_alternative<generation_delta>(event);
        }
    }

    /// Runs one that was prepared, to its end.
    testing::reading finish(language_model& model) {
        auto const running = begin(model);
        return testing::run(loop_, testing::read_to_end(*running));
    }

    boost::asio::io_context loop_{1};
    manual_time time_;
    seen_metrics seen_;
    fake_file one_{"one", time_};
    fake_file two_{"two", time_};
    fake_file three_{"three", time_};
    std::unique_ptr<model_memory> memory_;
};

}  // namespace parley::test
