// What commands say on standard output and standard error. Thread safety: none.
#pragma once

#include "common/error.hpp"

#include <string_view>

namespace parley {

/// To be called before anything is opened: a file that got the number of a closed stream would receive what
/// is told. And from now on a reader that has gone is an error of print_out(), not the end of the process.
void hold_standard_streams();

/// To standard output, and through to whatever that is. Errors: unavailable (output_lost).
[[nodiscard]] result<void> print_out(std::string_view text);

/// The same for a command's last words: `code`, or exit_code::failed when they were lost, which standard
/// error tells.
[[nodiscard]] int end_with(std::string_view text, int code);

/// To standard error, as far as it takes it.
void print_note(std::string_view text);

}  // namespace parley
