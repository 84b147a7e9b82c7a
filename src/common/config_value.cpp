#include "common/config_value.hpp"

#include "common/config_secret.hpp"
#include "common/utf8.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>
#include <type_traits>

namespace parley {
namespace {

struct unit {
    std::string_view name;
    std::int64_t factor;
};

constexpr std::array duration_units{unit{"h", 3'600'000}, unit{"m", 60'000}, unit{"s", 1'000}, unit{"ms", 1}};
constexpr std::array size_units{unit{"GiB", 1'073'741'824}, unit{"MiB", 1'048'576}, unit{"KiB", 1'024},
                                unit{"B", 1}};

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "30s" → 30,000 with the units of a duration. A number without unit needs `bare_unit` to be allowed.
std::optional<double> parse_with_unit(std::string_view text, std::span<unit const> units, bool bare) {
    auto const digits = std::min(text.find_first_not_of("-0123456789"), text.size());
    auto const count = parse_number<std::int64_t>(text.substr(0, digits));
    auto const name = text.substr(digits);
    if (!count) return std::nullopt;
    if (name.empty()) return bare ? std::optional{static_cast<double>(*count)} : std::nullopt;
    auto const found = std::ranges::find(units, name, &unit::name);
    if (found == units.end()) return std::nullopt;
    return static_cast<double>(*count) * static_cast<double>(found->factor);
}

std::string show_with_unit(std::int64_t value, std::span<unit const> units, std::string_view zero) {
    if (value == 0) return std::string{zero};
    auto const fits = std::ranges::find_if(units, [&](unit const& one) { return value % one.factor == 0; });
    return fmt::format("{}{}", value / fits->factor, fits->name);
}

std::optional<double> parse_quantity(config_type type, std::string_view text) {
    switch (type) {
        case config_type::duration:
            return parse_with_unit(text, duration_units, false);
        case config_type::size:
            return parse_with_unit(text, size_units, true);
        case config_type::integer: {
            auto const whole = parse_number<std::int64_t>(text);
            return whole ? std::optional{static_cast<double>(*whole)} : std::nullopt;
        }
        default:
            return parse_number<double>(text);
    }
}

std::string show_quantity(config_type type, double value) {
    auto const whole = static_cast<std::int64_t>(value);
    switch (type) {
        case config_type::duration:
            return show_with_unit(whole, duration_units, "0ms");
        case config_type::size:
            return show_with_unit(whole, size_units, "0");
        case config_type::integer:
            return fmt::format("{}", whole);
        default:
            return fmt::format("{}", value);
    }
}

std::string_view expectation(config_type type) {
    switch (type) {
        case config_type::duration:
            return "a duration such as 500ms, 30s, 5m or 1h";
        case config_type::size:
            return "a size such as 65536, 64KiB or 4MiB";
        case config_type::integer:
            return "a whole number";
        default:
            return "a number";
    }
}

/// What a slot of a quantity is set to; slots of text are never asked.
void set_quantity(config_slot slot, double value) {
    std::visit(
        [&](auto* field) {
            using type = std::remove_pointer_t<decltype(field)>;
            if constexpr (std::is_arithmetic_v<type> && !std::is_same_v<type, bool>) {
                *field = static_cast<type>(value);
            } else if constexpr (std::is_same_v<type, std::chrono::milliseconds>) {
                *field = std::chrono::milliseconds{static_cast<std::int64_t>(value)};
            }
        },
        slot);
}

void set_text(config_slot slot, std::string const& text) {
    std::visit(
        [&](auto* field) {
            using type = std::remove_pointer_t<decltype(field)>;
            if constexpr (std::is_assignable_v<type&, std::string const&> && !std::is_arithmetic_v<type>)
                *field = text;
        },
        slot);
}

std::optional<std::string> assign_quantity(config_slot slot, config_rule const& rule,
                                           config_scalar const& value) {
    auto const range = fmt::format("from {} to {}", show_quantity(rule.type, rule.least),
                                   show_quantity(rule.type, rule.most));
    auto const parsed = parse_quantity(rule.type, value.text);
    if (value.quoted && parsed) {
        return fmt::format("\"{}\" in quotes is text; {} is written without them", value.text,
                           expectation(rule.type));
    }
    if (!parsed || !std::isfinite(*parsed)) {
        return fmt::format("\"{}\" is not {}, {}", value.text, expectation(rule.type), range);
    }
    if (*parsed < rule.least || *parsed > rule.most) {
        return fmt::format("{} is out of range; it must be {}", value.text, range);
    }
    set_quantity(slot, *parsed);
    return std::nullopt;
}

bool has_control_character(std::string_view text) {
    return std::ranges::any_of(text,
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::optional<std::string> assign_text(config_slot slot, config_rule const& rule,
                                       config_scalar const& value) {
    auto const& text = value.text;
    if (rule.type == config_type::choice && std::ranges::find(rule.choices, text) == rule.choices.end()) {
        return fmt::format("\"{}\" is not possible; it must be {}", text, join_alternatives(rule.choices));
    }
    if (!is_valid_utf8(text)) return "the text is not valid UTF-8";
    if (text.find('\0') != std::string_view::npos ||
        (rule.type != config_type::block_text && has_control_character(text))) {
        return "control characters and line breaks are not possible here";
    }
    auto const size = static_cast<double>(text.size());
    if (rule.type == config_type::secret && size < rule.least) {
        return fmt::format("is too short: {} bytes, at least {} are needed", text.size(), rule.least);
    }
    if (rule.type != config_type::choice && size < rule.least) return "must not be empty";
    if (rule.type != config_type::choice && size > rule.most) {
        return fmt::format("is too long: {} bytes, at most {} are possible", text.size(), rule.most);
    }
    set_text(slot, text);
    return std::nullopt;
}

std::string_view without_blanks_around(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<std::string> assign_words(config_slot slot, config_rule const& rule,
                                        config_scalar const& value) {
    for (auto const& word : value.items) {
        if (std::ranges::find(rule.choices, word) != rule.choices.end()) continue;
        return fmt::format("\"{}\" is not possible; it must be {}", word, join_alternatives(rule.choices));
    }
    if (auto* const* field = std::get_if<std::vector<std::string>*>(&slot)) **field = value.items;
    return std::nullopt;
}

std::optional<std::string> assign_texts(config_slot slot, config_rule const& rule,
                                        config_scalar const& value) {
    constexpr std::size_t most_items = 100;
    if (value.items.size() > most_items) {
        return fmt::format("has {} entries, at most {} are possible", value.items.size(), most_items);
    }
    for (auto const& item : value.items) {
        std::string checked;
        auto item_rule = rule;
        item_rule.type = config_type::text;
        if (auto const wrong = assign_text(&checked, item_rule, {item})) return "in an entry: " + *wrong;
    }
    if (auto* const* field = std::get_if<std::vector<std::string>*>(&slot)) **field = value.items;
    return std::nullopt;
}

std::optional<std::string> assign_boolean(config_slot slot, config_scalar const& value) {
    if (value.quoted || (value.text != "true" && value.text != "false")) {
        return fmt::format("\"{}\" is not possible; it must be true or false", value.text);
    }
    if (auto* const* field = std::get_if<bool*>(&slot)) **field = value.text == "true";
    return std::nullopt;
}

}  // namespace

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> entries;
    for (auto more = !without_blanks_around(text).empty(); more;) {
        auto const comma = text.find(',');
        more = comma != std::string_view::npos;
        entries.emplace_back(without_blanks_around(text.substr(0, comma)));
        if (more) text.remove_prefix(comma + 1);
    }
    return entries;
}

std::optional<std::string> assign(config_slot slot, config_rule const& rule, config_scalar const& value) {
    switch (rule.type) {
        case config_type::integer:
        case config_type::number:
        case config_type::size:
        case config_type::duration:
            return assign_quantity(slot, rule, value);
        case config_type::text:
        case config_type::secret:
        case config_type::block_text:
        case config_type::choice:
        case config_type::path:
        case config_type::address:
            return assign_text(slot, rule, value);
        case config_type::words:
            return assign_words(slot, rule, value);
        case config_type::texts:
            return assign_texts(slot, rule, value);
        case config_type::boolean:
            return assign_boolean(slot, value);
    }
    return "has an unknown type";
}

std::string show(config_slot slot, config_type type) {
    return std::visit(
        [&](auto const* field) -> std::string {
            using value = std::remove_cvref_t<decltype(*field)>;
            if constexpr (std::is_same_v<value, bool>) {
                return *field ? "true" : "false";
            } else if constexpr (std::is_arithmetic_v<value>) {
                return show_quantity(type, static_cast<double>(*field));
            } else if constexpr (std::is_same_v<value, std::chrono::milliseconds>) {
                return show_quantity(type, static_cast<double>(field->count()));
            } else if constexpr (std::is_same_v<value, std::optional<std::string>>) {
                return field->value_or("");
            } else if constexpr (std::is_same_v<value, std::filesystem::path>) {
                return field->string();
            } else if constexpr (std::is_same_v<value, std::vector<std::string>>) {
                return fmt::format("[{}]", fmt::join(*field, ", "));
            } else {
                if (type == config_type::secret && !field->empty()) return "(set)";
                return type == config_type::address ? without_secret(*field) : *field;
            }
        },
        slot);
}

std::string type_name(config_rule const& rule) {
    switch (rule.type) {
        case config_type::integer:
            return "integer";
        case config_type::number:
            return "number";
        case config_type::size:
            return "size";
        case config_type::duration:
            return "duration";
        case config_type::path:
            return "path";
        case config_type::choice:
            return join_alternatives(rule.choices);
        case config_type::words:
            return "list of " + join_alternatives(rule.choices);
        case config_type::texts:
            return "list of texts";
        case config_type::boolean:
            return "true or false";
        default:
            return "text";
    }
}

std::string join_alternatives(std::span<std::string_view const> words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
        out += words[i];
    }
    return out;
}

}  // namespace parley
