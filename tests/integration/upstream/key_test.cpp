// The key shows nowhere: not in errors, in metrics, or on standard error, even when an upstream says it back.
#include "integration/upstream/upstream_fixture.hpp"

namespace parley::test {
namespace {

class upstream_key : public upstream_test {
protected:
    static constexpr char header_key[] = "hdr-canary-77aa88bb";

    void expect_silent(error const& told) {
        auto const all = told.code + told.message + told.param + told.detail;
        EXPECT_EQ(all.find("canary"), std::string::npos) << all;
    }
};

TEST_F(upstream_key, never_shows) {
    auto const echo = fmt::format(
        R"({{"error":{{"message":"Incorrect API key Bearer {} / {}","code":"{}"}}}})", key, header_key, key);
    std::vector<std::string> const answers{
        whole("401 No", echo),
        whole("500 No", echo),
        whole("429 Many", echo),
        whole("400 Bad", fmt::format(R"({{"detail":"{}"}})", key)),
        whole("200 OK", echo),
        whole("200 OK", key),
        whole("200 OK", "x", fmt::format("Content-Encoding: {}\r\n", key)),
        fmt::format("{}\r\n\r\n", key),
        stream_header + as_chunk(says("Hi") + "data: " + echo + "\n\n"),
        stream_header + as_chunk(fmt::format("event: error\ndata: {{\"message\":\"{}\"}}\n\n", key)),
        stream_header + as_chunk(fmt::format("data: {}\n\n", key)),
    };
    ::testing::internal::CaptureStderr();
    for (auto const& answer : answers) {
        mock_upstream mock{always(answer)};
        auto how = config_for(mock);
        how.headers = {std::string{"X-Api-Token: token "} + header_key};
        auto const got = ask(*model(how));
        ASSERT_TRUE(got.end.failure) << answer;
        expect_silent(*got.end.failure);
    }
    for (auto const& seen : seen_.requests())
        EXPECT_EQ((seen.upstream + seen.model + seen.outcome).find("canary"), std::string::npos);
    EXPECT_EQ(::testing::internal::GetCapturedStderr().find("canary"), std::string::npos);
}

TEST_F(upstream_key, configuration_that_is_wrong_does_not_show_it) {
    auto const refused = [&](upstream_config const& how) {
        auto const made = upstream::make_upstream(how, {}, seen_);
        EXPECT_FALSE(made);
        if (!made) expect_silent(made.error());
        return made ? std::string{} : made.error().param;
    };
    auto how = config_for("http://127.0.0.1:1/v1");
    how.api_key = "sk-canary\nX-Evil: 1";
    EXPECT_EQ(refused(how), "api_key_variable");
    how = config_for("http://user:canary-word@127.0.0.1:1/v1");
    EXPECT_EQ(refused(how), "base_url");
    how = config_for("http://127.0.0.1:1/v1");
    how.proxy = "socks5://me:canary-word@127.0.0.1:1";
    EXPECT_EQ(refused(how), "proxy");
    how.proxy = "none";
    for (auto const* header :
         {"X-Token canary", "X Token: canary", "X-Token: canary\r\nA: b", "Host: canary"}) {
        how.headers = {header};
        EXPECT_EQ(refused(how), "headers") << header;
    }
    how.headers = {};
    how.dialect = "french";
    EXPECT_EQ(refused(how), "dialect");
}

}  // namespace
}  // namespace parley::test
