#include "adapters/http/server/exchange.hpp"

#include "common/ascii.hpp"

namespace parley::http {

std::optional<std::string_view> request::header(std::string_view name) const {
    for (auto const& one : headers) {
        if (same_word(one.name, name)) return one.value;
    }
    return std::nullopt;
}

std::optional<std::string> request::header_list(std::string_view name) const {
    std::optional<std::string> joined;
    for (auto const& one : headers) {
        if (!same_word(one.name, name)) continue;
        if (joined) {
            joined->append(", ").append(one.value);
        } else {
            joined = one.value;
        }
    }
    return joined;
}

std::optional<std::string_view> request::query_value(std::string_view name) const {
    for (auto const& one : query) {
        if (one.name == name) return one.value;
    }
    return std::nullopt;
}

task<std::optional<response>> handler::turn_away(request&) { co_return std::nullopt; }

}  // namespace parley::http
