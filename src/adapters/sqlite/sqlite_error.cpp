#include "adapters/sqlite/sqlite_error.hpp"

#include <sqlite3.h>

#include <string_view>

namespace parley::sqlite {
namespace {

std::string describe(int code, std::string const& message) {
    return "sqlite " + std::to_string(code) + " (" + sqlite3_errstr(code) + "): " + message;
}

error make(error_kind kind, std::string_view code, std::string_view sentence, std::string detail) {
    return error{kind, std::string{code}, std::string{sentence}, {}, std::move(detail)};
}

}  // namespace

error to_error(int code, std::string const& message) {
    auto detail = describe(code, message);
    switch (code & 0xff) {
        case SQLITE_FULL:
            return make(error_kind::storage_full, "storage_full", "The server's disk is full.",
                        std::move(detail));
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_PROTOCOL:
        case SQLITE_NOMEM:
            return make(error_kind::unavailable, "store_unavailable",
                        "The store can not be reached at the moment.", std::move(detail));
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return make(error_kind::timed_out, "store_timeout", "The store did not answer in time.",
                        std::move(detail));
        default:
            return internal_error(std::move(detail)).error();
    }
}

bool needs_reopening(int code) {
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
        case SQLITE_TOOBIG:
            return false;
        default:
            return true;
    }
}

}  // namespace parley::sqlite
