#include "adapters/mongo/mongo_store.hpp"

#include "adapters/mongo/driver.hpp"
#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/reception.hpp"
#include "adapters/mongo/start_up.hpp"
#include "adapters/mongo/sweeper.hpp"
#include "common/blocking_pool.hpp"
#include "services/store_errors.hpp"
#include "services/store_observation.hpp"

#include <atomic>

namespace parley {
namespace {

using steady = std::chrono::steady_clock;

constexpr int most_attempts = 3;

blocking_pool::settings pool_settings(store_config const& settings, mongo_options const& options) {
    return {
        .name = "store",
        .threads = settings.pool_size,
        .queue = options.queue,
        .longest_wait = options.longest_wait,
        .full = {error_kind::overloaded, "store_busy", "The store has too much to do at the moment.", {}, {}},
        .late = {error_kind::timed_out, "store_timeout", "The store did not answer in time.", {}, {}},
        .closed = store_closed().error()};
}

template <class Intention>
using outcome_of = decltype(std::declval<Intention&>().run(std::declval<mongo::session&>()));

/// Runs an intention, and again when the connection broke: the answer may have been lost, and every intention
/// may be repeated. Only as long as a further attempt can end within the deadline.
template <class Intention>
class repeating {
public:
    repeating(mongo::driver& through, Intention intention, std::chrono::milliseconds patience)
        : through_(through),
          intention_(std::move(intention)),
          until_(steady::now() + patience) {}

    outcome_of<Intention> operator()() {
        for (int attempt = 1;; ++attempt) {
            auto db = through_.borrow();
            auto outcome = intention_.run(db);
            bool const broken = !outcome && outcome.error().kind == error_kind::unavailable;
            if (!broken || attempt == most_attempts || steady::now() >= until_) return outcome;
        }
    }

private:
    mongo::driver& through_;
    Intention intention_;
    steady::time_point until_;
};

/// Errors: store_incomplete.
result<void> check_complete(mongo::driver& through) {
    auto db = through.borrow();
    auto const received = mongo::received_source(db);
    if (!received) return std::unexpected(received.error());
    if (*received) return store_incomplete("The database \"" + through.database() + "\"");
    return {};
}

}  // namespace

// Members stand in the order in which they need each other.
struct mongo_store::parts {
    parts(std::unique_ptr<mongo::driver> opened, store_config const& settings, metrics& statistics,
          mongo_options const& options)
        : seen(statistics),
          through(std::move(opened)),
          pool(pool_settings(settings, options)),
          patience(options.longest_wait - options.select - options.answer),
          keep_deleted(options.keep_deleted),
          sweeping(std::make_unique<mongo::sweeper>(*through, options.sweep_every, options.keep_deleted)) {}

    /// Writes of one interaction stand in a lane, so that those of this process need not compete.
    template <class Intention>
    task<outcome_of<Intention>> run(std::string_view operation, Intention intention,
                                    std::optional<interaction_id> lane = {}) {
        store_observation const observe{seen, operation};
        auto const in_lane = lane ? std::optional{id_hash{}(*lane)} : std::nullopt;
        repeating<Intention> work{*through, std::move(intention), patience};
        auto outcome = co_await pool.run(std::move(work), in_lane);
        co_return observe(std::move(outcome));
    }

