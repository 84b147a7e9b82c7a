#include "adapters/mongo/mongo_archive.hpp"

#include "adapters/mongo/archive.hpp"
#include "adapters/mongo/driver.hpp"
#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/reception.hpp"
#include "adapters/mongo/schema.hpp"
#include "adapters/mongo/start_up.hpp"
#include "services/store_errors.hpp"

#include <type_traits>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr auto start_patience = 5'000ms;
// A batch has more in it than any call of the server, and nobody waits for an answer.
constexpr mongo::driver_limits patient{.select = 5'000ms, .answer = 60'000ms, .written = 50'000ms};
// Over a primary that changes: the driver waits `select` in each.
constexpr int most_attempts = 4;
constexpr std::size_t purged_at_once = 100;

class mongo_archive final : public store_archive {
public:
    mongo_archive(std::unique_ptr<mongo::driver> through, std::string name)
        : through_(std::move(through)),
          name_(std::move(name)) {}

    /// An archive shows nothing of deleted users: to be called before it is read. Their marks stay.
    result<void> purge() {
        for (std::size_t purged = 1; purged > 0;) {
            mongo::purge_users intention{purged_at_once, earliest_timestamp};
            auto const done = again([&](mongo::session& db) { return intention.run(db); });
            if (!done) return std::unexpected(done.error());
            purged = *done;
        }
        return {};
    }

    result<std::vector<user_record>> users_after(user_id last) override {
        return again([&](mongo::session& db) { return mongo::users_after(db, last); });
    }
    result<std::vector<conversation_part>> conversations_after(archive_position last) override {
        return again([&](mongo::session& db) { return mongo::conversations_after(db, last); });
    }
    result<std::vector<usage_record>> usage_after(std::optional<usage_key> last) override {
        return again([&](mongo::session& db) { return mongo::usage_after(db, last); });
    }
    result<archive_counts> count() override { return again(mongo::count_all); }

    result<std::vector<active_turn>> active_turns(std::size_t limit) override {
        return again([&](mongo::session& db) { return mongo::list_active_turns{limit}.run(db); });
    }
    result<void> end_turn(active_turn seen, timestamp now) override {
        mongo::expire_turn intention{seen, now};
        return again([&](mongo::session& db) -> result<void> {
            auto const ended = intention.run(db);
            if (!ended) return std::unexpected(ended.error());
            return {};
        });
    }

    result<reception> receive_from(std::string const& source) override {
        auto const before = again(mongo::received_source);
        if (!before) return std::unexpected(before.error());
        if (*before && **before != source) return store_not_empty(name_);
        if (*before) return reception::resumed;
        auto const empty = again(mongo::is_empty);
        if (!empty) return std::unexpected(empty.error());
        if (!*empty) return store_not_empty(name_);
        auto const begun = again([&](mongo::session& db) { return mongo::begin_reception(db, source); });
        if (!begun) return std::unexpected(begun.error());
        return reception::fresh;
    }
    result<void> put_users(std::span<user_record const> values) override {
        return again([&](mongo::session& db) { return mongo::put_users(db, values); });
    }
    result<void> put_conversations(std::span<conversation_part const> parts) override {
        return again([&](mongo::session& db) { return mongo::put_conversations(db, parts); });
    }
    result<void> put_usage(std::span<usage_record const> values) override {
        return again([&](mongo::session& db) { return mongo::put_usage(db, values); });
    }
    result<void> remove_users(std::span<user_id const> ids) override {
        return again([&](mongo::session& db) { return mongo::remove_users(db, ids); });
    }
    result<void> remove_conversations(std::span<interaction_id const> ids) override {
        return again([&](mongo::session& db) { return mongo::remove_conversations(db, ids); });
    }
    result<void> end_reception() override { return again(mongo::end_reception); }

private:
    /// Everything here may be repeated: when the connection broke, nobody knows how far it came.
    template <class Work>
    std::invoke_result_t<Work const&, mongo::session&> again(Work const& work) {
        for (int attempt = 1;; ++attempt) {
            auto db = through_->borrow();
            auto outcome = work(db);
            bool const broken = !outcome && outcome.error().kind == error_kind::unavailable;
            if (!broken || attempt == most_attempts) return outcome;
        }
    }

    std::unique_ptr<mongo::driver> through_;
    std::string name_;
};

/// Errors: store_absent; store_incomplete.
result<void> check_source(mongo::driver& through, std::string const& name) {
    auto db = through.borrow();
    auto const there = mongo::has_schema(db);
    if (!there) return std::unexpected(there.error());
    if (!*there) return store_absent(name);
    auto const received = mongo::received_source(db);
    if (!received) return std::unexpected(received.error());
    if (*received) return store_incomplete(name);
    return {};
}

}  // namespace

result<std::unique_ptr<store_archive>> open_mongo_archive(store_config const& settings, bool to_fill) {
    auto const name = "The database \"" + settings.database + "\"";
    auto through = mongo::driver::open(settings, patient, {});
    if (!through) return std::unexpected(through.error());
    if (auto const done = mongo::connect(**through, start_patience); !done) {
        return std::unexpected(done.error());
    }
    if (!to_fill) {
        if (auto const done = check_source(**through, name); !done) return std::unexpected(done.error());
    }
    if (auto const done = mongo::start_up(**through, **through, start_patience); !done) {
        return std::unexpected(done.error());
    }
    auto archive = std::make_unique<mongo_archive>(std::move(*through), name);
    if (!to_fill) {
        if (auto const done = archive->purge(); !done) return std::unexpected(done.error());
    }
    return archive;
}

}  // namespace parley
