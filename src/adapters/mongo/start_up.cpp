#include "adapters/mongo/start_up.hpp"

#include "adapters/mongo/schema.hpp"

namespace parley::mongo {
namespace {

using steady = std::chrono::steady_clock;

/// A read that needs the rights that the store needs: a ping would need none.
std::optional<failure> first_words(session& db) {
    document look;
    look.put("find", schema_collection).put("limit", 1).put("singleBatch", true);
    auto const answer = db.run(look);
    return answer ? std::nullopt : std::optional{answer.error()};
}

error explain(failure why, driver const& through) {
    auto const where = "MongoDB at " + through.hosts();
    if (is_refused(why.code)) {
        return {error_kind::unavailable,
                "store_refused",
                where +
                    " does not let Parley in: check user, password and authSource in PARLEY_STORE_URI, "
                    "and that the user may readWrite the database \"" +
                    through.database() + "\".",
                {},
                std::move(why.what.detail)};
    }
    if (why.what.code == "store_unavailable") {
        return {error_kind::unavailable,
                "store_unavailable",
                where +
                    " can not be reached: check that it runs, that the address in store.uri "
                    "(PARLEY_STORE_URI) is right, and that a replica set has a primary.",
                {},
                std::move(why.what.detail)};
    }
    why.what.message = where + " can not be used.";
    return std::move(why.what);
}

}  // namespace

result<void> connect(driver& through, std::chrono::milliseconds patience) {
    auto const until = steady::now() + patience;
    for (;;) {
        auto db = through.borrow();
        auto const wrong = first_words(db);
        if (!wrong) return {};
        bool const hopeless = is_refused(wrong->code) || wrong->what.code != "store_unavailable";
        if (hopeless || steady::now() >= until) return std::unexpected(explain(*wrong, through));
    }
}

result<void> start_up(driver& through, driver& slowly, std::chrono::milliseconds patience) {
    if (auto connected = connect(through, patience); !connected) return connected;
    auto db = slowly.borrow();
    auto const prepared = prepare_schema(db, through.database());
    if (!prepared && prepared.error().kind != error_kind::conflict) {
        return std::unexpected(explain({0, prepared.error()}, through));
    }
    return prepared;
}

}  // namespace parley::mongo
