// Several models that share a memory that is too small for all of them.
#include "memory_fixture.hpp"
#include "support/event_loops.hpp"

namespace parley::test {
namespace {

class a_small_memory : public memory_fixture {
protected:
    void use(model_memory_options chosen) {
        chosen.budget = 250 * mib;
        make_memory(std::move(chosen));
        first_ = add(one_, "one", 100 * mib);
        second_ = add(two_, "two", 100 * mib);
        third_ = add(three_, "three", 150 * mib);
    }
    /// Prepares and uses it, so that it is idle afterwards.
    void use_once(language_model& model) {
        time_.advance(1s);
        ASSERT_TRUE(prepare(model));
        EXPECT_FALSE(finish(model).end.failure);
    }
    std::string loaded() const {
        std::string out;
        for (auto const* model : {first_.get(), second_.get(), third_.get()}) {
            if (model->info().state == model_state::ready) out += model->info().name + " ";
        }
        return out;
    }

    std::unique_ptr<language_model> first_;
    std::unique_ptr<language_model> second_;
    std::unique_ptr<language_model> third_;
};

TEST_F(a_small_memory, unloads_what_was_not_used_for_longest) {
    use({});
    use_once(*first_);
    use_once(*second_);
    EXPECT_EQ(loaded(), "one two ");
    use_once(*first_);
    use_once(*third_);
    EXPECT_EQ(loaded(), "one three ");
    EXPECT_EQ(two_.in_memory(), 0);
    use_once(*second_);
    EXPECT_EQ(loaded(), "two three ");
    EXPECT_EQ(one_.in_memory(), 0);
    EXPECT_EQ(two_.loads(), 2);
    EXPECT_EQ(seen_.loaded().back(), (std::pair<std::size_t, std::size_t>{2, 250 * mib}));
}

TEST_F(a_small_memory, never_unloads_a_model_that_writes) {
    use({.longest_wait = 0ms});
    one_.reply({{.steps = {generation_delta{"x"}, hangs{}}}});
    two_.reply({{.steps = {generation_delta{"x"}, hangs{}}}});
    auto const running = begin(*first_);
    auto beside = begin(*second_);
    ASSERT_TRUE(begins_to_write(*running));
    ASSERT_TRUE(begins_to_write(*beside));
    auto const full = prepare(*third_);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().kind, error_kind::overloaded);
    EXPECT_EQ(full.error().code, "model_memory_full");
    EXPECT_EQ(full.error().message,
              "The model \"three\" needs about 150 MiB, and models that are in use leave no room for it "
              "(model_memory: 250 MiB). Try again in a moment.");
    EXPECT_EQ(finish(*third_).end.failure->code, "model_memory_full");
    EXPECT_EQ(loaded(), "one two ");
    EXPECT_EQ(third_->info().state, model_state::unloaded);

