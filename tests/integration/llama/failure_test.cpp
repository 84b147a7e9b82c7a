#include "llama_fixture.hpp"

#include <cstring>
#include <fstream>
#include <iterator>

namespace parley {
namespace {

using testing::test_model;

class llama_failure : public testing::llama_fixture {
protected:
    void TearDown() override { std::filesystem::remove(broken_); }

    /// The model's first bytes, changed.
    std::filesystem::path broken_copy(std::size_t size, std::function<void(std::string&)> const& change) {
        std::ifstream from(test_model(), std::ios::binary);
        std::string bytes(size, '\0');
        from.read(bytes.data(), static_cast<std::streamsize>(size));
        change(bytes);
        std::ofstream(broken_, std::ios::binary) << bytes;
        return broken_;
    }

    /// Fails to load, says so, and refuses work.
    std::string problem_with(model_config const& config) {
        EXPECT_EQ(world->load(config), model_state::failed);
        EXPECT_EQ(world->model->info().state, model_state::failed);
        auto const refused = world->model->start(saying("Hello"), loop.get_executor());
        EXPECT_FALSE(refused);
        if (!refused) {
            EXPECT_EQ(refused.error().code, "model_failed");
        }
        auto const counted = testing::run(loop, world->model->count_tokens(saying("Hello")));
        EXPECT_FALSE(counted);
        return world->model->info().problem;
    }
    std::string problem_with(std::filesystem::path const& path) {
        auto config = settings();
        config.path = path;
        return problem_with(config);
    }

    static bool contains(std::string const& text, std::string const& part) {
        return text.find(part) != std::string::npos;
    }

