#include "adapters/mongo/mongo_error.hpp"

#include <mongoc/mongoc.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace parley::mongo {
namespace {

// The server's src/mongo/base/error_codes.yml.
constexpr std::array<std::int64_t, 4> duplicate_codes{11000, 11001, 12582, 16460};
constexpr std::array<std::int64_t, 3> refused_codes{13, 18,
                                                    8000};  // Unauthorized, AuthenticationFailed, Atlas
constexpr std::array<std::int64_t, 4> late_codes{50, 64, 262, 89};  // MaxTimeMSExpired, WriteConcernFailed, …
constexpr std::array<std::int64_t, 4> large_codes{10334, 17280, 17419, 4568};  // 4568: of $lookup
constexpr std::array<std::int64_t, 1> full_codes{14031};                       // OutOfDiskSpace
// FailedToParse, CommandNotFound, CommandNotSupported, NotImplemented, $lookup from a sharded collection,
// unknown member of $lookup, unknown stage
constexpr std::array<std::int64_t, 7> unknown_codes{9, 59, 115, 238, 28769, 40321, 40324};
// HostUnreachable, HostNotFound, SocketException, ShutdownInProgress, InterruptedAtShutdown,
// InterruptedDueToReplStateChange, PrimarySteppedDown, NotWritablePrimary, NotPrimaryNoSecondaryOk,
// NotPrimaryOrSecondary, ReadConcernMajorityNotAvailableYet, WriteConcern of a set without enough members.
constexpr std::array<std::int64_t, 13> absent_codes{6,     7,     9001,  91,  11600, 11602, 189,
                                                    10107, 13435, 13436, 134, 100,   317};

template <std::size_t Size>
bool one_of(std::array<std::int64_t, Size> const& codes, std::int64_t code) {
    return std::ranges::find(codes, code) != codes.end();
}

error make(error_kind kind, std::string_view code, std::string_view sentence, std::string detail) {
    return {kind, std::string{code}, std::string{sentence}, {}, std::move(detail)};
}

error unreachable(std::string detail) {
    return make(error_kind::unavailable, "store_unavailable", "The store can not be reached at the moment.",
                std::move(detail));
}

}  // namespace

bool is_duplicate(std::int64_t code) { return one_of(duplicate_codes, code); }
bool is_unknown_feature(std::int64_t code) { return one_of(unknown_codes, code); }
bool is_too_large(std::int64_t code) { return one_of(large_codes, code); }
bool is_refused(std::int64_t code) { return one_of(refused_codes, code); }

error too_large() {
    return make(error_kind::too_large, "message_too_large",
                "The message is larger than the store can keep (16 MiB).", {});
}

failure failure_of_code(std::int64_t code, std::string const& message) {
    auto detail = "mongodb " + std::to_string(code) + ": " + message;
    auto const as = [&](error what) { return failure{code, std::move(what)}; };
    if (is_duplicate(code)) {
        return as(make(error_kind::conflict, "duplicate_key", "The id is taken.", std::move(detail)));
    }
    if (one_of(full_codes, code)) {
        return as(
            make(error_kind::storage_full, "storage_full", "The server's disk is full.", std::move(detail)));
    }
    if (one_of(late_codes, code)) {
        return as(make(error_kind::timed_out, "store_timeout", "The store did not answer in time.",
                       std::move(detail)));
    }
    if (one_of(large_codes, code)) return as(too_large());
    if (one_of(refused_codes, code) || one_of(absent_codes, code)) return as(unreachable(std::move(detail)));
    return as(internal_error(std::move(detail)).error());
}

failure failure_of(bson_error_t const& reported) {
    std::string const message{static_cast<char const*>(reported.message)};
    if (reported.domain == MONGOC_ERROR_SERVER || reported.domain == MONGOC_ERROR_WRITE_CONCERN) {
        return failure_of_code(reported.code, message);
    }
    auto detail =
        "mongoc " + std::to_string(reported.domain) + "/" + std::to_string(reported.code) + ": " + message;
    bool const refused =
        reported.domain == MONGOC_ERROR_SASL || reported.domain == MONGOC_ERROR_SCRAM ||
        (reported.domain == MONGOC_ERROR_CLIENT && reported.code == MONGOC_ERROR_CLIENT_AUTHENTICATE);
    if (refused) return {authentication_failed, unreachable(std::move(detail))};
    switch (reported.domain) {
        case MONGOC_ERROR_SERVER_SELECTION:
        case MONGOC_ERROR_STREAM:
        case MONGOC_ERROR_CLIENT:
        case MONGOC_ERROR_PROTOCOL:
        case MONGOC_ERROR_POOL:
            return {0, unreachable(std::move(detail))};
        case MONGOC_ERROR_BSON:
            return {0, reported.code == MONGOC_ERROR_BSON_INVALID
                           ? too_large()
                           : internal_error(std::move(detail)).error()};
        default:
            return {0, internal_error(std::move(detail)).error()};
    }
}

}  // namespace parley::mongo
