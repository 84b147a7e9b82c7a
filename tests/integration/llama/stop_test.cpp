#include "llama_fixture.hpp"

namespace parley {
namespace {

using std::chrono::minutes;

class llama_stop : public testing::llama_fixture {
protected:
    void SetUp() override {
        llama_fixture::SetUp();
        if (!shared || !shared->model) {
            auto config = settings();
            config.parallel = 1;
            config.max_waiting = 1;
            shared = std::make_shared<testing::llama_world>();
            ASSERT_EQ(shared->load(config, {.ignore_end_of_text = true}), model_state::ready);
        }
        world = shared;
    }
    /// What a test began is over when it ends.
    void TearDown() override {
        if (world->model) {
            EXPECT_TRUE(world->counts.wait_for(0, 0));
        }
    }
    static void TearDownTestSuite() { shared.reset(); }

    static inline std::shared_ptr<testing::llama_world> shared;

    static generation_request long_reply() {
        auto request = saying("Tell me about the sea.");
        request.max_output_tokens = 1900;
        return request;
    }
};

TEST_F(llama_stop, takes_effect_within_one_batch) {
    auto const begun = started(long_reply());
    ASSERT_TRUE(std::holds_alternative<generation_delta>(testing::run(loop, begun->next(minutes{1}))));
    begun->stop();
    auto const at_stop = world->batches.load();
    auto const read = testing::run(loop, testing::read_to_end(*begun));
    EXPECT_TRUE(read.end.stopped);
    EXPECT_FALSE(read.end.failure);
    EXPECT_LE(world->batches.load(), at_stop + 1);
    EXPECT_LE(read.end.usage.output_tokens, at_stop + 1);
    EXPECT_TRUE(world->counts.wait_for(0, 0));
}

TEST_F(llama_stop, takes_effect_while_the_prompt_is_read) {
    std::string text;
    for (int i = 0; i < 1500; ++i) text += "word ";
    auto const begun = started(saying(text));
    ASSERT_TRUE(world->counts.wait_for(1, 0));
    begun->stop();
    auto const at_stop = world->batches.load();
    auto const read = testing::run(loop, testing::read_to_end(*begun));
    EXPECT_TRUE(read.end.stopped);
    EXPECT_EQ(read.end.usage.output_tokens, 0);
    EXPECT_LE(world->batches.load(), at_stop + 1);
}

TEST_F(llama_stop, destroying_frees_the_place) {
    auto begun = started(long_reply());
    auto const next = started(saying("Hello"));
    ASSERT_TRUE(world->counts.wait_for(1, 1));
    EXPECT_EQ(world->model->info().running, 1U);
    EXPECT_EQ(world->model->info().waiting, 1U);
    begun.reset();
    EXPECT_EQ(testing::run(loop, testing::read_to_end(*next)).end.usage.output_tokens, 24);
    EXPECT_TRUE(world->counts.wait_for(0, 0));
}

TEST_F(llama_stop, can_be_stopped_while_it_waits) {
    auto const running = started(long_reply());
    auto const waiting = started(saying("Hello"));
    ASSERT_TRUE(world->counts.wait_for(1, 1));
    waiting->stop();
    auto const read = testing::run(loop, testing::read_to_end(*waiting));
    EXPECT_TRUE(read.end.stopped);
    EXPECT_EQ(read.end.usage.output_tokens, 0);
    EXPECT_TRUE(world->counts.wait_for(1, 0));
}

TEST_F(llama_stop, refuses_more_than_may_wait) {
    auto running = started(long_reply());
    auto const waiting = started(saying("Hello"));
    auto const refused = world->model->start(saying("Hello"), loop.get_executor());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, error_kind::overloaded);
    EXPECT_EQ(refused.error().code, "queue_full");
    running.reset();
    EXPECT_FALSE(testing::run(loop, testing::read_to_end(*waiting)).end.failure);
    ASSERT_TRUE(world->counts.wait_for(0, 0));
    EXPECT_FALSE(reply_to(saying("Hello")).end.failure);
}

TEST_F(llama_stop, a_generation_may_outlive_the_model) {
    auto const begun = started(long_reply());
    ASSERT_TRUE(std::holds_alternative<generation_delta>(testing::run(loop, begun->next(minutes{1}))));
    world->model.reset();
    auto const read = testing::run(loop, testing::read_to_end(*begun));
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "model_stopped");
}

TEST_F(llama_stop, a_loop_may_go_before_its_generation_has_ended) {
    {
        boost::asio::io_context gone;
        auto begun = world->model->start(long_reply(), gone.get_executor());
        ASSERT_TRUE(begun);
        ASSERT_TRUE(world->counts.wait_for(1, 0));
        begun->reset();
    }
    EXPECT_EQ(reply_to(saying("Hello")).end.usage.output_tokens, 24);
}

TEST_F(llama_stop, says_idle_when_nothing_comes_in_time) {
    auto const running = started(long_reply());
    auto const waiting = started(saying("Hello"));
    EXPECT_TRUE(std::holds_alternative<generation_idle>(
        testing::run(loop, waiting->next(std::chrono::milliseconds{1}))));
}

}  // namespace
}  // namespace parley
