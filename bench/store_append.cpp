// Durable appends to the SQLite store, two ways:
//   store_append loop FOLDER BATCH MESSAGES    the rival: one thread, SQLite's C interface, the store's own
//   schema and
//                                              prepared statements, BATCH messages in each transaction
//   store_append port FOLDER CLIENTS MESSAGES  the store itself: CLIENTS coroutines on two event loops, each
//   with its own
//                                              interaction and one message under way
// Both write 64 interactions with WAL and synchronous=FULL and print messages per second and per commit.
// FOLDER must be empty or absent. Messages are 150 bytes.
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/sqlite/statements.hpp"
#include "services/clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace parley;

constexpr std::size_t interactions = 64;
constexpr std::size_t message_bytes = 150;

[[noreturn]] void give_up(std::string const& why) {
    std::fprintf(stderr, "store_append: %s\n", why.c_str());
    std::exit(1);
}

void require(bool holds, std::string const& why) {
    if (!holds) give_up(why);
}

class commit_counter final : public no_metrics {
public:
    void store_commit(std::size_t writes, std::chrono::nanoseconds) override {
        writes_ += writes;
        ++commits_;
    }

    void reset() { writes_ = commits_ = 0; }
    [[nodiscard]] double mean() const {
        return static_cast<double>(writes_) / static_cast<double>(commits_ == 0 ? 1 : commits_.load());
    }

private:
    std::atomic<std::size_t> writes_ = 0;
    std::atomic<std::size_t> commits_ = 0;
};

class stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    }

private:
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

void report(std::size_t messages, double seconds, double per_commit) {
    std::printf("%.0f messages/s, %.1f messages per commit\n", static_cast<double>(messages) / seconds,
                per_commit);
}

timestamp now() { return system_clock{}.now(); }

task<void> make_interactions(conversation_store& store, std::vector<interaction>& made) {
    for (auto& one : made) {
        one = *make_interaction(user_id::make(), {}, now());
        auto const done = co_await store.create_interaction(one);
        require(done.has_value(), "an interaction could not be stored");
    }
}

task<void> append_all(conversation_store& store, interaction const& in, std::atomic<std::int64_t>& left) {
    std::string const text(message_bytes, 'x');
    while (left.fetch_sub(1) > 0) {
        message_draft draft{message_role::user, text, {}};
        auto const stored = co_await store.append_message(in.user_id, in.interaction_id, message_id::make(),
                                                          std::move(draft), now());
        require(stored.has_value(), "a message could not be stored");
    }
}

std::unique_ptr<sqlite_store> open_store(std::string const& folder, metrics& seen,
                                         std::vector<interaction>& made) {
    store_config settings;
    settings.path = folder;
    auto opened = open_sqlite_store(settings, seen);
    if (!opened) give_up(opened.error().message);
    boost::asio::io_context loop{1};
    made.resize(interactions);
    boost::asio::co_spawn(loop, make_interactions(**opened, made), boost::asio::detached);
    loop.run();
    return std::move(*opened);
}

int run_port(std::string const& folder, std::size_t clients, std::size_t messages) {
    commit_counter seen;
    std::vector<interaction> made;
    auto const store = open_store(folder, seen, made);
    seen.reset();
    std::atomic<std::int64_t> left = static_cast<std::int64_t>(messages);
    boost::asio::io_context loops[2]{boost::asio::io_context{1}, boost::asio::io_context{1}};
    for (std::size_t i = 0; i < clients; ++i) {
        boost::asio::co_spawn(loops[i % 2], append_all(*store, made[i % made.size()], left),
                              boost::asio::detached);
    }
    stopwatch const watch;
    std::thread other{[&] { loops[1].run(); }};
    loops[0].run();
    other.join();
    report(messages, watch.seconds(), seen.mean());
    store->close();
    return 0;
}

/// One prepared statement with the parameters of one use, in C's manner.
sqlite3_stmt* prepare(sqlite3* db, sqlite::statement which) {
    sqlite3_stmt* out = nullptr;
    auto const& sql = sqlite::sql_of(which);
    require(sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &out, nullptr) == SQLITE_OK,
            sqlite3_errmsg(db));
    return out;
}

