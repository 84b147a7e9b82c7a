#include "common/config_path.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

environment_map const ada{
    {"HOME", "/home/ada"}, {"XDG_DATA_HOME", "/data/ada"}, {"XDG_CACHE_HOME", "relative"}};

std::string expanded(std::string_view written) {
    auto const path = expand_path(written, ada, "/work");
    return path ? path->string() : "error: " + path.error();
}

TEST(config_path, fills_in_home_and_xdg_folders) {
    EXPECT_EQ(expanded("~"), "/home/ada");
    EXPECT_EQ(expanded("~/x"), "/home/ada/x");
    EXPECT_EQ(expanded("${HOME}/x"), "/home/ada/x");
    EXPECT_EQ(expanded("${XDG_DATA_HOME}/x"), "/data/ada/x");
    EXPECT_EQ(expanded("${XDG_DATA_HOME:-~/.local/share}/x"), "/data/ada/x");
    EXPECT_EQ(expanded("${XDG_STATE_HOME:-~/.local/state}/x"), "/home/ada/.local/state/x");
}

TEST(config_path, ignores_a_relative_xdg_folder) {
    EXPECT_EQ(expanded("${XDG_CACHE_HOME:-~/.cache}/x"), "/home/ada/.cache/x");
}

TEST(config_path, leaves_other_text_alone_and_resolves_from_the_base) {
    EXPECT_EQ(expanded("/a/~b"), "/a/~b");
    EXPECT_EQ(expanded("a/../b"), "/work/b");
    EXPECT_EQ(expanded("./b"), "/work/b");
}

TEST(config_path, refuses_what_it_does_not_fill_in) {
    EXPECT_EQ(expanded("${HOME"), "error: \"${HOME\": a variable is written as ${HOME}");
    EXPECT_EQ(expanded("/x/$USER"), "error: \"/x/$USER\": a variable is written as ${HOME}");
    EXPECT_TRUE(expanded("${PATH}").starts_with("error: ${PATH} can not be used in a path"));
    EXPECT_EQ(expand_path("~/x", {}, "/").error(), "\"~/x\": ~ needs the variable HOME, which is not set");
}

}  // namespace
}  // namespace parley
