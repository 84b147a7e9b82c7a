#include "adapters/sqlite/sqlite_store.hpp"

#include "adapters/sqlite/folder_lock.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/reader_pool.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/reception.hpp"
#include "adapters/sqlite/usage_rows.hpp"
#include "adapters/sqlite/writer.hpp"
#include "services/store_observation.hpp"

#include <string_view>

namespace parley {

using sqlite::connection;

// Members stand in the order in which they need each other.
struct sqlite_store::parts {
    parts(sqlite::folder_lock taken, store_config const& settings, metrics& statistics,
          sqlite_options const& options)
        : lock(std::move(taken)),
          seen(statistics),
          file(settings.path, options.vfs),
          readers(file) {}

    template <class Intention>
    task<result<typename Intention::value_type>> write(std::string_view operation, Intention intention) {
        store_observation const observe{seen, operation};
        auto outcome = co_await writing->submit(std::move(intention));
        co_return observe(std::move(outcome));
    }

    sqlite::folder_lock lock;
    metrics& seen;
    sqlite::database_file file;
    sqlite::reader_pool readers;
    std::unique_ptr<sqlite::writer> writing;
};

result<std::unique_ptr<sqlite_store>> open_sqlite_store(store_config const& settings, metrics& seen,
                                                        sqlite_options const& options) {
    auto lock = sqlite::folder_lock::take(settings.path);
    if (!lock) return std::unexpected(lock.error());
    auto owned = std::make_unique<sqlite_store::parts>(std::move(*lock), settings, seen, options);
    auto first = owned->file.prepare();
    if (!first) return std::unexpected(first.error());
    auto const receiving = sqlite::is_receiving(**first);
    if (!receiving) return std::unexpected(receiving.error());
    if (*receiving) return store_incomplete("The data folder " + settings.path.string());
    owned->writing = std::make_unique<sqlite::writer>(
        owned->file, std::move(*first), settings,
        sqlite::writer::limits{options.checkpoint_pages, options.longest_wait}, seen);
    return std::unique_ptr<sqlite_store>{new sqlite_store{std::move(owned)}};
}

sqlite_store::sqlite_store(std::unique_ptr<parts> owned) : parts_(std::move(owned)) {}
sqlite_store::~sqlite_store() { close(); }

void sqlite_store::close() {
    parts_->readers.close();
    parts_->writing->close();
}

task<result<void>> sqlite_store::create_interaction(interaction value) {
    return parts_->write("create_interaction", sqlite::create_interaction{std::move(value)});
}

task<result<interaction>> sqlite_store::get_interaction(user_id user, interaction_id id) {
    store_observation const seen{parts_->seen, "get_interaction"};
    co_return seen(parts_->readers.read([&](connection& db) -> result<interaction> {
        auto row = sqlite::find_interaction(db, user, id);
        if (!row) return std::unexpected(std::move(row.error()));
        return std::move(row->value);
    }));
}

task<result<page<interaction>>> sqlite_store::list_interactions(user_id user, interaction_query query) {
    store_observation const seen{parts_->seen, "list_interactions"};
    co_return seen(parts_->readers.read_consistently(
        [&](connection& db) { return sqlite::list_interactions(db, user, query); }));
}

task<result<interaction>> sqlite_store::update_interaction(user_id user, interaction_id id,
                                                           interaction_patch patch,
                                                           std::optional<std::int64_t> if_version,
                                                           timestamp now) {
    return parts_->write("update_interaction",
                         sqlite::update_interaction{user, id, std::move(patch), if_version, now});
}

task<result<void>> sqlite_store::delete_interaction(user_id user, interaction_id id,
                                                    std::optional<std::int64_t> if_version) {
    return parts_->write("delete_interaction", sqlite::delete_interaction{user, id, if_version});
}

task<result<std::size_t>> sqlite_store::delete_expired(timestamp now, std::size_t limit) {
    return parts_->write("delete_expired", sqlite::delete_expired{now, limit});
}

task<result<std::optional<interaction>>> sqlite_store::suggest_title(user_id user, interaction_id id,
                                                                     std::string title, timestamp now) {
    return parts_->write("suggest_title", sqlite::suggest_title{user, id, std::move(title), now});
}

task<result<message>> sqlite_store::add_message(message_addition addition) {
    return parts_->write("add_message", sqlite::add_message{std::move(addition)});
}

task<result<turn_start>> sqlite_store::begin_turn(turn_draft draft) {
    return parts_->write("begin_turn", sqlite::begin_turn{std::move(draft)});
}

task<result<std::optional<turn_start>>> sqlite_store::next_turn(user_id user, interaction_id id,
                                                                process_id owner, timestamp now) {
    return parts_->write("next_turn", sqlite::next_turn{user, id, owner, now});
}

task<result<std::vector<message>>> sqlite_store::withdraw_turns(user_id user, interaction_id id,
                                                                std::optional<message_id> only,
                                                                timestamp now) {
    return parts_->write("withdraw_turns", sqlite::withdraw_turns{user, id, only, now});
}

task<result<std::vector<waiting_interaction>>> sqlite_store::waiting_interactions(std::size_t limit) {
    store_observation const seen{parts_->seen, "waiting_interactions"};
    co_return seen(
        parts_->readers.read([&](connection& db) { return sqlite::waiting_interactions(db, limit); }));
}

task<result<void>> sqlite_store::checkpoint(turn_lease lease, std::string content) {
    return parts_->write("checkpoint", sqlite::checkpoint{lease, std::move(content)});
}

task<result<turn_end>> sqlite_store::finish_turn(turn_lease lease, turn_outcome outcome) {
    return parts_->write("finish_turn", sqlite::finish_turn{lease, std::move(outcome)});
}

task<result<std::vector<active_turn>>> sqlite_store::active_turns(std::size_t limit) {
    store_observation const seen{parts_->seen, "active_turns"};
    co_return seen(parts_->readers.read([&](connection& db) { return sqlite::active_turns(db, limit); }));
}

task<result<std::optional<message>>> sqlite_store::expire_turn(active_turn left, timestamp now) {
    return parts_->write("expire_turn", sqlite::expire_turn{left, now});
}

task<result<message>> sqlite_store::get_message(user_id user, interaction_id interaction, message_id id) {
    store_observation const seen{parts_->seen, "get_message"};
    co_return seen(parts_->readers.read_consistently(
        [&](connection& db) { return sqlite::get_message(db, user, interaction, id); }));
}

task<result<message>> sqlite_store::get_sibling(user_id user, interaction_id interaction, message_id id,
                                                std::int64_t index) {
    store_observation const seen{parts_->seen, "get_sibling"};
    co_return seen(parts_->readers.read_consistently(
        [&](connection& db) { return sqlite::get_sibling(db, user, interaction, id, index); }));
}

task<result<message_page>> sqlite_store::page_of_branch(user_id user, interaction_id id,
                                                        message_query query) {
    store_observation const seen{parts_->seen, "page_of_branch"};
    co_return seen(parts_->readers.read_consistently(
        [&](connection& db) { return sqlite::page_of_branch(db, user, id, query); }));
}

task<result<void>> sqlite_store::ping() {
    store_observation const seen{parts_->seen, "ping"};
    auto readable = parts_->readers.read([](connection& db) { return sqlite::probe{}.run(db); });
    if (!readable) co_return seen(std::move(readable));
    auto writable = co_await parts_->writing->submit(sqlite::probe{parts_->writing->failing()});
    co_return seen(std::move(writable));
}

task<result<user>> sqlite_store::local_user(timestamp now) {
    store_observation const seen{parts_->seen, "local_user"};
    auto known = parts_->readers.read([](connection& db) { return sqlite::find_local_user(db); });
    if (!known) co_return seen(result<user>{std::unexpected(known.error())});
    if (*known) co_return seen(result<user>{std::move(**known)});
    sqlite::make_local_user wish{{user_id::make(), {}, {}, now, true, {}}};
    auto made = co_await parts_->writing->submit(std::move(wish));
    co_return seen(std::move(made));
}

task<result<user>> sqlite_store::external_user(external_identity name, user fresh) {
    store_observation const seen{parts_->seen, "external_user"};
    auto known = parts_->readers.read([&](connection& db) { return sqlite::find_external_user(db, name); });
    if (!known) co_return seen(result<user>{std::unexpected(known.error())});
    if (*known) co_return seen(result<user>{std::move(**known)});
    sqlite::make_external_user wish{std::move(name), std::move(fresh)};
    auto made = co_await parts_->writing->submit(std::move(wish));
    co_return seen(std::move(made));
}

task<result<void>> sqlite_store::create_user(user value) {
    return parts_->write("create_user", sqlite::create_user{std::move(value)});
}

task<result<user>> sqlite_store::get_user(user_id id) {
    store_observation const seen{parts_->seen, "get_user"};
    co_return seen(parts_->readers.read([&](connection& db) -> result<user> {
        auto found = sqlite::find_user(db, id);
        if (!found) return std::unexpected(found.error());
        if (!*found) return user_not_found();
        return std::move(**found);
    }));
}

task<result<user>> sqlite_store::update_user(user_id id, user_patch patch) {
    return parts_->write("update_user", sqlite::update_user{id, std::move(patch)});
}

task<result<page<user>>> sqlite_store::list_users(page_query<user_id> query) {
    store_observation const seen{parts_->seen, "list_users"};
    co_return seen(
        parts_->readers.read_consistently([&](connection& db) { return sqlite::list_users(db, query); }));
}

task<result<void>> sqlite_store::delete_user(user_id id, timestamp now) {
    return parts_->write("delete_user", sqlite::delete_user{id, now});
}

task<result<std::size_t>> sqlite_store::purge_users(std::size_t limit, timestamp forget) {
    return parts_->write("purge_users", sqlite::purge_users{limit, forget});
}

task<result<void>> sqlite_store::create_key(api_key value) {
    return parts_->write("create_key", sqlite::create_key{std::move(value)});
}

task<result<std::optional<held_key>>> sqlite_store::find_key(sha256_digest hash) {
    store_observation const seen{parts_->seen, "find_key"};
    co_return seen(parts_->readers.read([&](connection& db) { return sqlite::find_key(db, hash); }));
}

task<result<std::vector<api_key>>> sqlite_store::list_keys(user_id id) {
    store_observation const seen{parts_->seen, "list_keys"};
    co_return seen(parts_->readers.read_consistently([&](connection& db) -> result<std::vector<api_key>> {
        auto const owner = sqlite::find_user(db, id);
        if (!owner) return std::unexpected(owner.error());
        if (!*owner) return user_not_found();
        return sqlite::keys_of_user(db, id);
    }));
}

task<result<void>> sqlite_store::delete_key(user_id id, key_id key) {
    return parts_->write("delete_key", sqlite::delete_key{id, key});
}

task<result<void>> sqlite_store::key_used(key_id key, timestamp at) {
    return parts_->write("key_used", sqlite::use_key{key, at});
}

task<result<remembered_request>> sqlite_store::remember(remembered_request wanted) {
    return parts_->write("remember_request", sqlite::remember_request{std::move(wanted)});
}

task<result<void>> sqlite_store::forget(remembered_request refused) {
    return parts_->write("forget_request", sqlite::forget_request{std::move(refused)});
}

task<result<std::size_t>> sqlite_store::sweep(timestamp before, std::size_t limit) {
    return parts_->write("sweep_requests", sqlite::sweep_requests{before, limit});
}

task<result<void>> sqlite_store::add_usage(usage_entry entry) {
    return parts_->write("add_usage", sqlite::add_usage{std::move(entry)});
}

task<result<std::vector<usage_day>>> sqlite_store::usage_by_day(user_id user, std::chrono::sys_days first,
                                                                std::chrono::sys_days last) {
    store_observation const seen{parts_->seen, "usage_by_day"};
    co_return seen(
        parts_->readers.read([&](connection& db) { return sqlite::usage_by_day(db, user, first, last); }));
}

}  // namespace parley
