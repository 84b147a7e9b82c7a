#include "adapters/llama/model_facts.hpp"
#include "llama_fixture.hpp"

#include <filesystem>

namespace parley {
namespace {

class llama_facts : public testing::llama_fixture {};

TEST_F(llama_facts, are_known_before_the_model_is_loaded) {
    auto config = settings();
    config.context_window = 100'000;
    auto const facts = read_model_facts(config);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->context_window, 8192);  // what it was trained for
    EXPECT_NE(facts->description.find("135M"), std::string::npos) << facts->description;
}

TEST_F(llama_facts, the_memory_is_that_of_weights_and_chats) {
    auto config = settings();
    config.parallel = 1;
    config.context_window = 1024;
    auto const one = estimate_model_memory(config);
    ASSERT_TRUE(one);
    EXPECT_GT(*one, std::filesystem::file_size(testing::test_model()));
    config.parallel = 2;
    auto const two = estimate_model_memory(config);
    // 30 layers, 3 heads that keep 64 numbers for a key and as many for a value, each of two bytes.
    constexpr std::uint64_t bytes_of_a_token = 30 * 3 * (64 + 64) * 2;
    EXPECT_GE(*two - *one, 1024 * bytes_of_a_token);
    EXPECT_LT(*two - *one, 1024 * bytes_of_a_token + (1U << 20U));
}

TEST_F(llama_facts, of_a_file_that_is_none) {
    auto config = settings();
    config.path = "/no/such/model.gguf";
    auto const facts = read_model_facts(config);
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().code, "model_failed");
    EXPECT_FALSE(estimate_model_memory(config));
}

/// A model that is loaded may be given up, for one that somebody wants more.
TEST_F(llama_facts, a_model_may_go_while_it_loads) {
    std::promise<void> begun;
    std::promise<model_state> settled;
    llama_options options;
    options.on_progress = [&begun, first = true](double) mutable {
        if (std::exchange(first, false)) begun.set_value();
    };
    options.on_loaded = [&settled](model_state state) { settled.set_value(state); };
    auto model = make_llama_model(settings(), world->seen, options);
    begun.get_future().wait();
    model.reset();
    EXPECT_NO_THROW(static_cast<void>(settled.get_future().get()));  // it was told once how that ended
    EXPECT_EQ(world->load(settings()), model_state::ready);
}

}  // namespace
}  // namespace parley
