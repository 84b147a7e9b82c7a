// Which SQLite this program runs with.
#pragma once

#include <string_view>

namespace parley::sqlite {

/// "3.40.1", of the library that is loaded.
[[nodiscard]] std::string_view library_version();

}  // namespace parley::sqlite
