#include "adapters/sqlite/sqlite_archive.hpp"

#include "adapters/sqlite/archive.hpp"
#include "adapters/sqlite/database_file.hpp"
#include "adapters/sqlite/folder_lock.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/reception.hpp"
#include "adapters/sqlite/usage_rows.hpp"
#include "adapters/sqlite/write_ahead_log.hpp"
#include "services/store_errors.hpp"

#include <system_error>
#include <utility>

namespace parley {
namespace {

using sqlite::connection;

constexpr int checkpoint_pages = 4096;
constexpr std::size_t purge_step = 100;  // interactions

class sqlite_archive final : public store_archive {
public:
    sqlite_archive(sqlite::folder_lock lock, std::string name, std::unique_ptr<connection> db)
        : lock_(std::move(lock)),
          name_(std::move(name)),
          db_(std::move(db)) {
        log_.watch(*db_);
    }
    sqlite_archive(sqlite_archive const&) = delete;
    sqlite_archive& operator=(sqlite_archive const&) = delete;
    /// Should it fail, the next start does it.
    ~sqlite_archive() override { static_cast<void>(sqlite::empty_write_ahead_log(*db_)); }

    result<std::vector<user_record>> users_after(user_id last) override {
        return sqlite::users_after(*db_, last);
    }
    result<std::vector<conversation_part>> conversations_after(archive_position last) override {
        return sqlite::conversations_after(*db_, last);
    }
    result<std::vector<usage_record>> usage_after(std::optional<usage_key> last) override {
        return sqlite::usage_after(*db_, last);
    }
    result<archive_counts> count() override { return sqlite::count_all(*db_); }

    result<std::vector<active_turn>> active_turns(std::size_t limit) override {
        return sqlite::active_turns(*db_, limit);
    }
    result<void> end_turn(active_turn seen, timestamp now) override {
        return write([&]() -> result<void> {
            auto const ended = sqlite::expire_turn{seen, now}.run(*db_);
            if (!ended) return std::unexpected(ended.error());
            return {};
        });
    }

    result<reception> receive_from(std::string const& source) override {
        auto const receiving = sqlite::is_receiving(*db_);
        if (!receiving) return std::unexpected(receiving.error());
        if (*receiving) {
            auto const same = sqlite::is_receiving_from(*db_, source);
            if (!same) return std::unexpected(same.error());
            if (!*same) return store_not_empty(name_);
            return reception::resumed;
        }
        auto const held = count();
        if (!held) return std::unexpected(held.error());
        auto const used = usage_after({});
        if (!used) return std::unexpected(used.error());
        auto const deleted = db_->number("SELECT count(*) FROM deleted_users");
        if (!deleted) return std::unexpected(deleted.error());
        if (*held != archive_counts{} || !used->empty() || *deleted > 0) return store_not_empty(name_);
        if (auto const done = sqlite::begin_reception(*db_, source); !done) {
            return std::unexpected(done.error());
        }
        return reception::fresh;
    }
    result<void> put_users(std::span<user_record const> values) override {
        return write_all(values, sqlite::put_user);
    }
    result<void> put_conversations(std::span<conversation_part const> parts) override {
        return write_all(parts, sqlite::put_part);
    }
    result<void> put_usage(std::span<usage_record const> values) override {
        return write_all(values, sqlite::put_usage);
    }
    result<void> remove_users(std::span<user_id const> ids) override {
        return write_all(ids, sqlite::remove_user);
    }
    result<void> remove_conversations(std::span<interaction_id const> ids) override {
        return write_all(ids, sqlite::remove_conversation);
    }
    result<void> end_reception() override { return sqlite::end_reception(*db_); }

    /// What deleted users left. They are not forgotten by that.
    result<void> purge() {
        for (bool more = true; more;) {
            auto done = write([&]() -> result<void> {
                auto const purged = sqlite::purge_users{purge_step, earliest_timestamp}.run(*db_);
                if (!purged) return std::unexpected(purged.error());
                more = *purged > 0;
                return {};
            });
            if (!done) return done;
        }
        return {};
    }

private:
    template <class Work>
    result<void> write(Work const& work) {
        if (auto done = db_->execute("BEGIN IMMEDIATE"); !done) return done;
        auto done = work();
        if (done) done = db_->execute("COMMIT");
        if (!done && db_->in_transaction()) static_cast<void>(db_->execute("ROLLBACK"));
        if (done) log_.tend(*db_);
        return done;
    }

    template <class Value>
    result<void> write_all(std::span<Value const> values, result<void> (*put)(connection&, Value const&)) {
        return write([&]() -> result<void> {
            for (auto const& one : values) {
                if (auto done = put(*db_, one); !done) return done;
            }
            return {};
        });
    }

    sqlite::folder_lock lock_;
    std::string name_;
    sqlite::log_keeper log_{checkpoint_pages};
    std::unique_ptr<connection> db_;
};

}  // namespace

result<std::unique_ptr<store_archive>> open_sqlite_archive(store_config const& settings, bool to_fill) {
    auto const name = "The data folder " + settings.path.string();
    std::error_code failed;
    if (!to_fill && !std::filesystem::exists(settings.path / "parley.db", failed)) return store_absent(name);
    auto lock = sqlite::folder_lock::take(settings.path);
    if (!lock) return std::unexpected(lock.error());
    auto db = sqlite::database_file{settings.path, {}}.prepare();
    if (!db) return std::unexpected(db.error());
    auto const receiving = sqlite::is_receiving(**db);
    if (!receiving) return std::unexpected(receiving.error());
    if (*receiving && !to_fill) return store_incomplete(name);
    auto opened = std::make_unique<sqlite_archive>(std::move(*lock), name, std::move(*db));
    if (to_fill) return opened;
    if (auto const done = opened->purge(); !done) return std::unexpected(done.error());
    return opened;
}

}  // namespace parley
