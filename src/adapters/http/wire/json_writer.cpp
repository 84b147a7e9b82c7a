#include "adapters/http/wire/json_writer.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace parley::http {
namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

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
    separate();
    out_.push_back('"');
    out_ += text;
    out_.push_back('"');
}

void json_writer::key(std::string_view name) {
    quoted(name);
    out_.push_back(':');
    comma_ = false;
}

void json_writer::value(std::string_view text) {
    if (std::ranges::none_of(text, needs_escape)) return quoted(text);
    plain(boost::json::serialize(boost::json::string{text}));
}

void json_writer::value(double number) {
    std::array<char, 32> digits{};
    auto const [end, failed] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    plain({digits.data(), failed == std::errc{} ? end : digits.data()});
}

void json_writer::value(attributes const& pairs) {
    begin_object();
    for (auto const& [name, text] : pairs) {
        value(std::string_view{name});
        out_.push_back(':');
        comma_ = false;
        value(std::string_view{text});
    }
    end_object();
}

}  // namespace parley::http
