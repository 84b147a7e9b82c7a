#include "adapters/sqlite/query.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace parley::sqlite {
namespace {

template <class Bytes>
Bytes bytes_at(sqlite3_stmt* row, int column) {
    Bytes out{};
    auto const* const bytes = static_cast<std::uint8_t const*>(sqlite3_column_blob(row, column));
    if (bytes != nullptr && sqlite3_column_bytes(row, column) == static_cast<int>(out.size())) {
        std::copy_n(bytes, out.size(), out.begin());
    }
    return out;
}

}  // namespace

query::query(connection& db, statement which) : db_(db) {
    auto prepared = db.prepared(which);
    if (prepared) {
        statement_ = *prepared;
    } else {
        broken_ = std::move(prepared.error());
    }
}

query::~query() {
    if (statement_ != nullptr) sqlite3_reset(statement_);
}

void query::check(int code) {
    if (code != SQLITE_OK && !broken_) broken_ = db_.failed(code);
}

query& query::bind(std::int64_t value) {
    if (statement_ != nullptr) check(sqlite3_bind_int64(statement_, next_++, value));
    return *this;
}

query& query::bind(double value) {
    if (statement_ != nullptr) check(sqlite3_bind_double(statement_, next_++, value));
    return *this;
}

query& query::bind_text(std::string_view value) {
    // A null pointer would bind NULL.
    auto const* const begin = value.data() == nullptr ? "" : value.data();
    if (statement_ != nullptr) {
        check(sqlite3_bind_text64(statement_, next_++, begin, value.size(), SQLITE_STATIC, SQLITE_UTF8));
    }
    return *this;
}

query& query::bind_bytes(std::uint8_t const* bytes, std::size_t size) {
    if (statement_ != nullptr) {
        check(sqlite3_bind_blob(statement_, next_++, bytes, static_cast<int>(size), SQLITE_STATIC));
    }
    return *this;
}

query& query::bind_blob(uuid_bytes const& value) { return bind_bytes(value.data(), value.size()); }
query& query::bind_blob(sha256_digest const& value) { return bind_bytes(value.data(), value.size()); }

query& query::bind_null() {
    if (statement_ != nullptr) check(sqlite3_bind_null(statement_, next_++));
    return *this;
}

result<bool> query::step() {
    if (broken_) return std::unexpected(*broken_);
    int const code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return std::unexpected(db_.failed(code));
}

result<void> query::run() {
    auto const stepped = step();
    if (!stepped) return std::unexpected(stepped.error());
    return {};
}

bool query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t query::number(int column) const { return sqlite3_column_int64(statement_, column); }
double query::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view query::text(int column) const {
    auto const* const bytes = reinterpret_cast<char const*>(sqlite3_column_text(statement_, column));
    return bytes == nullptr
               ? std::string_view{}
               : std::string_view{bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

uuid_bytes query::uuid(int column) const { return bytes_at<uuid_bytes>(statement_, column); }
sha256_digest query::digest(int column) const { return bytes_at<sha256_digest>(statement_, column); }

}  // namespace parley::sqlite
