// Writes JSON straight into a string, in the order of the calls. Answers are written far more often than
// anything else happens here, and a tree of values built only to be printed costs more than the database read
// behind it. Strings that need escapes go through Boost.JSON. The caller pairs begin and end; values are
// finite.
#pragma once

#include "common/id.hpp"
#include "common/timestamp.hpp"
#include "entities/attributes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

class json_writer {
public:
    explicit json_writer(std::string& out) : out_(out) {}

    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    /// Names of members are fixed words of ours: they are written without escapes, and their length is known
    /// to the compiler.
    template <std::size_t Size>
    void key(char const (&name)[Size]) {
        auto const comma = std::size_t{comma_};
        auto const before = out_.size();
        // libstdc++ 12 passes its capacity as the size, so the argument is not looked at.
        out_.resize_and_overwrite(before + comma + Size + 2, [&](char* text, std::size_t) {
            text[before] = ',';  // written over when there is no comma
            auto* const to = text + before + comma;
            to[0] = '"';
            std::memcpy(to + 1, static_cast<char const*>(name), Size - 1);
            to[Size] = '"';
            to[Size + 1] = ':';
            return before + comma + Size + 2;
        });
        comma_ = false;
    }

    /// A name that is not ours.
    void any_key(std::string_view name);

    void null() { plain("null"); }
    /// A value that is JSON already.
    void raw(std::string_view json) { plain(json); }
    void value(std::string_view text);
    void value(std::int64_t number);
    void value(double number);
    void value(bool boolean) { plain(boolean ? "true" : "false"); }
    void value(char const* text) { value(std::string_view{text}); }
    void value(std::string const& text) { value(std::string_view{text}); }
    void value(timestamp at);
    void value(uuid_bytes const& identifier);
    void value(attributes const& pairs);
    template <class Tag>
    void value(id<Tag> const& identifier) {
        value(identifier.value);
    }
    template <class T>
    void value(std::optional<T> const& optional) {
        if (optional) {
            value(*optional);
        } else {
            null();
        }
    }
    template <std::size_t Size, class T>
    void member(char const (&name)[Size], T const& content) {
        key(name);
        value(content);
    }

private:
    void open(char bracket);
    void close(char bracket);
    void separate();
    void plain(std::string_view text);
    void quoted(std::string_view text);  // nothing in it needs an escape

    std::string& out_;
    bool comma_ = false;  // whether the next value or key stands behind another
};

}  // namespace parley::http
