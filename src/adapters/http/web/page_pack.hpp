// The chat page as one file, as web/tools/compress.js packs it: a line "NAME CODING LENGTH" for each content,
// all of a file one after the other, an empty line, and the contents in that order.
#pragma once

#include "adapters/http/web/static_file.hpp"

#include <string_view>
#include <vector>

namespace parley::http {

struct packed_file {
    std::string_view name;  // "index.html", "assets/index-1a2b.js"
    std::vector<representation> ways;
};

/// Views into `pack`. One that is not as it was made is a bug of the build and throws std::logic_error.
[[nodiscard]] std::vector<packed_file> read_pack(std::string_view pack);

}  // namespace parley::http
