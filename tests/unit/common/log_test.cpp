#include "common/log.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace parley {
namespace {

/// What goes to standard error while `act` runs with these settings.
template <class Act>
std::string logged(log_config const& settings, Act act) {
    testing::internal::CaptureStderr();
    log::start(settings);
    act();
    return testing::internal::GetCapturedStderr();
}

TEST(log, json_lines_carry_escaped_values) {
    auto const text = logged({.level = "info", .format = "json"}, [] {
        log::warn("disk \"a\"", {{"path", std::string_view("/tmp/\n\x01")}, {"free", 7}, {"share", 0.5}});
    });
    ASSERT_TRUE(text.ends_with("}\n"));
    ASSERT_EQ(text.find('\n'), text.size() - 1);
    auto line = boost::json::parse(text.substr(0, text.size() - 1)).as_object();
    EXPECT_EQ(line.at("time").as_string().size(), 24U);
    EXPECT_EQ(line.at("level"), "warn");
    EXPECT_EQ(line.at("event"), "disk \"a\"");
    EXPECT_EQ(line.at("path"), "/tmp/\n\x01");
    EXPECT_EQ(line.at("free"), 7);
    EXPECT_EQ(line.at("share"), 0.5);
}

TEST(log, text_lines_stay_one_line) {
    auto const text = logged({.level = "info", .format = "text"}, [] {
        log::info("listening", {{"port", 8080}, {"host", std::string_view("a b\nc")}, {"ms", 1.5}});
    });
    EXPECT_NE(text.find("Z info  listening port=8080 host=\"a b\\nc\" ms=1.500\n"), std::string::npos)
        << text;
}

/// What JSON leaves as it is: C1 (a terminal's commands), DEL, and what separates lines or turns the writing.
TEST(log, values_hold_nothing_that_a_terminal_or_a_splitter_of_lines_takes_for_its_own) {
    constexpr std::string_view hostile =
        "a\xc2\x9b"
        "2J\x7f\xe2\x80\xa8"
        "b\xe2\x80\xae\xff";
    for (auto const* const format : {"json", "text"}) {
        auto const text = logged({.level = "info", .format = format}, [&] {
            log::audit("refused", {{"path", hostile}, {"name", std::string_view("naïve 名")}});
        });
        EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos) << format;
        EXPECT_EQ(text.find('\x7f'), std::string::npos) << format;
        EXPECT_EQ(text.find("\xe2\x80\xa8"), std::string::npos) << format;
        EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos) << format;
        EXPECT_EQ(text.find('\xff'), std::string::npos) << format;
        EXPECT_NE(text.find("naïve 名"), std::string::npos) << text;
    }
}

TEST(log, auto_means_json_away_from_a_terminal) {
    EXPECT_TRUE(logged({.format = "auto"}, [] { log::info("x"); }).starts_with("{\"time\":"));
}

TEST(log, levels_below_the_chosen_one_are_silent) {
    auto const act = [] {
        log::debug("one");
        log::info("two");
        log::warn("three");
        log::error("four {}");
    };
    auto const text = logged({.level = "warn", .format = "text"}, act);
    EXPECT_EQ(text.find("two"), std::string::npos);
    EXPECT_NE(text.find("warn  three\n"), std::string::npos);
    EXPECT_NE(text.find("error four {}\n"), std::string::npos);
    EXPECT_NE(logged({.level = "debug", .format = "text"}, act).find("debug one\n"), std::string::npos);
    EXPECT_EQ(logged({.level = "error", .format = "text"}, act).find("three"), std::string::npos);
}

}  // namespace
}  // namespace parley
