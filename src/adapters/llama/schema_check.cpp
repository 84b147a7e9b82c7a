#include "adapters/llama/schema_check.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace parley {

namespace json = boost::json;

namespace {

constexpr std::size_t most_bytes = 256 * 1024;
constexpr std::size_t deepest = 64;
constexpr std::size_t most_values = 20'000;
constexpr std::size_t most_references = 256;  // each may be a level of the converter's recursion
constexpr std::size_t most_optional = 400;  // of one object: the converter takes 0.1 s, growing with the cube
constexpr std::size_t most_choices = 2'000;   // of all enumerations: each is looked at for each token
constexpr std::size_t most_steps = 100'000;   // through alternatives
constexpr std::int64_t most_repeats = 2'000;  // llama.cpp's own bound

/// What is wrong, as the rest of a sentence.
using finding = std::optional<std::string>;

json::value const* member(json::object const& of, std::string_view name) { return of.if_contains(name); }

json::string const* reference(json::value const& schema) {
    auto const* object = schema.if_object();
    auto const* at = object == nullptr ? nullptr : member(*object, "$ref");
    return at == nullptr ? nullptr : at->if_string();
}

std::size_t size_of(json::value const* list) {
    auto const* array = list == nullptr ? nullptr : list->if_array();
    return array == nullptr ? 0 : array->size();
}

class schema_checker {
public:
    explicit schema_checker(json::value const& root) : root_(root) {}

    finding check() {
        if (auto wrong = walk(root_, 1)) return wrong;
        if (merges_ && properties_ > most_optional) {
            return fmt::format("has allOf and more than {} properties", most_optional);
        }
        return std::nullopt;
    }

private:
    /// Every value of the document once; `times` is how often a list of types makes the converter look at it.
    finding walk(json::value const& value, std::size_t times) {
        values_ += times;
        if (values_ > most_values) return "is too large";
        if (auto const* list = value.if_array()) {
            for (auto const& item : *list) {
                if (auto wrong = walk(item, times)) return wrong;
            }
        }
        auto const* object = value.if_object();
        if (object == nullptr) return std::nullopt;
        if (auto wrong = check_object(value, *object)) return wrong;
        auto const deeper = times * std::max<std::size_t>(size_of(member(*object, "type")), 1);
        if (deeper > most_values) return "is too large";
        for (auto const& [name, inner] : *object) {
            if (auto wrong = walk(inner, deeper)) return wrong;
        }
        return std::nullopt;
    }

    finding check_object(json::value const& value, json::object const& object) {
        for (auto const* name : {"minItems", "maxItems", "minLength", "maxLength"}) {
            auto const* count = member(object, name);
            auto const* number = count == nullptr ? nullptr : count->if_int64();
            if (number != nullptr && (*number < 0 || *number > most_repeats)) {
                return fmt::format("has a {} that is not between 0 and {}", name, most_repeats);
            }
        }
        choices_ += size_of(member(object, "enum"));
        if (choices_ > most_choices) return fmt::format("has more than {} values in enum", most_choices);
        merges_ = merges_ || object.contains("allOf");
        if (auto wrong = check_properties(object)) return wrong;
        if (auto const* to = reference(value)) {
            references_.insert(std::string(*to));
            if (references_.size() > most_references) {
                return fmt::format("has more than {} different $ref", most_references);
            }
            if (auto wrong = check_reference(value)) return wrong;
        }
        std::set<std::string> open;
        return follow(value, open);
    }

    finding check_properties(json::object const& object) {
        auto const* properties = member(object, "properties");
        auto const* members = properties == nullptr ? nullptr : properties->if_object();
        if (members == nullptr) return std::nullopt;
        properties_ += members->size();
        auto const required = size_of(member(object, "required"));
        if (members->size() <= most_optional + std::min(required, members->size())) return std::nullopt;
        return fmt::format("has an object with more than {} properties that are not required", most_optional);
    }

