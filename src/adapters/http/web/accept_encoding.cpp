#include "adapters/http/web/accept_encoding.hpp"

#include "common/ascii.hpp"

#include <optional>

namespace parley::http {
namespace {

constexpr int most_wanted = 1000;
constexpr int least_wanted = 1;

/// 0, 1, and what is between them with up to three digits (RFC 9110 §12.4.2).
std::optional<int> read_weight(std::string_view text) {
    constexpr std::size_t longest = 5;
    if (text.empty() || text.size() > longest || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int weight = text[0] == '1' ? most_wanted : 0;
    int worth = most_wanted / 10;
    for (char const digit : text.substr(text.size() > 1 ? 2 : 1)) {
        if (!is_digit(digit)) return std::nullopt;
        weight += (digit - '0') * worth;
        worth /= 10;
    }
    return weight <= most_wanted ? std::optional{weight} : std::nullopt;
}

struct wanted_coding {
    std::string_view name;
    int weight = most_wanted;
};

/// "gzip", "gzip;q=0.5". Nullopt for anything else.
std::optional<wanted_coding> read_member(std::string_view member) {
    auto const semicolon = member.find(';');
    wanted_coding out{without_blanks(member.substr(0, semicolon))};
    if (semicolon == std::string_view::npos) return out;
    auto const parameter = without_blanks(member.substr(semicolon + 1));
    if (!same_word(parameter.substr(0, 2), "q=")) return std::nullopt;
    auto const weight = read_weight(parameter.substr(2));
    if (!weight) return std::nullopt;
    out.weight = *weight;
    return out;
}

bool means(std::string_view name, std::string_view coding) {
    return same_word(name, coding) || (coding == "gzip" && same_word(name, "x-gzip"));
}

}  // namespace

int coding_weight(std::string_view accept_encoding, std::string_view coding) {
    std::optional<int> of_others;
    while (!accept_encoding.empty()) {
        auto const member = read_member(take_member(accept_encoding));
        if (!member) continue;
        if (means(member->name, coding)) return member->weight;
        if (member->name == "*") of_others = member->weight;
    }
    if (coding == "identity" && of_others != 0) return least_wanted;
    return of_others.value_or(0);
}

}  // namespace parley::http
