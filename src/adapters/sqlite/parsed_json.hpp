// Reading a small JSON text. Only for the files here that keep values as JSON.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::sqlite {

/// Parses into memory on the stack as far as it suffices, and hands the value over; nothing when it is no
/// JSON.
template <class Read>
void with_parsed(std::string_view text, Read const& read) {
    unsigned char buffer[4096];
    boost::json::monotonic_resource memory(buffer);
    boost::json::error_code failed;
    boost::json::parse_options options;
    options.allow_invalid_utf8 = true;  // what is kept comes back as it was
    auto const value =
        boost::json::parse(boost::json::string_view{text.data(), text.size()}, failed, &memory, options);
    if (!failed) read(value);
}

/// Empty when it is absent or no text.
[[nodiscard]] inline std::string text_of(boost::json::value const* value) {
    auto const* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string{} : std::string{text->data(), text->size()};
}

/// Calls `visit` with each object of an array.
template <class Visit>
void for_each_object(boost::json::value const* value, Visit const& visit) {
    auto const* const items = value == nullptr ? nullptr : value->if_array();
    if (items == nullptr) return;
    for (auto const& item : *items) {
        if (auto const* const object = item.if_object()) visit(*object);
    }
}

}  // namespace parley::sqlite
