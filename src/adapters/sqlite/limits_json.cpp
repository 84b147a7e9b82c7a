#include "adapters/sqlite/limits_json.hpp"

#include "adapters/sqlite/parsed_json.hpp"

namespace parley::sqlite {
namespace json = boost::json;

std::optional<std::string> limits_to_json(usage_limits const& value) {
    json::object out;
    for_each_limit(
        [&out](char const* name, std::optional<std::int64_t> const& limit) {
            if (limit) out.emplace(name, *limit);
        },
        value);
    return out.empty() ? std::nullopt : std::optional<std::string>{json::serialize(out)};
}

usage_limits limits_from_json(std::string_view text) {
    usage_limits out;
    with_parsed(text, [&](json::value const& value) {
        auto const* const found = value.if_object();
        if (found == nullptr) return;
        for_each_limit(
            [found](char const* name, std::optional<std::int64_t>& limit) {
                auto const* const member = found->if_contains(name);
                auto const* const number = member == nullptr ? nullptr : member->if_int64();
                if (number != nullptr) limit = *number;
            },
            out);
    });
    return out;
}

}  // namespace parley::sqlite
