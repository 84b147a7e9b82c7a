#include "adapters/llama/model_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace parley {
namespace {

TEST(model_file, says_what_is_wrong_and_what_to_do) {
    auto const folder = std::filesystem::path(::testing::TempDir());
    auto const problem = [](std::filesystem::path const& path) {
        auto const checked = check_model_file(path);
        EXPECT_FALSE(checked);
        return checked ? std::string() : checked.error().message;
    };
    EXPECT_NE(problem({}).find("set path"), std::string::npos);
    EXPECT_NE(problem(folder / "no such.gguf").find("There is no file"), std::string::npos);
    EXPECT_NE(problem(folder).find("is not a file"), std::string::npos);
    auto const text = folder / "text.gguf";
    std::ofstream(text) << "hello";
    EXPECT_NE(problem(text).find("is not a GGUF file"), std::string::npos);
    std::ofstream(text) << "GG";
    EXPECT_NE(problem(text).find("is not a GGUF file"), std::string::npos);
    std::ofstream(text) << "GGUF";
    EXPECT_TRUE(check_model_file(text));
    std::filesystem::remove(text);
}

TEST(model_file, explains_what_llama_cpp_complains_about) {
    EXPECT_NE(
        explain_load_failure("m.gguf", "load: error\nunknown model architecture: 'abc'\nfailed to load\n")
            .find("(unknown model architecture: 'abc')"),
        std::string::npos);
    EXPECT_NE(explain_load_failure("m.gguf", "tensor 'x' data is not within the file bounds")
                  .find("download it again"),
              std::string::npos);
    EXPECT_NE(explain_load_failure("m.gguf", "").find("nothing"), std::string::npos);
}

TEST(model_file, says_what_llama_cpp_said_first) {
    auto const said = explain_load_failure(
        "m.gguf", "load: error loading model: invalid n_rot: 7\nload_from_file: failed to load model\n");
    EXPECT_NE(said.find("(llama.cpp says: load: error loading model: invalid n_rot: 7)"), std::string::npos)
        << said;
    EXPECT_EQ(first_line("\n one \r\ntwo\n"), "one");
    EXPECT_EQ(first_line("one"), "one");
    EXPECT_EQ(first_line(" \n"), "nothing");
}

}  // namespace
}  // namespace parley
