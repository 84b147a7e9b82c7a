#include "modules/transform/content_template.hpp"

#include "modules/transform/code_points.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace parley {
namespace {

constexpr std::size_t date_size = std::string_view{"YYYY-MM-DD"}.size();

bool breaks_lines(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029; }

std::string one_line(std::string_view name) {
    std::string line;
    for (std::size_t at = 0; at < name.size();) {
        auto const c = code_point_at(name, at);
        line += breaks_lines(c.value) ? std::string_view{" "} : name.substr(at, c.size);
        at += c.size;
    }
    return line;
}

struct placeholder {
    std::string_view name;
    std::string_view value;
};

}  // namespace

result<std::string> fill_template(std::string_view around, std::string_view content,
                                  template_values const& values, std::size_t longest) {
    auto const date = to_rfc3339(values.now).substr(0, date_size);
    auto const name = one_line(values.user_name);
    std::array const placeholders{placeholder{"{{content}}", content}, placeholder{"{{date}}", date},
                                  placeholder{user_name_placeholder, name}};
    std::string out;
    auto rest = around;
    while (!rest.empty()) {
        auto piece = rest.substr(0, std::max<std::size_t>(rest.find("{{"), 1));
        auto taken = piece.size();
        for (auto const& one : placeholders) {
            if (rest.starts_with(one.name)) std::tie(piece, taken) = std::pair{one.value, one.name.size()};
        }
        if (piece.size() > longest - out.size()) {
            return invalid("content_too_long",
                           "With the template around it the message takes more than " +
                               std::to_string(longest) + " bytes.",
                           "content");
        }
        out += piece;
        rest.remove_prefix(taken);
    }
    return out;
}

}  // namespace parley
