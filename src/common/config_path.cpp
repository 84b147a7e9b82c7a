#include "common/config_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace parley {
namespace {

using expanded = std::expected<std::string, std::string>;

constexpr std::array<std::string_view, 6> allowed{"HOME",          "XDG_CACHE_HOME",  "XDG_CONFIG_HOME",
                                                  "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"};

std::optional<std::string> look_up(std::string_view name, environment_map const& environment) {
    auto const found = environment.find(name);
    if (found == environment.end() || found->second.empty()) return std::nullopt;
    if (found->second.front() != '/') return std::nullopt;
    return found->second;
}

expanded expand_home(std::string_view text, environment_map const& environment) {
    if (text.empty() || text.front() != '~') return std::string{text};
    if (text.size() > 1 && text[1] != '/') {
        return std::unexpected(fmt::format("\"{}\": only your own home folder can be written as ~", text));
    }
    auto const home = look_up("HOME", environment);
    if (!home)
        return std::unexpected(fmt::format("\"{}\": ~ needs the variable HOME, which is not set", text));
    return *home + std::string{text.substr(1)};
}

/// `inside` is what stands between ${ and }.
expanded expand_variable(std::string_view inside, environment_map const& environment) {
    auto const split = inside.find(":-");
    auto const name = inside.substr(0, split);
    if (std::ranges::find(allowed, name) == allowed.end()) {
        return std::unexpected(
            fmt::format("${{{}}} can not be used in a path; these can: {}", name, fmt::join(allowed, ", ")));
    }
    if (auto const value = look_up(name, environment)) return *value;
    if (split != std::string_view::npos) return expand_home(inside.substr(split + 2), environment);
    return std::unexpected(fmt::format(
        "${{{0}}} is not set to an absolute path; set it or write a fallback: ${{{0}:-~/folder}}", name));
}

expanded expand_variables(std::string_view text, environment_map const& environment) {
    std::string out;
    while (true) {
        auto const start = text.find('$');
        out += text.substr(0, start);
        if (start == std::string_view::npos) return out;
        auto const end = text.find('}', start);
        if (!text.substr(start).starts_with("${") || end == std::string_view::npos) {
            return std::unexpected(fmt::format("\"{}\": a variable is written as ${{HOME}}", text));
        }
        auto const value = expand_variable(text.substr(start + 2, end - start - 2), environment);
        if (!value) return value;
        out += *value;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

std::expected<std::filesystem::path, std::string> expand_path(std::string_view written,
                                                              environment_map const& environment,
                                                              std::filesystem::path const& base) {
    auto const with_home = expand_home(written, environment);
    if (!with_home) return std::unexpected(with_home.error());
    auto const whole = expand_variables(*with_home, environment);
    if (!whole) return std::unexpected(whole.error());
    return (base / *whole).lexically_normal();
}

}  // namespace parley
