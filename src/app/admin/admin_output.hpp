// What `parley users …` and `parley keys …` print. A row of a table is one line, whatever names are in it.
// Thread safety: none.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace parley {

/// A field of an answer on one line; "-" when it has no value.
[[nodiscard]] std::string text_of(boost::json::object const& in, std::string_view name);

[[nodiscard]] std::string row_of_user(boost::json::object const& user);
[[nodiscard]] std::string row_of_key(boost::json::object const& key);

}  // namespace parley
