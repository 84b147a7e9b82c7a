#include "common/id.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace parley {
namespace {

TEST(id, is_a_version_7_uuid_of_now) {
    auto const before = std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
    auto const bytes = new_uuid();
    std::int64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i) ms = ms * 256 + bytes[i];
    EXPECT_GE(ms, before);
    EXPECT_LT(ms, before + 10'000);
    EXPECT_EQ(bytes[6] >> 4, 7);
    EXPECT_EQ(bytes[8] >> 6, 2);
}

TEST(id, increases_within_a_thread) {
    std::vector<uuid_bytes> made(10'000);
    std::ranges::generate(made, new_uuid);
    EXPECT_TRUE(std::ranges::is_sorted(made));
    EXPECT_EQ(std::ranges::adjacent_find(made), made.end());
}

TEST(id, is_unique_across_threads) {
    std::vector<std::vector<uuid_bytes>> made(4, std::vector<uuid_bytes>(5'000));
    {
        std::vector<std::jthread> threads;
        for (auto& part : made) threads.emplace_back([&part] { std::ranges::generate(part, new_uuid); });
    }
    std::vector<uuid_bytes> all;
    for (auto const& part : made) all.insert(all.end(), part.begin(), part.end());
    std::ranges::sort(all);
    EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(id, text_round_trip) {
    auto const made = message_id::make();
    EXPECT_EQ(message_id::parse(made.text()), made);
    EXPECT_EQ(message_id::parse("0192F0C1-7B4E-7C7E-9D2B-2F6D5F0F3A10")->text(),
              "0192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3a10");
}

TEST(id, refuses_what_is_no_uuid) {
    for (auto const* bad :
         {"", "x", "0192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3a1", "0192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3a100",
          "0192f0c17b4e-7c7e-9d2b-2f6d5f0f3a10-", "0192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3ag0",
          "{192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3a10}"}) {
        EXPECT_FALSE(parse_uuid(bad)) << bad;
    }
}

}  // namespace
}  // namespace parley
