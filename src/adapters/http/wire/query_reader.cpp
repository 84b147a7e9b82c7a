#include "adapters/http/wire/query_reader.hpp"

#include "entities/limits.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace parley::http {

query_reader::query_reader(request const& call, std::initializer_list<std::string_view> known) : call_(call) {
    for (auto const& [name, value] : call.query) {
        if (std::ranges::find(known, std::string_view{name}) == known.end()) {
            refuse(name, "unknown_parameter", "There is no query parameter of this name.");
        }
        if (std::ranges::count(call.query, name, &field::name) > 1) {
            refuse(name, "invalid_parameter", "This query parameter is given twice.");
        }
    }
}

std::size_t query_reader::limit() {
    auto const text = call_.query_value("limit");
    if (!text) return limits::default_page;
    std::size_t number = 0;
    auto const [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failed != std::errc{} || end != text->data() + text->size() || number < 1 || number > limits::page) {
        refuse("limit", "invalid_parameter", "limit must be a whole number from 1 to 100.");
    }
    return number;
}

std::optional<bool> query_reader::boolean(std::string_view name) {
    auto const word = one_of(name, {"true", "false"});
    return word ? std::optional{*word == "true"} : std::nullopt;
}

std::optional<std::string_view> query_reader::one_of(std::string_view name,
                                                     std::initializer_list<std::string_view> words) {
    auto const text = call_.query_value(name);
    if (!text || std::ranges::find(words, *text) != words.end()) return text;
    std::string sentence{name};
    sentence += " must be";
    for (auto const& word : words) sentence += (word == *words.begin() ? " " : " or ") + std::string{word};
    refuse(name, "invalid_parameter", sentence + ".");
    return std::nullopt;
}

void query_reader::refuse(std::string_view name, std::string code, std::string message) {
    if (failure_) return;
    failure_ = error{error_kind::invalid, std::move(code), std::move(message), std::string{name}, {}};
}

}  // namespace parley::http
