// Commands to one database over one borrowed connection. Every call is one round trip unless it says more.
//
// Thread safety: a session belongs to one thread at a time. Ownership: borrows its client from the pool and
// gives it back. Errors of all functions: as failure_of and failure_of_code.
#pragma once

#include "adapters/mongo/document.hpp"
#include "adapters/mongo/mongo_error.hpp"
#include "common/error.hpp"

#include <mongoc/mongoc.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::mongo {

// The collections.
inline constexpr char const* users = "users";
inline constexpr char const* keys = "keys";
inline constexpr char const* names = "names";
inline constexpr char const* interactions = "interactions";
inline constexpr char const* messages = "messages";
inline constexpr char const* requests = "requests";
inline constexpr char const* usage = "usage";
inline constexpr char const* schema_collection = "parley";

enum class read_from {
    primary,    // what writes and turns are decided by
    preferred,  // what the URI says: may be behind
};

struct find_options {
    document sort;
    std::int64_t limit = 1;  // 0: all
    document projection;
    std::size_t most_bytes = 0;  // reading ends behind the document that goes beyond; 0: no bound
    read_from where = read_from::primary;
};

/// How many of the documents were stored, and why the next one was not.
struct insert_outcome {
    std::int64_t stored = 0;
    std::optional<failure> refused;
};

class session {
public:
    /// Waits for a free client: there are as many as threads that use them.
    session(mongoc_client_pool_t* pool, std::string const& database, std::chrono::milliseconds write_timeout);
    ~session() = default;
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    /// To the primary, as it is.
    [[nodiscard]] std::expected<document, failure> run(document const& command);

    [[nodiscard]] result<std::optional<document>> find_one(char const* collection, document const& filter,
                                                           read_from where = read_from::primary);
    /// Further round trips when the documents are larger than one reply (16 MiB).
    [[nodiscard]] result<std::vector<document>> find(char const* collection, document const& filter,
                                                     find_options const& options);
    /// From the primary. Nothing when the server does not know a part of the pipeline, or makes a document of
    /// it that is too large.
    [[nodiscard]] result<std::optional<std::vector<document>>> aggregate(char const* collection,
                                                                         array const& pipeline);
    /// In order; stops at the first that is refused.
    [[nodiscard]] insert_outcome insert(char const* collection, array const& documents);
    /// Each document that is not there under its _id; those that are stay as they are. In one round trip.
    [[nodiscard]] result<void> insert_absent(char const* collection, array const& documents);
    [[nodiscard]] result<std::int64_t> count(char const* collection, document const& filter);
    /// Pairs {q, u} of a filter for one document and its update, in one round trip.
    [[nodiscard]] result<void> update_each(char const* collection, array const& updates);
    /// Whether a document matched.
    [[nodiscard]] result<bool> update_one(char const* collection, document const& filter,
                                          document const& update);
    /// The document after the update, or nothing when none matched.
    [[nodiscard]] result<std::optional<document>> find_and_modify(char const* collection,
                                                                  document const& filter,
                                                                  document const& update,
                                                                  bool upsert = false);
    /// How many were deleted.
    [[nodiscard]] result<std::int64_t> delete_all(char const* collection, document const& filter);
    /// All that match any of these filters, in one round trip.
    [[nodiscard]] result<void> delete_each(char const* collection, array const& filters);

private:
    struct give_back {
        mongoc_client_pool_t* pool;
        void operator()(mongoc_client_t* client) const { mongoc_client_pool_push(pool, client); }
    };
    [[nodiscard]] std::expected<document, failure> write(document command);

    std::unique_ptr<mongoc_client_t, give_back> client_;
    std::string const& database_;
    std::chrono::milliseconds write_timeout_;
};

}  // namespace parley::mongo