void run_once(sqlite3* db, sqlite3_stmt* statement) {
    require(sqlite3_step(statement) == SQLITE_DONE, sqlite3_errmsg(db));
    sqlite3_reset(statement);
}

int run_loop(std::string const& folder, std::size_t batch, std::size_t messages) {
    commit_counter seen;
    std::vector<interaction> made;
    open_store(folder, seen, made)->close();

    sqlite3* db = nullptr;
    auto const file = folder + "/parley.db";
    require(
        sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) == SQLITE_OK,
        file);
    auto const pragmas =
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -4096;"
        "PRAGMA wal_autocheckpoint = " +
        std::to_string(sqlite_options{}.checkpoint_pages);
    require(sqlite3_exec(db, pragmas.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK, "pragmas");
    auto* const begin = prepare(db, sqlite::statement::begin_write);
    auto* const commit = prepare(db, sqlite::statement::commit);
    auto* const find = prepare(db, sqlite::statement::find_state);
    auto* const insert = prepare(db, sqlite::statement::insert_message);
    auto* const advance = prepare(db, sqlite::statement::advance_interaction);
    std::string const text(message_bytes, 'x');

    stopwatch const watch;
    for (std::size_t done = 0; done < messages;) {
        run_once(db, begin);
        for (std::size_t i = 0; i < batch && done < messages; ++i, ++done) {
            auto const& in = made[done % made.size()];
            auto const id = new_uuid();
            auto const at = to_unix_ms(now());
            sqlite3_bind_blob(find, 1, in.interaction_id.value.data(), 16, SQLITE_STATIC);
            require(sqlite3_step(find) == SQLITE_ROW, "the interaction is not there");
            auto const key = sqlite3_column_int64(find, 0);
            auto const count = sqlite3_column_int64(find, 4) + 1;
            auto const seq = sqlite3_column_int64(find, 5) + 1;
            auto const* const head = sqlite3_column_blob(find, 9);
            sqlite3_bind_int64(insert, 1, sqlite::message_key(key, seq));
            sqlite3_bind_blob(insert, 2, id.data(), 16, SQLITE_STATIC);
            if (head == nullptr) {
                sqlite3_bind_null(insert, 3);
            } else {
                sqlite3_bind_blob(insert, 3, head, 16, SQLITE_TRANSIENT);
            }
            sqlite3_reset(find);
            sqlite3_bind_int64(insert, 5, at);
            for (int zero : {6, 7, 8}) sqlite3_bind_int64(insert, zero, 0);
            sqlite3_bind_text(insert, 13, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
            run_once(db, insert);
            sqlite3_bind_int64(advance, 1, key);
            sqlite3_bind_int64(advance, 2, at);
            sqlite3_bind_int64(advance, 3, at);
            sqlite3_bind_int64(advance, 4, count);
            sqlite3_bind_int64(advance, 5, seq);
            sqlite3_bind_blob(advance, 6, id.data(), 16, SQLITE_STATIC);
            sqlite3_bind_int64(advance, 7, seq);
            run_once(db, advance);
        }
        run_once(db, commit);
    }
    report(messages, watch.seconds(), static_cast<double>(batch));
    for (auto* const one : {begin, commit, find, insert, advance}) sqlite3_finalize(one);
    sqlite3_close(db);
    return 0;
}

}  // namespace

int main(int count, char** values) {
    std::vector<std::string> const arguments(values, values + count);
    auto const way = count == 5 ? arguments[1] : std::string{};
    if (way != "loop" && way != "port")
        give_up("usage: store_append loop|port FOLDER BATCH|CLIENTS MESSAGES");
    auto const width = std::stoul(arguments[3]);
    auto const messages = std::stoul(arguments[4]);
    require(width > 0 && messages > 0, "the numbers must be above 0");
    return way == "port" ? run_port(arguments[2], width, messages) : run_loop(arguments[2], width, messages);
}
