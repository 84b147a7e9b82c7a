// One use of a prepared statement: bind, step, read; it is reset when it goes, which also ends its read
// transaction. Thread safety: none, as its connection.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "common/error.hpp"
#include "common/id.hpp"
#include "common/sha256.hpp"
#include "common/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::sqlite {

class query {
public:
    query(connection& db, statement which);
    ~query();
    query(query const&) = delete;
    query& operator=(query const&) = delete;

    /// Values are bound to ?1, ?2, … in the order of the calls. Text and ids are not copied: they must stay
    /// until the last step (hence no temporaries).
    query& bind(std::int64_t value);
    query& bind(bool value) { return bind(std::int64_t{value}); }
    query& bind(timestamp value) { return bind(to_unix_ms(value)); }
    query& bind(double value);
    query& bind_text(std::string_view value);
    query& bind(std::string const& value) { return bind_text(value); }
    query& bind(std::string&&) = delete;
    query& bind(char const*) = delete;
    query& bind_blob(uuid_bytes const& value);
    query& bind_blob(uuid_bytes&&) = delete;
    query& bind_blob(sha256_digest const& value);
    query& bind_blob(sha256_digest&&) = delete;
    template <class Tag>
    query& bind(id<Tag> const& value) {
        return bind_blob(value.value);
    }
    template <class Tag>
    query& bind(id<Tag>&&) = delete;
    query& bind_null();
    template <class T>
    query& bind(std::optional<T> const& value) {
        return value ? bind(*value) : bind_null();
    }
    template <class T>
    query& bind(std::optional<T>&&) = delete;

    /// True: there is a row to read. False: it is done. Errors: as to_error.
    [[nodiscard]] result<bool> step();

    /// For statements that give no rows.
    [[nodiscard]] result<void> run();

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] timestamp time(int column) const { return from_unix_ms(number(column)); }
    /// Valid until the next step.
    [[nodiscard]] std::string_view text(int column) const;
    /// Nil when the column does not hold 16 bytes.
    [[nodiscard]] uuid_bytes uuid(int column) const;
    /// Zeros when the column does not hold 32 bytes.
    [[nodiscard]] sha256_digest digest(int column) const;
    template <class Id>
    [[nodiscard]] Id id_at(int column) const {
        return Id{uuid(column)};
    }

private:
    void check(int code);
    query& bind_bytes(std::uint8_t const* bytes, std::size_t size);

    connection& db_;
    sqlite3_stmt* statement_ = nullptr;
    int next_ = 1;
    std::optional<error> broken_;  // of preparing or binding; told by step()
};

}  // namespace parley::sqlite
