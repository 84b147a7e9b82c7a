#include "adapters/sqlite/sqlite_version.hpp"

#include <sqlite3.h>

namespace parley::sqlite {

std::string_view library_version() { return sqlite3_libversion(); }

}  // namespace parley::sqlite
