// Read-only connections. A read runs on its caller's event loop and borrows one for as long as it takes, so
// there are never more of them than threads that read at once. Thread safety: all functions from any thread.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/database_file.hpp"
#include "adapters/sqlite/query.hpp"
#include "adapters/sqlite/sqlite_error.hpp"
#include "services/store_errors.hpp"

#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

namespace parley::sqlite {

class reader_pool {
public:
    explicit reader_pool(database_file const& file) : file_(file) {}

    /// `work(connection&)` gives a result<T>. It sees every write acknowledged before the call.
    template <class Work>
    [[nodiscard]] std::invoke_result_t<Work const&, connection&> read(Work const& work) {
        auto db = borrow();
        if (!db) return std::unexpected(db.error());
        auto outcome = work(**db);
        give_back(std::move(*db));
        return outcome;
    }

    /// The same with one state of the database for all statements of `work`.
    template <class Work>
    [[nodiscard]] std::invoke_result_t<Work const&, connection&> read_consistently(Work const& work) {
        return read([&work](connection& db) -> std::invoke_result_t<Work const&, connection&> {
            query begin{db, statement::begin_read};
            if (auto const done = begin.run(); !done) return std::unexpected(done.error());
            auto outcome = work(db);
            query end{db, statement::commit};
            static_cast<void>(
                end.run());  // nothing was written; a connection that fails here is not used again
            return outcome;
        });
    }

    /// No read may be running or come later.
    void close();

private:
    [[nodiscard]] result<std::unique_ptr<connection>> borrow();
    void give_back(std::unique_ptr<connection> db);

    database_file const& file_;
    std::mutex guard_;
    std::vector<std::unique_ptr<connection>> free_;  // guarded; the one used last comes first
    bool closed_ = false;                            // guarded
};

}  // namespace parley::sqlite
