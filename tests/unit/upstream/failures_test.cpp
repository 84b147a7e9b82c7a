#include "adapters/upstream/failures.hpp"

#include "common/utf8.hpp"

#include <gtest/gtest.h>

namespace parley::upstream {
namespace {

using namespace std::chrono_literals;

failures const words{"acme", {"sk-canary-0123456789", "canary-0123", "ab"}};

TEST(failures, the_class_of_each_status) {
    struct {
        unsigned status;
        std::string body;
        error_kind kind;
        std::string code;
    } const cases[] = {
        {400, R"({"error":{"message":"bad"}})", error_kind::invalid, "upstream_refused"},
        {400, R"({"error":{"message":"m","code":"context_length_exceeded"}})", error_kind::invalid,
         "context_length_exceeded"},
        {400, R"({"error":{"message":"m","type":"exceed_context_size_error","code":400}})",
         error_kind::invalid, "context_length_exceeded"},
        {400,
         R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 > 8"}})",
         error_kind::invalid, "context_length_exceeded"},
        {400, R"({"object":"error","message":"This model's maximum context length is 8"})",
         error_kind::invalid, "context_length_exceeded"},
        {401, "", error_kind::invalid, "upstream_refused"},
        {404, "<html>", error_kind::invalid, "upstream_refused"},
        {408, "", error_kind::timed_out, "upstream_timeout"},
        {429, "", error_kind::rate_limited, "upstream_rate_limited"},
        {500, "", error_kind::unavailable, "upstream_failed"},
        {529, "", error_kind::unavailable, "upstream_failed"},
        {301, "", error_kind::invalid, "upstream_refused"},
        {204, "", error_kind::unavailable, "upstream_invalid_answer"},
    };
    for (auto const& one : cases) {
        auto const got = words.of_status(one.status, one.body);
        EXPECT_EQ(got.kind, one.kind) << one.status << one.body;
        EXPECT_EQ(got.code, one.code) << one.status << one.body;
    }
}

TEST(failures, an_excerpt_is_short_plain_and_without_secrets) {
    EXPECT_EQ(words.excerpt("a\r\nb\tc\x01"), "a  b c ");
    EXPECT_EQ(words.excerpt("key sk-canary-0123456789 and canary-0123, ab"), "key *** and ***, ab")
        << "the longest first; what is very short is no secret";
    auto const cut = words.excerpt(std::string(239, 'x') + "ö…");
    EXPECT_EQ(cut, std::string(239, 'x') + "…") << "cut between characters";
    EXPECT_EQ(words.excerpt(std::string(235, 'x') + "sk-canary-0123456789"), std::string(235, 'x') + "***")
        << "a secret at the cut does not show in part";
    EXPECT_TRUE(is_valid_utf8(words.excerpt("\xff\xfe")));
}

TEST(failures, half_a_secret_is_hidden_too_and_so_is_one_in_other_letters) {
    EXPECT_EQ(words.excerpt("SK-CANARY-0123456789!"), "***!");
    EXPECT_EQ(words.excerpt("no -canary-0123456 here"), "no *** here");
    EXPECT_EQ(words.excerpt("sk-cana… is no more than its beginning"),
              "sk-cana… is no more than its beginning");
    EXPECT_EQ(words.excerpt("canaries"), "canaries");
}

TEST(failures, what_the_upstream_says_is_quoted) {
    // OpenAI shows a part of the key, which no search for the whole of it finds.
    EXPECT_EQ(words.of_status(401, R"({"error":{"message":"Incorrect key sk-ca…6789"}})").message,
              "The upstream \"acme\" refused the request with status 401: its key is not accepted");
    EXPECT_EQ(words.of_status(500, R"({"error":{"message":"Incorrect key sk-canary-0123456789"}})").message,
              "The upstream \"acme\" failed with status 500: Incorrect key ***");
    EXPECT_EQ(words.of_status(503, "upstream connect error\n").message,
              "The upstream \"acme\" failed with status 503: upstream connect error ");
    EXPECT_EQ(words.of_status(503, "<html>busy</html>").message,
              "The upstream \"acme\" failed with status 503.");
    EXPECT_EQ(words.of_status(422, R"({"detail":"not so"})").message,
              "The upstream \"acme\" refused the request with status 422: not so");
}

TEST(retry_after, seconds_milliseconds_and_dates) {
    std::chrono::system_clock::time_point const now{std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} +
                                                    8h + 49min};
    EXPECT_EQ(read_retry_after("7", "", now), 7s);
    EXPECT_EQ(read_retry_after("1.5", "", now), 1'500ms);
    EXPECT_EQ(read_retry_after("7", "250", now), 250ms);
    EXPECT_EQ(read_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", "", now), 37s);
    EXPECT_EQ(read_retry_after("Sun, 06 Nov 1994 08:48:37 GMT", "", now), 0s) << "it has passed";
    EXPECT_EQ(read_retry_after("999999999999", "", now), 24h);
    for (auto const* useless : {"", "soon", "-1", "Sun, 36 Nov 1994 08:49:37 GMT", "nan", "1e999"})
        EXPECT_EQ(read_retry_after(useless, "", now), std::nullopt) << useless;
}

}  // namespace
}  // namespace parley::upstream
