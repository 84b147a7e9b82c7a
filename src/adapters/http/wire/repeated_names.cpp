#include "adapters/http/wire/repeated_names.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace parley::http {
namespace {

namespace json = boost::json;

/// Boost.JSON's parser calls these; only objects and names matter here.
class name_collector {
public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] bool found() const { return found_; }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t, json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return objects_.emplace_back(), true; }
    bool on_object_end(std::size_t, json::error_code&) {
        auto& names = objects_.back();
        std::ranges::sort(names);
        found_ = found_ || std::ranges::adjacent_find(names) != names.end();
        objects_.pop_back();
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return name_ += part, true; }
    bool on_key(json::string_view part, std::size_t, json::error_code&) {
        name_ += part;
        objects_.back().push_back(std::move(name_));
        name_.clear();
        return true;
    }
    bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
    bool on_double(double, json::string_view, json::error_code&) { return true; }
    bool on_bool(bool, json::error_code&) { return true; }
    bool on_null(json::error_code&) { return true; }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    std::vector<std::vector<std::string>> objects_;
    std::string name_;
    bool found_ = false;
};

}  // namespace

bool names_repeat(std::string_view text) {
    json::basic_parser<name_collector> parser{json::parse_options{}};
    json::error_code failed;
    parser.write_some(false, text.data(), text.size(), failed);
    return parser.handler().found();
}

}  // namespace parley::http
