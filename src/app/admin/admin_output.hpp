// What `parley users …` and `parley keys …` print. A row of a table is one line, whatever names are in it.
// Thread safety: none.
#pragma once

#include "common/error.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace parley {

/// To be called before anything is opened: a file that got the number of a closed stream would receive what
/// is told. And from now on a reader that has gone is an error of print_out(), not the end of the process.
void hold_standard_streams();

/// To standard output, and through to whatever that is. Errors: unavailable (output_lost).
[[nodiscard]] result<void> print_out(std::string_view text);

/// To standard error, as far as it takes it.
void print_note(std::string_view text);

/// A field of an answer on one line; "-" when it has no value.
[[nodiscard]] std::string text_of(boost::json::object const& in, std::string_view name);

[[nodiscard]] std::string row_of_user(boost::json::object const& user);
[[nodiscard]] std::string row_of_key(boost::json::object const& key);

}  // namespace parley
