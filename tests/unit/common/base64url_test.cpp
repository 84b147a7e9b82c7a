#include "common/base64url.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace parley {
namespace {

std::string encoded(std::string const& bytes) {
    std::vector<std::uint8_t> const raw(bytes.begin(), bytes.end());
    return to_base64url(raw);
}

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(base64url, the_examples_of_rfc_4648_without_padding) {
    std::vector<std::pair<std::string, std::string>> const examples{
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (auto const& [bytes, text] : examples) {
        EXPECT_EQ(encoded(bytes), text);
        EXPECT_EQ(from_base64url(text), bytes);
    }
    // RFC 7515, appendix C.
    EXPECT_EQ(encoded({"\x03\xec\xff\xe0\xc1", 5}), "A-z_4ME");
}

TEST(base64url, any_bytes_come_back) {
    std::string bytes;
    for (int i = 0; i < 1'000; ++i) {
        EXPECT_EQ(from_base64url(encoded(bytes)), bytes) << i;
        bytes.push_back(static_cast<char>(i * 97 + i / 256));
    }
}

TEST(base64url, nothing_but_the_alphabet_is_read) {
    for (int byte = 0; byte < 256; ++byte) {
        auto const c = static_cast<char>(byte);
        bool const known = alphabet.find(c) != std::string_view::npos;
        for (std::size_t at = 0; at < 4; ++at) {
            std::string text = "AAAA";
            text[at] = c;
            EXPECT_EQ(from_base64url(text).has_value(), known) << byte;
        }
    }
    for (auto const* const bad :
         {"Zg==", "Zm8=", "Zm9v=", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v.", "+A", "/A", "="})
        EXPECT_EQ(from_base64url(bad), std::nullopt) << bad;
}

TEST(base64url, there_is_one_way_to_write_the_same_bytes) {
    for (std::string const begin : {"", "AAAA", "Zm9v"}) {
        std::set<std::string> one_byte;
        std::set<std::string> two_bytes;
        for (char const a : alphabet) {
            EXPECT_EQ(from_base64url(begin + a), std::nullopt) << "six bits are no byte";
            for (char const b : alphabet) {
                auto const one = from_base64url(begin + a + b);
                EXPECT_TRUE(!one || one_byte.insert(*one).second) << a << b;
                auto const two = from_base64url(begin + "A" + a + b);
                EXPECT_TRUE(!two || two_bytes.insert(*two).second) << a << b;
            }
        }
        EXPECT_EQ(one_byte.size(), 256U);
        EXPECT_EQ(two_bytes.size(), 64U * 16);
    }
}

}  // namespace
}  // namespace parley
