// A folder with a configuration file, and loading over the program's own defaults.
#pragma once

#include "common/config_load.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace parley::testing {

using loaded = std::expected<loaded_config, config_problems>;

class config_test : public ::testing::Test {
protected:
    config_test() {
        std::string pattern = (std::filesystem::temp_directory_path() / "parley-config-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        request_.working_folder = folder_;
        request_.environment = {{"HOME", "/home/ada"}};
    }
    ~config_test() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    void write_file(std::string_view text, std::string const& name = "test.yaml") {
        std::ofstream{folder_ / name, std::ios::binary} << text;
        request_.file = name;
    }

    [[nodiscard]] loaded load() const { return load_config(request_); }

    [[nodiscard]] loaded load_file(std::string_view text) {
        write_file(text);
        return load();
    }

    /// The lines an operator would see; empty when all is well.
    [[nodiscard]] static std::vector<std::string> lines(loaded const& outcome) {
        std::vector<std::string> out;
        if (outcome) return out;
        for (auto const& problem : outcome.error()) out.push_back(to_text(problem));
        return out;
    }

    [[nodiscard]] std::vector<std::string> refusal(std::string_view text) { return lines(load_file(text)); }

    std::filesystem::path folder_;
    config_request request_;
};

}  // namespace parley::testing
