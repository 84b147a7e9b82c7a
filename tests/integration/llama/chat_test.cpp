#include "common/utf8.hpp"
#include "llama_fixture.hpp"

#include <algorithm>

namespace parley {
namespace {

using testing::reading;

class llama_chat : public testing::llama_fixture {
protected:
    void SetUp() override {
        llama_fixture::SetUp();
        if (!shared) {
            shared = std::make_shared<testing::llama_world>();
            ASSERT_EQ(shared->load(settings()), model_state::ready);
        }
        world = shared;
    }
    static void TearDownTestSuite() { shared.reset(); }

    static inline std::shared_ptr<testing::llama_world> shared;
};

TEST_F(llama_chat, describes_itself) {
    auto const info = world->model->info();
    EXPECT_EQ(info.name, "test");
    EXPECT_EQ(info.kind, "llama");
    EXPECT_EQ(info.state, model_state::ready);
    EXPECT_EQ(info.problem, "");
    EXPECT_EQ(info.context_window, 2048);
    EXPECT_NE(info.description.find("Q4_1"), std::string::npos);
}

TEST_F(llama_chat, the_second_turn_carries_the_first_and_reads_only_what_is_new) {
    auto request = saying("My name is Ada.");
    request.max_output_tokens = 60;
    auto const user = request.user_id;
    auto const interaction = request.interaction_id;
    auto const first = reply_to(std::move(request));
    ASSERT_EQ(first.end.finish_reason, finish_reason::stop);
    auto const first_prompt = world->last_prompt();
    EXPECT_EQ(first.end.usage.cached_tokens, 0);
    EXPECT_EQ(first.end.usage.input_tokens, std::ssize(first_prompt.tokens));

    auto next = saying("What is my name?");
    next.user_id = user;
    next.interaction_id = interaction;
    next.prompt = {{"user", "My name is Ada."}, {"assistant", first.text}, {"user", "What is my name?"}};
    auto const second = reply_to(std::move(next));
    auto const prompt = world->last_prompt();
    EXPECT_NE(prompt.text.find("<|im_start|>user\nMy name is Ada.<|im_end|>"), std::string::npos);
    EXPECT_NE(prompt.text.find("<|im_start|>assistant\n" + first.text + "<|im_end|>"), std::string::npos);
    EXPECT_TRUE(prompt.text.ends_with("What is my name?<|im_end|>\n<|im_start|>assistant\n"));
    EXPECT_TRUE(
        std::ranges::equal(first_prompt.tokens, std::span(prompt.tokens).first(first_prompt.tokens.size())));
    // The model ended by itself: its memory holds the first prompt and the whole reply, which is the common
    // beginning.
    EXPECT_EQ(second.end.usage.cached_tokens,
              std::ssize(first_prompt.tokens) + first.end.usage.output_tokens);
    EXPECT_EQ(second.end.usage.input_tokens, std::ssize(prompt.tokens));
    EXPECT_FALSE(second.text.empty());
}

TEST_F(llama_chat, continues_as_if_it_had_read_everything_anew) {
    auto request = saying("Say hello.");
    auto const owner = request;
    auto const first = reply_to(std::move(request));
    auto next = owner;
    next.prompt.push_back({"assistant", first.text});
    next.prompt.push_back({"user", "Name three colours."});
    auto anew = next;
    anew.interaction_id = interaction_id::make();
    auto const continued = reply_to(std::move(next));
    EXPECT_GT(continued.end.usage.cached_tokens, 0);
    auto const read_anew = reply_to(std::move(anew));
    EXPECT_EQ(read_anew.end.usage.cached_tokens, 0);
    // Not the last bit of the logits is the same, but the likeliest words of a plain answer are.
    EXPECT_EQ(continued.text.substr(0, 10), read_anew.text.substr(0, 10));
}

TEST_F(llama_chat, repeats_itself_at_temperature_0) {
    auto const first = reply_to(saying("Tell me about the sea."));
    auto const second = reply_to(saying("Tell me about the sea."));
    EXPECT_EQ(first.text, second.text);
    EXPECT_EQ(first.end.usage.output_tokens, 24);
    EXPECT_EQ(first.end.finish_reason, finish_reason::length);
}

TEST_F(llama_chat, honours_the_seed) {
    auto const with_seed = [this](std::int64_t seed) {
        auto request = saying("Tell me a story.");
        request.temperature = 1.5;
        request.seed = seed;
        return reply_to(std::move(request)).text;
    };
    auto const text = with_seed(7);
    EXPECT_EQ(text, with_seed(7));
    EXPECT_NE(text, with_seed(8));
}

TEST_F(llama_chat, ends_before_a_stop_string_across_tokens) {
    auto const whole = reply_to(saying("Tell me about the sea.")).text;
    ASSERT_GT(whole.size(), 40U);
    auto const stop = whole.substr(17, 16);
    auto request = saying("Tell me about the sea.");
    request.stop = {"not to be found", stop};
    auto const cut = reply_to(std::move(request));
    EXPECT_EQ(cut.text, whole.substr(0, whole.find(stop)));
    EXPECT_EQ(cut.end.finish_reason, finish_reason::stop);
    EXPECT_LT(cut.end.usage.output_tokens, 24);
    EXPECT_FALSE(cut.end.stopped);
}

TEST_F(llama_chat, ends_at_max_output_tokens) {
    auto request = saying("Tell me about the sea.");
    request.max_output_tokens = 1;
    auto const read = reply_to(std::move(request));
    EXPECT_EQ(read.end.usage.output_tokens, 1);
    EXPECT_EQ(read.end.finish_reason, finish_reason::length);
    EXPECT_TRUE(read.end.time_to_first_token);
}

TEST_F(llama_chat, four_at_once_are_each_complete) {
    std::vector<std::unique_ptr<generation>> all;
    for (auto const* about : {"sea", "mountains", "desert", "forest", "moon"}) {
        all.push_back(started(saying(std::string("Tell me about the ") + about + ".")));
    }
    for (auto const& read : read_all(all)) {
        EXPECT_EQ(read.end.usage.output_tokens, 24);
        EXPECT_EQ(read.end.finish_reason, finish_reason::length);
        EXPECT_FALSE(read.end.failure);
        EXPECT_FALSE(read.text.empty());
    }
    EXPECT_TRUE(world->counts.wait_for(0, 0));
}

TEST_F(llama_chat, running_chats_go_on_while_another_prompt_is_read) {
    auto request = saying("Tell me a long story about the sea.");
    request.max_output_tokens = 60;
    auto const running = started(std::move(request));
    ASSERT_TRUE(
        std::holds_alternative<generation_delta>(testing::run(loop, running->next(std::chrono::minutes{1}))));
    std::string text;
    for (int i = 0; i < 450; ++i) text += "word ";
    auto long_prompt = saying(text);
    long_prompt.max_output_tokens = 1;
    auto const reader = started(std::move(long_prompt));
    auto const before = world->batches.load();
    auto const read = testing::run(loop, testing::read_to_end(*reader));
    auto const pieces = world->batches.load() - before;
    EXPECT_GE(read.end.usage.input_tokens, 450);
    EXPECT_GE(pieces, 6);  // not in one piece that would hold the others up
    auto const rest = testing::run(loop, testing::read_to_end(*running));
    EXPECT_EQ(rest.end.usage.output_tokens, 60);
}

TEST_F(llama_chat, what_is_shown_is_always_whole_characters) {
    auto request = saying("Write a line of many different emoji: \xF0\x9F\x98\x80\xF0\x9F\x8C\x8D");
    request.temperature = 1.8;
    request.top_p = 1.0;
    request.seed = 3;
    request.max_output_tokens = 80;
    for (auto const& delta : reply_to(std::move(request)).deltas) {
        EXPECT_FALSE(delta.empty());
        EXPECT_TRUE(is_valid_utf8(delta));
    }
}

TEST_F(llama_chat, the_developer_role_is_read_as_system) {
    auto request = saying("Hello");
    request.prompt.insert(request.prompt.begin(), {"developer", "Be brief."});
    reply_to(std::move(request));
    EXPECT_TRUE(world->last_prompt().text.starts_with(
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello"));
}

TEST_F(llama_chat, counts_the_tokens_of_a_prompt) {
    auto const counted = testing::run(loop, world->model->count_tokens(saying("Hello")));
    ASSERT_TRUE(counted);
    EXPECT_EQ(*counted, reply_to(saying("Hello")).end.usage.input_tokens);
}

TEST_F(llama_chat, a_long_text_has_the_tokens_of_its_parts) {
    auto const tokens_with = [this](int words) {
        std::string text = "a";
        for (int i = 0; i < words; ++i) text += " international";
        auto request = saying(text);
        request.max_output_tokens = 1;
        return reply_to(std::move(request)).end.usage.input_tokens;
    };
    EXPECT_EQ(tokens_with(1000) - tokens_with(0), 1000);  // 14 kB, which is more than one piece
}

TEST_F(llama_chat, another_user_with_the_same_interaction_id_finds_nothing) {
    auto const first = saying("My name is Ada. Remember it.");
    reply_to(first);
    auto other = first;
    other.user_id = user_id::make();
    EXPECT_EQ(reply_to(other).end.usage.cached_tokens, 0);
    auto elsewhere = first;
    elsewhere.interaction_id = interaction_id::make();
    EXPECT_EQ(reply_to(elsewhere).end.usage.cached_tokens, 0);
    EXPECT_GT(reply_to(first).end.usage.cached_tokens, 0);
}

}  // namespace
}  // namespace parley