    metrics& seen;
    std::unique_ptr<mongo::driver> through;
    blocking_pool pool;
    std::chrono::milliseconds patience;
    std::chrono::milliseconds keep_deleted;
    std::unique_ptr<mongo::sweeper> sweeping;
};

result<std::unique_ptr<mongo_store>> open_mongo_store(store_config const& settings, metrics& seen,
                                                      mongo_options const& options) {
    auto opened = mongo::driver::open(settings, {options.select, options.answer}, options.on_command);
    if (!opened) return std::unexpected(opened.error());
    auto slowly = mongo::driver::open(settings, {options.select, options.prepare}, options.on_command);
    if (!slowly) return std::unexpected(slowly.error());
    auto const begun = mongo::start_up(**opened, **slowly, options.start_patience);
    if (!begun) return std::unexpected(begun.error());
    if (auto const complete = check_complete(**opened); !complete) return std::unexpected(complete.error());
    auto owned = std::make_unique<mongo_store::parts>(std::move(*opened), settings, seen, options);
    return std::unique_ptr<mongo_store>{new mongo_store{std::move(owned)}};
}

mongo_store::mongo_store(std::unique_ptr<parts> owned) : parts_(std::move(owned)) {}
mongo_store::~mongo_store() { close(); }

void mongo_store::close() {
    parts_->sweeping.reset();
    parts_->pool.close();
}

task<result<void>> mongo_store::create_interaction(interaction value) {
    auto const lane = value.interaction_id;
    return parts_->run("create_interaction", mongo::create_interaction{std::move(value)}, lane);
}

task<result<interaction>> mongo_store::get_interaction(user_id user, interaction_id id) {
    return parts_->run("get_interaction", mongo::get_interaction{user, id});
}

task<result<page<interaction>>> mongo_store::list_interactions(user_id user, interaction_query query) {
    return parts_->run("list_interactions", mongo::list_interactions{user, query});
}

task<result<interaction>> mongo_store::update_interaction(user_id user, interaction_id id,
                                                          interaction_patch patch,
                                                          std::optional<std::int64_t> if_version,
                                                          timestamp now) {
    return parts_->run("update_interaction",
                       mongo::update_interaction{user, id, std::move(patch), if_version, now}, id);
}

task<result<void>> mongo_store::delete_interaction(user_id user, interaction_id id,
                                                   std::optional<std::int64_t> if_version) {
    return parts_->run("delete_interaction", mongo::delete_interaction{user, id, if_version}, id);
}

task<result<std::optional<interaction>>> mongo_store::suggest_title(user_id user, interaction_id id,
                                                                    std::string title, timestamp now) {
    return parts_->run("suggest_title", mongo::suggest_title{user, id, std::move(title), now}, id);
}

task<result<message>> mongo_store::add_message(message_addition addition) {
    auto const lane = addition.interaction_id;
    return parts_->run("append_message", mongo::append_message{std::move(addition)}, lane);
}

task<result<std::optional<turn_start>>> mongo_store::next_turn(user_id user, interaction_id id,
                                                               process_id owner, timestamp now) {
    return parts_->run("next_turn", mongo::next_turn{user, id, owner, now}, id);
}

task<result<std::vector<message>>> mongo_store::withdraw_turns(user_id user, interaction_id id,
                                                               std::optional<message_id> only,
                                                               timestamp now) {
    return parts_->run("withdraw_turns", mongo::withdraw_turns{user, id, only, now}, id);
}

task<result<std::vector<waiting_interaction>>> mongo_store::waiting_interactions(std::size_t limit) {
    return parts_->run("waiting_interactions", mongo::list_waiting{limit});
}

task<result<remembered_request>> mongo_store::remember(remembered_request wanted) {
    return parts_->run("remember", mongo::remember_request{std::move(wanted)});
}

task<result<void>> mongo_store::forget(remembered_request refused) {
    return parts_->run("forget", mongo::forget_request{std::move(refused)});
}

task<result<std::size_t>> mongo_store::sweep(timestamp before, std::size_t limit) {
    return parts_->run("sweep_requests", mongo::sweep_requests{before, limit});
}

task<result<void>> mongo_store::add_usage(usage_entry entry) {
    return parts_->run("add_usage", mongo::add_usage{std::move(entry)});
}

task<result<std::vector<usage_day>>> mongo_store::usage_by_day(user_id user, std::chrono::sys_days first,
                                                               std::chrono::sys_days last) {
    return parts_->run("usage_by_day", mongo::usage_by_day{user, first, last});
}

task<result<std::size_t>> mongo_store::delete_expired(timestamp now, std::size_t limit) {
    return parts_->run("delete_expired", mongo::delete_expired{now, limit});
}

task<result<turn_start>> mongo_store::begin_turn(turn_draft draft) {
    auto const lane = draft.interaction_id;
    return parts_->run("begin_turn", mongo::begin_turn{std::move(draft)}, lane);
}

task<result<void>> mongo_store::checkpoint(turn_lease lease, std::string content) {
    return parts_->run("checkpoint", mongo::checkpoint{lease, std::move(content)});
}

task<result<turn_end>> mongo_store::finish_turn(turn_lease lease, turn_outcome outcome) {
    return parts_->run("finish_turn", mongo::finish_turn{lease, std::move(outcome)});
}

task<result<std::vector<active_turn>>> mongo_store::active_turns(std::size_t limit) {
    return parts_->run("active_turns", mongo::list_active_turns{limit});
}

task<result<std::optional<message>>> mongo_store::expire_turn(active_turn seen, timestamp now) {
    return parts_->run("expire_turn", mongo::expire_turn{seen, now});
}

task<result<message>> mongo_store::get_message(user_id user, interaction_id interaction, message_id id) {
    return parts_->run("get_message", mongo::get_message{user, interaction, id});
}

task<result<message>> mongo_store::get_sibling(user_id user, interaction_id interaction, message_id id,
                                               std::int64_t index) {
    return parts_->run("get_sibling", mongo::get_sibling{{user, interaction, id}, index});
}

task<result<message_page>> mongo_store::page_of_branch(user_id user, interaction_id id, message_query query) {
    return parts_->run("page_of_branch", mongo::page_of_branch{user, id, query});
}

task<result<void>> mongo_store::ping() { return parts_->run("ping", mongo::probe{}); }

task<result<user>> mongo_store::local_user(timestamp now) {
    return parts_->run("local_user", mongo::local_user{now});
}

task<result<user>> mongo_store::external_user(external_identity name, user fresh) {
    return parts_->run("external_user", mongo::external_user{std::move(name), std::move(fresh)});
}

task<result<void>> mongo_store::create_user(user value) {
    return parts_->run("create_user", mongo::create_user{std::move(value)});
}

task<result<user>> mongo_store::get_user(user_id id) { return parts_->run("get_user", mongo::get_user{id}); }

task<result<user>> mongo_store::update_user(user_id id, user_patch patch) {
    return parts_->run("update_user", mongo::update_user{id, std::move(patch)});
}

task<result<page<user>>> mongo_store::list_users(page_query<user_id> query) {
    return parts_->run("list_users", mongo::list_users{query});
}

task<result<void>> mongo_store::delete_user(user_id id, timestamp now) {
    return parts_->run("delete_user", mongo::delete_user{id, now});
}

task<result<std::size_t>> mongo_store::purge_users(std::size_t limit, timestamp forget) {
    return parts_->run("purge_users", mongo::purge_users{limit, forget});
}

task<result<void>> mongo_store::create_key(api_key value) {
    return parts_->run("create_key", mongo::create_key{std::move(value)});
}

task<result<std::optional<held_key>>> mongo_store::find_key(sha256_digest hash) {
    return parts_->run("find_key", mongo::find_key{hash});
}

task<result<std::vector<api_key>>> mongo_store::list_keys(user_id id) {
    return parts_->run("list_keys", mongo::list_keys{id});
}

task<result<void>> mongo_store::delete_key(user_id id, key_id key) {
    return parts_->run("delete_key", mongo::delete_key{id, key});
}

task<result<void>> mongo_store::key_used(key_id key, timestamp at) {
    return parts_->run("key_used", mongo::key_used{key, at});
}

task<result<std::int64_t>> mongo_store::sweep_deleted(timestamp now) {
    return parts_->run("sweep", mongo::sweep_deleted{now - parts_->keep_deleted});
}

}  // namespace parley
