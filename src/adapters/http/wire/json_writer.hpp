// Writes JSON straight into a string, in the order of the calls. Answers are written far more often than
// anything else happens here, and a tree of values built only to be printed costs more than the database read
// behind it. Strings that need escapes go through Boost.JSON. The caller pairs begin and end; values are
// finite.
#pragma once

#include "common/id.hpp"
#include "common/timestamp.hpp"
#include "entities/attributes.hpp"

#include <concepts>
#include <cstdint>
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

    /// Names of members are fixed words of ours: they are written without escapes.
    void key(std::string_view name);

    void null() { plain("null"); }
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
    template <class T>
    void member(std::string_view name, T const& content) {
        key(name);
        value(content);
    }

private:
    void open(char bracket);
    void close(char bracket);
    void separate();
    void plain(std::string_view text);
    void quoted(std::string_view text, std::string_view after = {});  // nothing in it needs an escape

    std::string& out_;
    bool comma_ = false;  // whether the next value or key stands behind another
};

}  // namespace parley::http