    std::filesystem::path const broken_ =
        std::filesystem::path(::testing::TempDir()) / ("broken." + interaction_id::make().text() + ".gguf");
};

TEST_F(llama_failure, a_missing_file) {
    auto const problem = problem_with(std::filesystem::path("/no/such/model.gguf"));
    EXPECT_TRUE(contains(problem, "/no/such/model.gguf") && contains(problem, "change the model's path"))
        << problem;
}

TEST_F(llama_failure, a_file_of_another_kind) {
    auto const path = broken_copy(1000, [](std::string& bytes) { bytes[0] = 'X'; });
    EXPECT_TRUE(contains(problem_with(path), "is not a GGUF file"));
}

TEST_F(llama_failure, a_file_cut_off_in_its_data) {
    auto const problem = problem_with(broken_copy(20'000'000, [](std::string&) {}));
    EXPECT_TRUE(contains(problem, "download it again")) << problem;
}

TEST_F(llama_failure, a_file_cut_off_in_its_header) {
    auto const problem = problem_with(broken_copy(500, [](std::string&) {}));
    EXPECT_TRUE(contains(problem, "download it again")) << problem;
}

TEST_F(llama_failure, a_model_of_unknown_architecture) {
    auto const path = broken_copy(std::filesystem::file_size(test_model()), [](std::string& bytes) {
        constexpr std::string_view key = "general.architecture";
        auto const value = bytes.find(key) + key.size() + 4 + 8;  // type and length stand before the value
        ASSERT_EQ(bytes.substr(value, 5), "llama");
        bytes.replace(value, 5, "lxama");
    });
    auto const problem = problem_with(path);
    EXPECT_TRUE(contains(problem, "does not know") && contains(problem, "lxama")) << problem;
}

/// Each of them would end the process within llama.cpp.
TEST_F(llama_failure, impossible_numbers) {
    struct change {
        std::string key;
        std::uint32_t value;
    };
    constexpr std::uint32_t endless = 0xffffffff;
    for (auto const& [key, value] :
         {change{"llama.block_count", 0}, change{"llama.block_count", 513},
          change{"llama.block_count", endless}, change{"llama.context_length", 0},
          change{"llama.embedding_length", 0}, change{"llama.embedding_length", endless},
          change{"llama.feed_forward_length", endless}, change{"llama.attention.head_count", endless},
          change{"llama.attention.head_count_kv", endless}, change{"llama.rope.dimension_count", endless}}) {
        auto const path = broken_copy(3'000'000, [&](std::string& bytes) {
            auto const at = bytes.find(key + std::string{"\x04\0\0\0", 4});  // type 4: a 32-bit number
            ASSERT_NE(at, std::string::npos) << key;
            std::memcpy(bytes.data() + at + key.size() + 4, &value, sizeof value);
        });
        auto const problem = problem_with(path);
        EXPECT_TRUE(contains(problem, key + " is ")) << problem;
        EXPECT_TRUE(contains(problem, "Download it again")) << problem;
    }
    EXPECT_EQ(world->load(settings()), model_state::ready);
}

TEST_F(llama_failure, heads_that_do_not_suit_each_other) {
    auto const path = broken_copy(3'000'000, [&](std::string& bytes) {
        std::string const key = "llama.attention.head_count_kv";
        bytes[bytes.find(key) + key.size() + 4] = 7;
    });
    auto const problem = problem_with(path);
    EXPECT_TRUE(contains(problem, "can not share 7 keys")) << problem;
}

TEST_F(llama_failure, a_token_that_is_there_twice) {
    auto const path = broken_copy(3'000'000, [&](std::string& bytes) {
        auto const list = bytes.find("tokenizer.ggml.tokens") + 21 + 4 + 4 + 8;  // key, type, of what, count
        std::string const first{"\x01\0\0\0\0\0\0\0!", 9};
        auto const at = bytes.find(first, list);
        ASSERT_NE(at, std::string::npos);
        ASSERT_EQ(bytes.substr(at + 9, 9), std::string("\x01\0\0\0\0\0\0\0\"", 9));
        bytes[at + 17] = '!';
    });
    auto const problem = problem_with(path);
    EXPECT_TRUE(contains(problem, "a token twice")) << problem;
}

TEST_F(llama_failure, more_chats_than_the_memory_holds) {
    auto config = settings();
    config.context_window = 8192;
    config.parallel = 256;
    config.name = "big";
    if (world->load(config) == model_state::ready) GTEST_SKIP() << "this machine has the memory";
    EXPECT_TRUE(contains(world->model->info().problem, "lower parallel or context_window"))
        << world->model->info().problem;
}

TEST_F(llama_failure, refuses_work_while_it_loads) {
    std::promise<void> go_on;
    std::promise<model_state> loaded;
    llama_options held;
    held.on_progress = [may_go_on = go_on.get_future().share()](double) { may_go_on.wait(); };
    held.on_loaded = [&loaded](model_state state) { loaded.set_value(state); };
    world->model = make_llama_model(settings(), world->seen, held);
    EXPECT_EQ(world->model->info().state, model_state::loading);
    auto const refused = world->model->start(saying("Hello"), loop.get_executor());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, error_kind::unavailable);
    EXPECT_EQ(refused.error().code, "model_loading");
    go_on.set_value();
    EXPECT_EQ(loaded.get_future().get(), model_state::ready);
    EXPECT_FALSE(reply_to(saying("Hello")).end.failure);
}

TEST_F(llama_failure, a_prompt_that_leaves_no_room) {
    auto config = settings();
    config.context_window = 256;
    ASSERT_EQ(world->load(config), model_state::ready);
    std::string text;
    for (int i = 0; i < 300; ++i) text += "word ";
    auto const read = reply_to(saying(text));
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "context_length_exceeded");
    EXPECT_EQ(read.end.failure->kind, error_kind::invalid);
    EXPECT_TRUE(contains(read.end.failure->message, "256"));
    EXPECT_TRUE(contains(read.end.failure->message, std::to_string(read.end.usage.input_tokens)));
    EXPECT_FALSE(reply_to(saying("Hello")).end.failure);
}

