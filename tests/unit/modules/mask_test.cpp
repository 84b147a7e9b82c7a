// What masking does to a text, and to texts that want to be expensive. How often it is right:
// mask_quality_test.cpp.
#include "modules/transform/mask.hpp"

#include "common/utf8.hpp"
#include "modules/transform/payment_cards.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace parley {
namespace {

constexpr std::array everything{masked::email, masked::phone, masked::card};

std::string masked_by(std::string_view text, std::vector<masked> const& kinds) {
    return mask_text(text, kinds);
}

constexpr std::string_view letter =
    "I am Ada (ada@example.org, +44 20 7946 0958), my card is 4111 1111 1111 1111.";

TEST(mask, puts_a_word_in_the_place_of_each) {
    EXPECT_EQ(mask_text(letter, everything), "I am Ada ([email], [phone]), my card is [card].");
    EXPECT_EQ(mask_text("", everything), "");
    EXPECT_EQ(mask_text("Nothing here, 42.", everything), "Nothing here, 42.");
}

TEST(mask, hides_what_was_asked_for_and_nothing_else) {
    EXPECT_EQ(masked_by(letter, {}), letter);
    EXPECT_EQ(masked_by(letter, {masked::email}),
              "I am Ada ([email], +44 20 7946 0958), my card is 4111 1111 1111 1111.");
    EXPECT_EQ(masked_by(letter, {masked::phone}),
              "I am Ada (ada@example.org, [phone]), my card is 4111 1111 1111 1111.");
    EXPECT_EQ(masked_by(letter, {masked::card}),
              "I am Ada (ada@example.org, +44 20 7946 0958), my card is [card].");
}

TEST(mask, takes_no_card_and_no_address_for_a_phone) {
    EXPECT_EQ(masked_by("Phone or card? 4222222222222", {masked::phone}), "Phone or card? 4222222222222");
    EXPECT_EQ(masked_by("13812345678@example.com", {masked::phone}), "13812345678@example.com");
    EXPECT_EQ(masked_by("13812345678", {masked::phone}), "[phone]");
}

TEST(mask, of_its_own_words_changes_nothing) {
    auto const once = mask_text(letter, everything);
    EXPECT_EQ(mask_text(once, everything), once);
}

TEST(payment_card, needs_issuer_length_and_check_digit) {
    EXPECT_TRUE(is_payment_card("4111111111111111"));
    EXPECT_TRUE(is_payment_card("378282246310005"));
    EXPECT_FALSE(is_payment_card("4111111111111112")) << "check digit";
    EXPECT_FALSE(is_payment_card("1234567812345670")) << "issuer";
    EXPECT_FALSE(is_payment_card("41111111111116")) << "length";
    EXPECT_FALSE(is_payment_card(""));
}

TEST(mask, leaves_valid_text_valid_whatever_stands_around) {
    std::array<std::string_view, 22> const pieces{"a",
                                                  "@",
                                                  ".",
                                                  "+",
                                                  "4",
                                                  "0171 2345678",
                                                  "4111111111111111",
                                                  "x@y.zz",
                                                  "\xc3\xbc",
                                                  "(",
                                                  ")",
                                                  "\xef\xbc\xa0",
                                                  "\xe9\x82\xae",
                                                  " ",
                                                  "-",
                                                  "\xd9\xa0",
                                                  "com",
                                                  "\xf0\x9f\x98\x80",
                                                  "\n",
                                                  "/",
                                                  "\xef\xbc\x91",
                                                  "\xc2\xa0"};
    std::mt19937 random{7};
    std::uniform_int_distribution<std::size_t> any{0, pieces.size() - 1};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (int i = 0; i < 12; ++i) text += pieces[any(random)];
        auto const found = find_masked(text, everything);
        std::size_t from = 0;
        for (auto const& one : found) {
            ASSERT_GE(one.begin, from) << text;
            ASSERT_GT(one.end, one.begin) << text;
            ASSERT_LE(one.end, text.size()) << text;
            from = one.end;
        }
        ASSERT_TRUE(is_valid_utf8(mask_text(text, everything))) << text;
    }
}

TEST(mask, of_bytes_that_are_no_text_stays_within_them) {
    std::mt19937 random{11};
    std::uniform_int_distribution<int> any{0, 255};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (int i = 0; i < 16; ++i)
            text.push_back(static_cast<char>(i % 3 == 0 ? '0' + any(random) % 17 : any(random)));
        for (auto const& one : find_masked(text, everything)) ASSERT_LE(one.end, text.size());
    }
}

/// Quadratic work on these would take minutes.
TEST(mask, takes_linear_time_on_texts_made_to_be_slow) {
    constexpr std::size_t size = 1024UL * 1024;
    for (std::string_view const piece : {"1",
                                         "1 ",
                                         "0",
                                         "0171 2345678 ",
                                         "0171-",
                                         "4111111111111111 ",
                                         "4111 1111 1111 1111 0171 2345678 ",
                                         "a@",
                                         "@",
                                         "a",
                                         "a.",
                                         "a@b.",
                                         "(",
                                         "+",
                                         "+1 ",
                                         "(1)",
                                         "1.1.24 5555 ",
                                         "12345;",
                                         "0 0 ",
                                         "00 49 ",
                                         "tel 1234567 ",
                                         "\xe9\x82\xae",
                                         "\xef\xbc\x91",
                                         "-1"}) {
        std::string text;
        while (text.size() < size) text += piece;
        EXPECT_LE(mask_text(text, everything).size(), text.size()) << piece;
    }
}

}  // namespace
}  // namespace parley