    beside.reset();
    EXPECT_TRUE(prepare(*third_));
    EXPECT_EQ(loaded(), "one three ");
}

TEST_F(a_small_memory, gives_room_as_soon_as_a_generation_ends) {
    use({});
    one_.reply({{.steps = {generation_delta{"x"}, hangs{}}}});
    two_.reply({{.steps = {generation_delta{"x"}, hangs{}}}});
    event_loops loops{1};
    auto const running = begin(*first_);
    auto const beside = begin(*second_);
    ASSERT_TRUE(begins_to_write(*running));
    ASSERT_TRUE(begins_to_write(*beside));
    auto waiting = loops.start(third_->prepare({}));
    running->stop();
    // Its end alone gives the model back, though the generation still exists.
    EXPECT_TRUE(testing::run(loop_, testing::read_to_end(*running)).end.stopped);
    EXPECT_TRUE(waiting.get());
    EXPECT_EQ(loaded(), "two three ");
}

TEST_F(a_small_memory, keeps_a_prepared_model_for_its_start) {
    use({.longest_wait = 0ms});
    ASSERT_TRUE(prepare(*first_));
    ASSERT_TRUE(prepare(*second_));
    EXPECT_EQ(prepare(*third_).error().code, "model_memory_full");
    EXPECT_EQ(finish(*first_).text, "one");
    EXPECT_TRUE(prepare(*third_));
    EXPECT_EQ(loaded(), "two three ");
}

TEST_F(a_small_memory, keeps_a_prepared_model_for_a_while_only) {
    use({.longest_wait = 0ms});
    ASSERT_TRUE(prepare(*first_));
    ASSERT_TRUE(prepare(*second_));
    time_.advance(9'999ms);
    EXPECT_EQ(prepare(*third_).error().code, "model_memory_full");
    time_.advance(1ms);
    EXPECT_TRUE(prepare(*third_));
    EXPECT_EQ(loaded(), "two three ");
    // Whoever comes after that waits for it to be loaded again, and loses nothing else.
    time_.advance(10s);
    EXPECT_EQ(finish(*first_).text, "one");
}

TEST_F(a_small_memory, keeps_a_model_for_each_who_has_prepared_it) {
    use({.longest_wait = 0ms});
    ASSERT_TRUE(prepare(*first_));
    ASSERT_TRUE(prepare(*first_));
    use_once(*second_);
    EXPECT_EQ(finish(*first_).text, "one");
    ASSERT_TRUE(prepare(*second_));
    EXPECT_EQ(prepare(*third_).error().code, "model_memory_full");
    EXPECT_EQ(finish(*first_).text, "one");
    EXPECT_TRUE(prepare(*third_));
}

TEST_F(a_small_memory, serves_the_others_when_one_fails) {
    use({});
    use_once(*first_);
    two_.load_as(fake_file::loading::failing);
    EXPECT_EQ(prepare(*second_).error().code, "model_failed");
    EXPECT_EQ(finish(*first_).text, "one");
    use_once(*third_);  // what has failed takes no room
    EXPECT_EQ(two_.in_memory(), 0);
    EXPECT_EQ(loaded(), "one three ");
    time_.advance(10s);
    two_.load_as(fake_file::loading::at_once);
    use_once(*second_);
    EXPECT_EQ(loaded(), "two three ");
}

TEST_F(a_small_memory, says_that_a_model_is_larger_than_all_of_it) {
    use({});
    fake_file huge{"huge", time_};
    auto const model = add(huge, "huge", 251 * mib);
    EXPECT_EQ(model->info().state, model_state::failed);
    EXPECT_EQ(model->info().problem,
              "it needs about 251 MiB, and model_memory allows 250 MiB for all models that are loaded on "
              "demand");
    time_.advance(1h);
    EXPECT_EQ(model->info().state, model_state::failed);
    EXPECT_EQ(prepare(*model).error().code, "model_failed");
    EXPECT_EQ(huge.loads(), 0);
    use_once(*first_);
}

TEST_F(a_small_memory, gives_up_a_place_in_the_queue_with_its_waiter) {
    use({.longest_wait = 1h});
    one_.reply({{.steps = {generation_delta{"x"}, hangs{}}}, {.steps = {generation_delta{"x"}, hangs{}}}});
    auto const running = begin(*first_);
    ASSERT_TRUE(begins_to_write(*running));
    fake_file large{"large", time_};
    auto const model = add(large, "large", 200 * mib);
    auto waiting = begin(*model);
    EXPECT_TRUE(still_waits(*waiting));
    // First come, first served, so that the large one is not passed by for ever.
    auto const behind = begin(*second_);
    EXPECT_TRUE(still_waits(*behind));
    EXPECT_EQ(two_.loads(), 0);
    waiting.reset();
    EXPECT_EQ(testing::run(loop_, testing::read_to_end(*behind)).text, "two");
}

task<int> use_often(std::vector<language_model*> models, std::size_t from,
                    boost::asio::any_io_executor executor) {
    int complete = 0;
    for (std::size_t i = 0; i < 60; ++i) {
        auto& model = *models[(from + i) % models.size()];
        if (i % 2 == 0) {
            auto const ready = co_await model.prepare({});
            if (!ready) continue;
        }
        auto running = model.start({}, executor);
        if (!running) continue;
        auto const read = co_await testing::read_to_end(**running);
        if (!read.end.failure) ++complete;
    }
    co_return complete;
}

TEST_F(a_small_memory, serves_many_threads_within_its_budget) {
    use({});
    {
        event_loops loops{4};
        std::vector<task<int>> works;
        for (std::size_t i = 0; i < 8; ++i) {
            works.push_back(use_often({first_.get(), second_.get(), third_.get()}, i, loops.executor(i)));
        }
        for (auto const complete : loops.run_all(std::move(works))) EXPECT_EQ(complete, 60);
    }
    for (auto const& [count, bytes] : seen_.loaded()) EXPECT_LE(bytes, 250 * mib);
    EXPECT_LE(one_.in_memory() + two_.in_memory() + three_.in_memory(), 2);
}

}  // namespace
}  // namespace parley::test
