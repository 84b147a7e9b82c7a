#include "adapters/llama/mailbox.hpp"

#include "support/generation_reader.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace parley {
namespace {

TEST(mailbox, merges_text_and_delivers_the_end_last) {
    boost::asio::io_context loop;
    wakeup reader(loop.get_executor());
    mailbox box(reader);
    EXPECT_FALSE(box.take());
    box.append("a");
    box.append("b");
    generation_end end;
    end.usage.output_tokens = 2;
    box.finish(end);
    box.finish({});
    EXPECT_EQ(std::get<generation_delta>(*box.take()).text, "ab");
    EXPECT_EQ(std::get<generation_end>(*box.take()).usage.output_tokens, 2);
}

TEST(mailbox, delivers_what_was_thought_before_the_text) {
    boost::asio::io_context loop;
    wakeup reader(loop.get_executor());
    mailbox box(reader, token_price{.input = 2, .cached_input = 1, .output = 5});
    box.append_reasoning("Hm");
    box.append("a");
    box.append_reasoning("m");
    generation_end end;
    end.usage = {.input_tokens = 4, .cached_tokens = 1, .output_tokens = 3};
    box.finish(end);
    EXPECT_EQ(std::get<generation_reasoning>(*box.take()).text, "Hmm");
    EXPECT_EQ(std::get<generation_delta>(*box.take()).text, "a");
    EXPECT_EQ(std::get<generation_end>(*box.take()).usage.cost, 3 * 2 + 1 + 3 * 5);
}

TEST(mailbox, wakes_its_reader_from_another_thread) {
    boost::asio::io_context loop;
    wakeup reader(loop.get_executor());
    mailbox box(reader);
    std::thread writer([&box] { box.append("a"); });
    EXPECT_TRUE(testing::run(loop, reader.wait(std::chrono::minutes{1})));
    writer.join();
    EXPECT_TRUE(box.take());
}

TEST(mailbox, leaves_a_reader_that_has_gone_alone) {
    boost::asio::io_context loop;
    std::optional<wakeup> reader(loop.get_executor());
    mailbox box(*reader);
    EXPECT_FALSE(box.stop_asked());
    box.detach();
    EXPECT_TRUE(box.stop_asked());
    reader.reset();
    box.append("a");
    box.finish({});
    EXPECT_EQ(loop.poll(), 0U);
}

}  // namespace
}  // namespace parley
