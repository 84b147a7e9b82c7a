#include "adapters/sqlite/group_commit.hpp"

#include "adapters/sqlite/query.hpp"
#include "adapters/sqlite/sqlite_error.hpp"
#include "common/log.hpp"

#include <sqlite3.h>

namespace parley::sqlite {
namespace {

/// Of writes tried one by one on a disk that fails each: the rest need not wait for their turn to fail.
constexpr int most_failures_in_row = 3;

void fail_all(group_commit::batch writes, error const& why) {
    for (auto const& one : writes) one->fail(why);
}

result<void> run_plain(connection& db, statement which) {
    query one{db, which};
    return one.run();
}

}  // namespace

group_commit::group_commit(database_file const& file, std::unique_ptr<connection> first, int checkpoint_pages)
    : file_(file),
      log_(checkpoint_pages),
      db_(std::move(first)) {
    log_.watch(*db_);
}

std::size_t group_commit::run(batch writes) {
    std::size_t changed = 0;
    if (run_together(writes, changed) != attempt::broken) return changed;
    if (writes.size() == 1) return 0;
    return run_alone(writes);
}

group_commit::attempt group_commit::run_together(batch writes, std::size_t& changed) {
    if (auto const begun = begin(); !begun) {
        fail_all(writes, begun.error());
        return attempt::refused;
    }
    for (auto const& one : writes) {
        auto const before = db_->total_changes();
        one->run(*db_);
        bool const wrote = db_->total_changes() != before;
        // A refusal writes nothing; one that did is undone, as are its companions, and each gets its own
        // transaction.
        if (db_->failure() != 0 || (wrote && !one->succeeded())) {
            roll_back();
            changed = 0;
            return attempt::broken;
        }
        if (wrote) ++changed;
    }
    if (auto const done = run_plain(*db_, statement::commit); !done) {
        bool const full = (db_->failure() & 0xff) == SQLITE_FULL;
        roll_back();
        changed = 0;
        fail_all(writes, done.error());
        log::error("a commit failed", {{"reason", std::string_view{done.error().detail}},
                                       {"writes", static_cast<std::int64_t>(writes.size())}});
        // On a full disk a smaller transaction may still find room; after a failed write or sync nothing is
        // tried twice.
        return full ? attempt::broken : attempt::refused;
    }
    return attempt::committed;
}

std::size_t group_commit::run_alone(batch writes) {
    // Room inside the log is free again once its pages are in the database.
    static_cast<void>(
        sqlite3_wal_checkpoint_v2(db_->handle(), "main", SQLITE_CHECKPOINT_RESTART, nullptr, nullptr));
    std::size_t committed = 0;
    int failures = 0;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        if (failures == most_failures_in_row) {
            fail_all(writes.subspan(i), error{error_kind::unavailable,
                                              "store_unavailable",
                                              "The store can not be reached at the moment.",
                                              {},
                                              {}});
            break;
        }
        std::size_t changed = 0;
        auto const outcome = run_together(writes.subspan(i, 1), changed);
        committed += changed;
        failures = outcome == attempt::refused ? failures + 1 : 0;
    }
    return committed;
}

result<void> group_commit::begin() {
    db_->forget_failure();
    auto begun = run_plain(*db_, statement::begin_write);
    if (begun || !needs_reopening(db_->failure())) return begun;
    if (auto opened = reopen(); !opened) return opened;
    return run_plain(*db_, statement::begin_write);
}

void group_commit::roll_back() {
    // SQLite has rolled back by itself after some errors.
    if (!db_->in_transaction()) return;
    if (auto const done = run_plain(*db_, statement::rollback); !done || db_->in_transaction()) {
        static_cast<void>(reopen());
    }
}

result<void> group_commit::reopen() {
    auto opened = file_.open_writer();
    if (!opened) return std::unexpected(opened.error());
    db_ = std::move(*opened);
    log_.watch(*db_);
    log::warn("the writer's connection was opened anew");
    return {};
}

void group_commit::tend() { log_.tend(*db_); }

result<void> group_commit::finish() { return empty_write_ahead_log(*db_); }

}  // namespace parley::sqlite
