// One model that is loaded when somebody asks for it.
#include "memory_fixture.hpp"
#include "support/event_loops.hpp"

#include <algorithm>
#include <thread>

namespace parley::test {
namespace {

class a_model_on_demand : public memory_fixture {
protected:
    a_model_on_demand() {
        make_memory({});
        model_ = add(one_, "one", 100 * mib);
    }
    std::unique_ptr<language_model> model_;
};

TEST_F(a_model_on_demand, is_not_loaded_before_somebody_asks) {
    EXPECT_EQ(one_.loads(), 0);
    auto told = model_->info();
    EXPECT_EQ(told.state, model_state::unloaded);
    EXPECT_TRUE(told.on_demand);
    EXPECT_EQ(told.context_window, 4096);
    ASSERT_TRUE(prepare(*model_));
    told = model_->info();
    EXPECT_EQ(told.state, model_state::ready);
    EXPECT_TRUE(told.on_demand);
    EXPECT_EQ(told.context_window, 2048);
    EXPECT_EQ(finish(*model_).text, "one");
    EXPECT_EQ(one_.loads(), 1);
    using counts = std::vector<std::pair<std::size_t, std::size_t>>;
    EXPECT_EQ(seen_.loaded(), (counts{{0, 0}, {1, 100 * mib}}));
}

TEST_F(a_model_on_demand, begins_by_itself_when_it_was_not_prepared) {
    one_.load_as(fake_file::loading::when_told);
    auto const running = begin(*model_);
    EXPECT_EQ(one_.made().on_progress == nullptr, false);
    EXPECT_EQ(model_->info().state, model_state::loading);
    EXPECT_TRUE(still_waits(*running));
    time_.advance(3s);
    one_.settle(model_state::ready);
    auto const read = testing::run(loop_, testing::read_to_end(*running));
    EXPECT_EQ(read.text, "one");
    EXPECT_EQ(read.end.queued, 3s);
}

TEST_F(a_model_on_demand, counts_the_time_to_the_first_token_from_the_start) {
    generation_end natural;
    natural.queued = 1ms;
    natural.time_to_first_token = 20ms;
    one_.reply({{.steps = {generation_delta{"x"}, natural}}});
    one_.load_as(fake_file::loading::when_told);
    auto const running = begin(*model_);
    time_.advance(500ms);
    one_.settle(model_state::ready);
    auto const read = testing::run(loop_, testing::read_to_end(*running));
    EXPECT_EQ(read.end.queued, 501ms);
    EXPECT_EQ(read.end.time_to_first_token, 520ms);
}

TEST_F(a_model_on_demand, tells_who_prepares_it_how_far_it_is) {
    one_.load_as(fake_file::loading::when_told);
    std::vector<double> shares;
    bool quarter_seen = false;
    std::thread loading{[&] { one_.made().on_progress(0.25); }};
    auto const progress = [&](double share) {
        shares.push_back(share);
        if (share == 0.25 && !std::exchange(quarter_seen, true)) one_.settle(model_state::ready);
    };
    EXPECT_TRUE(testing::run(loop_, model_->prepare(progress)));
    loading.join();
    ASSERT_FALSE(shares.empty());
    EXPECT_TRUE(quarter_seen);
    EXPECT_EQ(shares.back(), 1.0);
    EXPECT_TRUE(std::ranges::is_sorted(shares));
}

TEST_F(a_model_on_demand, counts_tokens_without_being_loaded_for_it) {
    generation_request asked;
    asked.prompt = {{"system", std::string(20, 'x')}, {"user", std::string(23, 'x')}};
    EXPECT_EQ(testing::run(loop_, model_->count_tokens(asked)), 5 + 4 + 6 + 4);
    EXPECT_EQ(one_.loads(), 0);
    ASSERT_TRUE(prepare(*model_));
    EXPECT_EQ(testing::run(loop_, model_->count_tokens(asked)), 3);
}

TEST_F(a_model_on_demand, is_loaded_once_for_all_who_wait) {
    one_.load_as(fake_file::loading::when_told);
    event_loops loops{4};
    std::vector<std::future<result<void>>> waiting;
    for (std::size_t i = 0; i < 16; ++i) waiting.push_back(loops.start(model_->prepare({}), i));
    auto const running = begin(*model_);
    one_.settle(model_state::ready);
    for (auto& one : waiting) EXPECT_TRUE(one.get());
    EXPECT_EQ(testing::run(loop_, testing::read_to_end(*running)).text, "one");
    EXPECT_EQ(one_.loads(), 1);
}

TEST_F(a_model_on_demand, says_how_far_it_is_to_those_who_wait_for_a_reply) {
    one_.load_as(fake_file::loading::when_told);
    auto const running = begin(*model_);
    auto const told = one_.made();
    std::vector<double> shares;
    for (auto event = testing::run(loop_, running->next(1min));
         !std::holds_alternative<generation_end>(event); event = testing::run(loop_, running->next(1min))) {
        auto const* loading = std::get_if<generation_loading>(&event);
        if (loading == nullptr) continue;
        EXPECT_EQ(loading->model, "one");
        shares.push_back(loading->share);
        if (shares.size() == 1) told.on_progress(0.25);
        if (loading->share == 0.25) one_.settle(model_state::ready);
    }
    EXPECT_EQ(shares, (std::vector<double>{0, 0.25}));
}

TEST_F(a_model_on_demand, can_be_stopped_while_it_is_loaded) {
    one_.load_as(fake_file::loading::when_told);
    auto const running = begin(*model_);
    static_cast<void>(one_.made());
    std::thread stopping{[&] { running->stop(); }};
    auto const read = testing::run(loop_, testing::read_to_end(*running));
    stopping.join();
    EXPECT_TRUE(read.end.stopped);
    EXPECT_FALSE(read.end.failure);
    one_.settle(model_state::ready);
    EXPECT_EQ(finish(*model_).text, "one");
    EXPECT_EQ(one_.loads(), 1);
}

TEST_F(a_model_on_demand, can_be_stopped_while_it_writes) {
    one_.reply({{.steps = {generation_delta{"x"}, hangs{}}}});
    auto const running = begin(*model_);
    ASSERT_TRUE(begins_to_write(*running));
    running->stop();
    EXPECT_TRUE(testing::run(loop_, testing::read_to_end(*running)).end.stopped);
}

TEST_F(a_model_on_demand, refuses_what_the_loaded_one_refuses) {
    one_.reply({{.refused = error{error_kind::overloaded, "queue_full", "Full.", {}, {}}}});
    auto const waited = finish(*model_);
    ASSERT_TRUE(waited.end.failure);
    EXPECT_EQ(waited.end.failure->code, "queue_full");
    auto const at_once = model_->start({}, loop_.get_executor());
    ASSERT_FALSE(at_once);
    EXPECT_EQ(at_once.error().code, "queue_full");
}

TEST_F(a_model_on_demand, that_fails_is_tried_again_later_and_not_at_once) {
    one_.load_as(fake_file::loading::failing);
    auto const failed = prepare(*model_);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, error_kind::unavailable);
    EXPECT_EQ(failed.error().code, "model_failed");
    EXPECT_EQ(failed.error().message, "The model \"one\" could not be loaded: the file is broken.");
    EXPECT_EQ(model_->info().state, model_state::failed);
    EXPECT_EQ(model_->info().problem, "the file is broken");
    one_.load_as(fake_file::loading::at_once);
    time_.advance(9'999ms);
    EXPECT_EQ(prepare(*model_).error().code, "model_failed");
    EXPECT_EQ(finish(*model_).end.failure->code, "model_failed");
    EXPECT_EQ(one_.loads(), 1);
    time_.advance(1ms);
    EXPECT_EQ(model_->info().state, model_state::unloaded);
    EXPECT_EQ(model_->info().problem, "");
    EXPECT_EQ(finish(*model_).text, "one");
    EXPECT_EQ(one_.loads(), 2);
    EXPECT_EQ(one_.in_memory(), 1);
}

TEST_F(a_model_on_demand, fails_when_it_can_not_even_be_made) {
    one_.load_as(fake_file::loading::throwing);
    EXPECT_EQ(prepare(*model_).error().message, "The model \"one\" could not be loaded: no memory.");
    time_.advance(10s);
    one_.load_as(fake_file::loading::at_once);
    EXPECT_TRUE(prepare(*model_));
}

TEST_F(a_model_on_demand, ends_with_its_catalog_entry) {
    ASSERT_TRUE(prepare(*model_));
    EXPECT_EQ(one_.in_memory(), 1);
    model_.reset();
    EXPECT_EQ(one_.in_memory(), 0);
    EXPECT_EQ(seen_.loaded().back(), (std::pair<std::size_t, std::size_t>{0, 0}));
}

TEST_F(a_model_on_demand, ends_while_it_is_loading_too) {
    one_.load_as(fake_file::loading::when_told);
    auto const running = begin(*model_);
    auto const told = one_.made();
    model_.reset();
    EXPECT_EQ(one_.in_memory(), 0);
    told.on_progress(0.5);  // too late, and harmless
    told.on_settled();
    EXPECT_EQ(testing::run(loop_, testing::read_to_end(*running)).end.failure->code, "model_failed");
}

TEST_F(a_model_on_demand, ends_with_the_memory) {
    ASSERT_TRUE(prepare(*model_));
    memory_.reset();
    EXPECT_EQ(one_.in_memory(), 0);
    EXPECT_EQ(prepare(*model_).error().message,
              "The model \"one\" could not be loaded: the server is shutting down.");
}

}  // namespace
}  // namespace parley::test
