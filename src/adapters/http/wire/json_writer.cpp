#include "adapters/http/wire/json_writer.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace parley::http {
namespace {

/// Lengthens `out` by `size` bytes, which `fill` writes.
template <class Fill>
void append(std::string& out, std::size_t size, Fill fill) {
    auto const before = out.size();
    // libstdc++ 12 passes its capacity as the size, so the argument is not looked at.
    out.resize_and_overwrite(before + size, [&](char* text, std::size_t) {
        fill(text + before);
        return before + size;
    });
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

/// Eight bytes at once: whether one of them is below 0x20, a quote or a backslash (the tests of "Bit
/// Twiddling Hacks", which are exact for "is there one").
bool word_needs_escape(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t highs = 0x8080808080808080U;
    auto const has_zero = [](std::uint64_t x) { return (x - ones) & ~x & highs; };
    auto const below_blank = (word - ones * 0x20) & ~word & highs;
    return (below_blank | has_zero(word ^ (ones * '"')) | has_zero(word ^ (ones * '\\'))) != 0;
}

bool any_needs_escape(std::string_view text) {
    for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        if (word_needs_escape(word)) return true;
    }
    return std::ranges::any_of(text, needs_escape);
}

}  // namespace

void json_writer::open(char bracket) {
    separate();
    out_.push_back(bracket);
    comma_ = false;
}

void json_writer::close(char bracket) {
    out_.push_back(bracket);
    comma_ = true;
}

void json_writer::separate() {
    if (comma_) out_.push_back(',');
    comma_ = true;
}

void json_writer::plain(std::string_view text) {
    separate();
    out_ += text;
}

void json_writer::quoted(std::string_view text) {
    auto const comma = std::size_t{comma_};
    append(out_, comma + text.size() + 2, [&](char* to) {
        *to = ',';  // written over when there is no comma
        to += comma;
        *to++ = '"';
        to += text.copy(to, text.size());
        *to = '"';
    });
    comma_ = true;
}

void json_writer::any_key(std::string_view name) {
    value(name);
    out_.push_back(':');
    comma_ = false;
}

void json_writer::value(std::string_view text) {
    if (!any_needs_escape(text)) return quoted(text);
    plain(boost::json::serialize(boost::json::string{text}));
}

void json_writer::value(std::int64_t number) {
    std::array<char, 20> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    plain({digits.data(), end});
}

void json_writer::value(timestamp at) {
    std::array<char, rfc3339_size> text{};
    write_rfc3339(at, text);
    quoted({text.data(), text.size()});
}

void json_writer::value(uuid_bytes const& identifier) {
    std::array<char, uuid_text_size> text{};
    write_uuid(identifier, text);
    quoted({text.data(), text.size()});
}

void json_writer::value(double number) {
    std::array<char, 32> digits{};
    auto const [end, failed] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    plain({digits.data(), failed == std::errc{} ? end : digits.data()});
}

void json_writer::value(attributes const& pairs) {
    begin_object();
    for (auto const& [name, text] : pairs) {
        any_key(name);
        value(std::string_view{text});
    }
    end_object();
}

}  // namespace parley::http