    /// A chain of nothing but references must end.
    finding check_reference(json::value const& schema) const {
        std::set<std::string> seen;
        auto const* at = &schema;
        while (auto const* to = reference(*at)) {
            if (!seen.insert(std::string(*to)).second)
                return fmt::format("has a $ref in a circle: {}", name(*to));
            if (!std::string_view(*to).starts_with("#/")) {
                return fmt::format("has a $ref out of the schema, which is not followed: {}", name(*to));
            }
            at = resolve(*to);
            if (at == nullptr) return fmt::format("has a $ref that leads nowhere: {}", name(*to));
        }
        return std::nullopt;
    }

    /// As the converter does it: without the escapes of RFC 6901.
    [[nodiscard]] json::value const* resolve(std::string_view path) const {
        auto const* at = &root_;
        path.remove_prefix(1);
        while (at != nullptr && !path.empty()) {
            path.remove_prefix(1);
            auto const key = path.substr(0, path.find('/'));
            path.remove_prefix(key.size());
            if (auto const* object = at->if_object()) {
                at = member(*object, key);
            } else {
                auto const* list = at->if_array();
                auto const index = list == nullptr ? std::nullopt : number(key);
                at = index && *index < list->size() ? &(*list)[*index] : nullptr;
            }
        }
        return at;
    }

    static std::optional<std::size_t> number(std::string_view digits) {
        if (digits.empty() || digits.size() > 6) return std::nullopt;
        std::size_t value = 0;
        for (auto const digit : digits) {
            if (digit < '0' || digit > '9') return std::nullopt;
            value = value * 10 + static_cast<std::size_t>(digit - '0');
        }
        return value;
    }

    static std::string_view name(std::string_view to) { return to.substr(0, 80); }

    /// The converter asks what types a schema allows, through all its alternatives and anew each time.
    finding follow(json::value const& schema, std::set<std::string>& open) {
        if (++steps_ > most_steps) return "has too many alternatives within alternatives";
        if (auto const* to = reference(schema)) {
            auto const* target = std::string_view(*to).starts_with("#/") ? resolve(*to) : nullptr;
            if (target == nullptr || !open.insert(std::string(*to)).second) return std::nullopt;
            auto wrong = follow(*target, open);
            open.erase(std::string(*to));
            return wrong;
        }
        auto const* object = schema.if_object();
        if (object == nullptr) return std::nullopt;
        for (auto const* name : {"oneOf", "anyOf", "allOf"}) {
            auto const* found = member(*object, name);
            auto const* list = found == nullptr ? nullptr : found->if_array();
            if (list == nullptr) continue;
            for (auto const& one : *list) {
                if (auto wrong = follow(one, open)) return wrong;
            }
        }
        return std::nullopt;
    }

    json::value const& root_;
    std::size_t values_ = 0;
    std::size_t choices_ = 0;
    std::size_t properties_ = 0;
    std::size_t steps_ = 0;
    bool merges_ = false;
    std::set<std::string> references_;
};

std::unexpected<error> refused(std::string_view whose, std::string_view what) {
    return fail(error_kind::invalid, "invalid_schema", fmt::format("{} {}.", whose, what));
}

}  // namespace

result<void> check_schema(std::string_view schema, std::string_view whose) {
    if (schema.size() > most_bytes) {
        return refused(whose, fmt::format("takes more than {} KiB", most_bytes / 1024));
    }
    json::parse_options options;
    options.max_depth = deepest;
    boost::system::error_code failed;
    auto const document = json::parse(schema, failed, {}, options);
    if (failed == json::error::too_deep) return refused(whose, "is nested too deeply");
    if (failed) return refused(whose, "is no JSON");
    if (!document.is_object()) return refused(whose, "is no JSON object");
    if (auto const wrong = schema_checker(document).check()) return refused(whose, *wrong);
    return {};
}

}  // namespace parley
