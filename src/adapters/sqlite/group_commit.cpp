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

bool is_full(int code) { return (code & 0xff) == SQLITE_FULL; }

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
    switch (run_together(writes, changed)) {
        case attempt::committed:
        case attempt::refused:
            return changed;
        case attempt::broken:
            return writes.size() == 1 ? 0 : run_alone(writes);
        case attempt::full:
            // Room inside the log can be used again once its pages are in the database.
            static_cast<void>(sqlite3_wal_checkpoint_v2(db_->handle(), "main", SQLITE_CHECKPOINT_RESTART,
                                                        nullptr, nullptr));
            return run_alone(writes);
    }
    return 0;
}

group_commit::attempt group_commit::run_together(batch writes, std::size_t& changed) {
    changed = 0;
    if (auto const begun = begin(); !begun) {
        fail_all(writes, begun.error());
        note(&begun.error());
        return attempt::refused;
    }
    std::size_t wrote = 0;
    for (auto const& one : writes) {
        auto const before = db_->total_changes();
        one->run(*db_);
        bool const did_write = db_->total_changes() != before;
        // A refusal writes nothing; one that did is undone, as are its companions, and each gets its own
        // transaction.
        if (db_->failure() != 0 || (did_write && !one->succeeded())) {
            bool const full = is_full(db_->failure());
            roll_back();
            return full ? attempt::full : attempt::broken;
        }
        if (did_write) ++wrote;
    }
    auto const outcome = commit(writes, wrote);
    if (outcome == attempt::committed) changed = wrote;
    return outcome;
}

group_commit::attempt group_commit::commit(batch writes, std::size_t wrote) {
    auto const done = run_plain(*db_, statement::commit);
    if (!done || wrote > 0) note(done ? nullptr : &done.error());
    if (done) return attempt::committed;
    bool const full = is_full(db_->failure());
    roll_back();
    fail_all(writes, done.error());
    // After a failed write or sync nothing is tried twice: the commit may be in the log or not.
    return full ? attempt::full : attempt::refused;
}

std::size_t group_commit::run_alone(batch writes) {
    std::size_t committed = 0;
    int failures = 0;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        if (failures == most_failures_in_row) {
            fail_all(writes.subspan(i), to_error(SQLITE_IOERR, "not tried"));
            break;
        }
        std::size_t changed = 0;
        auto const outcome = run_together(writes.subspan(i, 1), changed);
        committed += changed;
        failures = outcome == attempt::refused ? failures + 1 : 0;
    }
    return committed;
}

void group_commit::note(error const* problem) {
    if (problem != nullptr && !failing_) {
        log::error("commits fail", {{"code", std::string_view{problem->code}},
                                    {"reason", std::string_view{problem->detail}}});
    } else if (problem == nullptr && failing_) {
        log::info("commits succeed again");
    }
    failing_ = problem != nullptr;
}

result<void> group_commit::begin() {
    db_->forget_failure();
    if (auto there = file_.check_in_place(); !there) return there;
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
