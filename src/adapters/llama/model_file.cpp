#include "adapters/llama/model_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

namespace parley {

namespace {

/// The line in which these words stand; empty without one.
std::string_view line_with(std::string_view words, std::string_view text) {
    auto const at = text.find(words);
    if (at == std::string_view::npos) return {};
    auto const begin = text.find_last_of('\n', at);
    return first_line(text.substr(begin == std::string_view::npos ? 0 : begin));
}

std::unexpected<error> unusable(std::string message) {
    return fail(error_kind::unavailable, "model_failed", std::move(message));
}

}  // namespace

result<void> check_model_file(std::filesystem::path const& path) {
    auto const name = path.string();
    if (name.empty()) return unusable("No model file is configured: set path to a GGUF file.");
    std::error_code failed;
    auto const status = std::filesystem::status(path, failed);
    if (!std::filesystem::exists(status)) {
        return unusable(
            fmt::format("There is no file {}: put a GGUF file there or change the model's path (./dev setup "
                        "brings the default model).",
                        name));
    }
    if (!std::filesystem::is_regular_file(status)) {
        return unusable(fmt::format("{} is not a file: the model's path must name a GGUF file.", name));
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) return unusable(fmt::format("{} can not be read: {}.", name, std::strerror(errno)));
    std::array<char, 4> magic{};
    file.read(magic.data(), magic.size());
    if (!file || std::string_view(magic.data(), magic.size()) != "GGUF") {
        return unusable(fmt::format("{} is not a GGUF file: download a model in GGUF format.", name));
    }
    return {};
}

std::string explain_load_failure(std::filesystem::path const& path, std::string_view complaints) {
    auto const says = [complaints](std::string_view words) {
        return complaints.find(words) != std::string_view::npos;
    };
    auto const name = path.string();
    if (auto const line = line_with("unknown model architecture", complaints); !line.empty()) {
        return fmt::format("{} holds a kind of model that this version of llama.cpp does not know ({}).",
                           name, line);
    }
    if (says("not within the file bounds") || says("failed to read") ||
        says("unexpectedly reached end of file")) {
        return fmt::format("{} is cut off or damaged: download it again.", name);
    }
    if (says("failed to allocate") || says("unable to allocate")) {
        return fmt::format("Not enough memory to load {}: choose a smaller model.", name);
    }
    return fmt::format(
        "{} can not be loaded: download it again or choose another model (llama.cpp says: {}).", name,
        first_line(complaints));
}

std::string_view first_line(std::string_view text) {
    auto const begin = text.find_first_not_of(" \r\n");
    if (begin == std::string_view::npos) return "nothing";
    text = text.substr(begin, text.find('\n', begin) - begin);
    return text.substr(0, text.find_last_not_of(" \r") + 1);
}

std::uint64_t available_memory() {
    std::ifstream file("/proc/meminfo");
    std::string word;
    while (file >> word) {
        std::uint64_t kib = 0;
        if (word == "MemAvailable:" && file >> kib) return kib * 1024;
    }
    return std::numeric_limits<std::uint64_t>::max();
}

}  // namespace parley