TEST_F(llama_failure, a_prompt_far_too_long_is_not_read_to_its_end) {
    ASSERT_EQ(world->load(settings()), model_state::ready);
    std::string text;
    for (int i = 0; i < 50'000; ++i) text += "word ";
    auto const counted = testing::run(loop, world->model->count_tokens(saying(text)));
    ASSERT_TRUE(counted);
    EXPECT_NEAR(static_cast<double>(*counted), 50'000, 500);
    auto const read = reply_to(saying(text));
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "context_length_exceeded");
    EXPECT_TRUE(contains(read.end.failure->message, "about " + std::to_string(*counted)))
        << read.end.failure->message;
    EXPECT_LT(world->last_prompt().tokens.size(), 10'000U);
    EXPECT_FALSE(reply_to(saying("Hello")).end.failure);
}

TEST_F(llama_failure, the_end_of_the_context_window_is_a_length) {
    auto config = settings();
    config.context_window = 100;
    ASSERT_EQ(world->load(config, {.ignore_end_of_text = true}), model_state::ready);
    auto request = saying("Tell me about the sea.");
    request.max_output_tokens = 1000;
    auto const read = reply_to(std::move(request));
    EXPECT_EQ(read.end.finish_reason, finish_reason::length);
    EXPECT_EQ(read.end.usage.input_tokens + read.end.usage.output_tokens, 100);
    EXPECT_FALSE(read.end.failure);
}

TEST_F(llama_failure, a_batch_that_fails_is_tried_chat_by_chat) {
    ASSERT_EQ(world->load(settings()), model_state::ready);
    auto const alone = reply_to(saying("Tell me about the sea."));
    std::vector<std::unique_ptr<generation>> all;
    world->faults = 1;
    for (int i = 0; i < 2; ++i) all.push_back(started(saying("Tell me about the sea.")));
    int whole = 0;
    for (auto const& read : read_all(all)) {
        // Either both were in the batch that failed, or the first was alone in it.
        whole += !read.end.failure && read.end.usage.output_tokens == 24;
    }
    EXPECT_GE(whole, 1);
    EXPECT_EQ(world->faults, 0);
    EXPECT_EQ(reply_to(saying("Tell me about the sea.")).text, alone.text);
}

TEST_F(llama_failure, a_chat_that_can_not_be_decoded_fails_alone) {
    ASSERT_EQ(world->load(settings()), model_state::ready);
    auto const request = saying("Tell me about the sea.");
    auto const whole = reply_to(request);
    world->faults = 1;
    auto const read = reply_to(request);
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "model_decode_failed");
    auto const again = reply_to(request);
    EXPECT_EQ(again.end.usage.cached_tokens, 0);  // nothing doubtful is kept
    EXPECT_EQ(again.text, whole.text);
}

TEST_F(llama_failure, a_batch_that_throws_fails_its_replies_and_the_engine_goes_on) {
    ASSERT_EQ(world->load(settings()), model_state::ready);
    auto const request = saying("Tell me about the sea.");
    auto const whole = reply_to(request);
    world->batch_throws = true;
    auto const read = reply_to(request);
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "model_decode_failed");
    for (int i = 0; i < 2; ++i) EXPECT_EQ(reply_to(request).text, whole.text);
}

TEST_F(llama_failure, a_prompt_whose_reading_throws_fails_alone) {
    ASSERT_EQ(world->load(settings()), model_state::ready);
    world->prompt_throws = true;
    auto const read = reply_to(saying("Hello"));
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->kind, error_kind::internal);
    EXPECT_EQ(read.end.failure->code, "internal_error");
    EXPECT_TRUE(world->counts.wait_for(0, 0));
    EXPECT_FALSE(reply_to(saying("Hello")).end.failure);
}

TEST_F(llama_failure, any_template_can_be_set) {
    auto config = settings();
    config.chat_template =
        "{% for m in messages %}{% if m.content == 'boom' %}{{ raise_exception('no boom here') }}{% endif %}"
        "<{{ m.role }}>{{ m.content }}{% endfor %}<reply>";
    ASSERT_EQ(world->load(config), model_state::ready);
    reply_to(saying("Hello"));
    EXPECT_EQ(world->last_prompt().text, "<user>Hello<reply>");

    auto const refused = reply_to(saying("boom"));
    ASSERT_TRUE(refused.end.failure);
    EXPECT_EQ(refused.end.failure->code, "template_failed");
    EXPECT_TRUE(contains(refused.end.failure->message, "no boom here")) << refused.end.failure->message;
    EXPECT_FALSE(testing::run(loop, world->model->count_tokens(saying("boom"))));
    EXPECT_FALSE(reply_to(saying("Hello")).end.failure);
}

TEST_F(llama_failure, a_template_that_writes_nothing) {
    auto config = settings();
    config.chat_template =
        "{% for m in messages %}{% if m.content != 'Hello' %}{{ m.content }}{% endif %}{% endfor %}";
    ASSERT_EQ(world->load(config), model_state::ready);
    auto const read = reply_to(saying("Hello"));
    ASSERT_TRUE(read.end.failure);
    EXPECT_EQ(read.end.failure->code, "template_failed");
    EXPECT_FALSE(reply_to(saying("Good day")).end.failure);
}

TEST_F(llama_failure, a_template_that_can_not_be_parsed) {
    auto config = settings();
    config.chat_template = "{% for m in messages %}{{ m.content ";
    auto const problem = problem_with(config);
    EXPECT_TRUE(contains(problem, "chat template can not be read")) << problem;
}

}  // namespace
}  // namespace parley
