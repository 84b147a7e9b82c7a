#include "adapters/mongo/session.hpp"

#include <utility>

namespace parley::mongo {
namespace {

// Of the server: the largest document; a command may hold a little more.
constexpr std::uint32_t largest_document = 16U * 1024 * 1024;

constexpr int most_in_one_reply = 1'000;

struct destroy_collection {
    void operator()(mongoc_collection_t* one) const { mongoc_collection_destroy(one); }
};
struct destroy_cursor {
    void operator()(mongoc_cursor_t* one) const { mongoc_cursor_destroy(one); }
};
struct destroy_read_prefs {
    void operator()(mongoc_read_prefs_t* one) const { mongoc_read_prefs_destroy(one); }
};
using read_prefs = std::unique_ptr<mongoc_read_prefs_t, destroy_read_prefs>;

/// Of the first document of an array of errors, or of one error.
failure failure_in(bson_t const& reported) {
    return failure_of_code(number_at(reported, "code").value_or(0), text_at(reported, "errmsg").value_or(""));
}

std::optional<failure> write_error_of(document const& reply) {
    std::optional<failure> found;
    if (auto const errors = view_at(*reply.get(), "writeErrors")) {
        for_each_document(*errors, [&](bson_t const& one) {
            if (!found) found = failure_in(one);
        });
    }
    if (auto const unsafe = view_at(*reply.get(), "writeConcernError"); unsafe && !found) {
        found = failure_in(*unsafe);
    }
    return found;
}

}  // namespace

session::session(mongoc_client_pool_t* pool, std::string const& database,
                 std::chrono::milliseconds write_timeout)
    : client_(mongoc_client_pool_pop(pool), give_back{pool}),
      database_(database),
      write_timeout_(write_timeout) {}

std::expected<document, failure> session::run(document const& command) {
    if (command.get()->len > largest_document) return std::unexpected(failure{0, too_large()});
    bson_t reply;
    bson_error_t failed;
    bool const done = mongoc_client_command_simple(client_.get(), database_.c_str(), command.get(), nullptr,
                                                   &reply, &failed);
    document out{reply};
    bson_destroy(&reply);
    if (!done) return std::unexpected(failure_of(failed));
    return out;
}

std::expected<document, failure> session::write(document command) {
    // Acknowledged when a majority has it on disk (SQLite's synchronous=FULL has its like here).
    document concern;
    concern.put("w", "majority").put("j", true).put("wtimeout", std::int64_t{write_timeout_.count()});
    command.put("writeConcern", concern);
    return run(command);
}

result<std::optional<document>> session::find_one(char const* collection, document const& filter,
                                                  read_from where) {
    find_options options;
    options.where = where;
    auto found = find(collection, filter, options);
    if (!found) return std::unexpected(std::move(found.error()));
    if (found->empty()) return std::optional<document>{};
    return std::optional{std::move(found->front())};
}

result<std::vector<document>> session::find(char const* collection, document const& filter,
                                            find_options const& options) {
    std::unique_ptr<mongoc_collection_t, destroy_collection> const in{
        mongoc_client_get_collection(client_.get(), database_.c_str(), collection)};
    document with;
    with.put("limit", options.limit);
    if (options.limit == 1) {
        with.put("singleBatch", true);
    } else if (options.limit > 0) {
        with.put("batchSize", options.limit + 1);  // so that the first reply is known to be the last
    }
    if (!options.sort.empty()) with.put("sort", options.sort);
    if (!options.projection.empty()) with.put("projection", options.projection);
    read_prefs const primary{mongoc_read_prefs_new(MONGOC_READ_PRIMARY)};
    std::unique_ptr<mongoc_cursor_t, destroy_cursor> const cursor{mongoc_collection_find_with_opts(
        in.get(), filter.get(), with.get(), options.where == read_from::primary ? primary.get() : nullptr)};
    std::vector<document> out;
    bson_t const* one = nullptr;
    for (std::size_t bytes = 0; mongoc_cursor_next(cursor.get(), &one);) {
        out.emplace_back(*one);
        bytes += one->len;
        if (options.most_bytes > 0 && bytes > options.most_bytes) break;
    }
    bson_error_t failed;
    if (mongoc_cursor_error(cursor.get(), &failed)) return std::unexpected(failure_of(failed).what);
    return out;
}

result<std::optional<std::vector<document>>> session::aggregate(char const* collection,
                                                                array const& pipeline) {
    std::unique_ptr<mongoc_collection_t, destroy_collection> const in{
        mongoc_client_get_collection(client_.get(), database_.c_str(), collection)};
    document stages;
    stages.put_array("pipeline", pipeline.members());
    read_prefs const primary{mongoc_read_prefs_new(MONGOC_READ_PRIMARY)};
    // As many as one reply can hold, so that the first is the last.
    auto const with = doc("batchSize", most_in_one_reply);
    std::unique_ptr<mongoc_cursor_t, destroy_cursor> const cursor{
        mongoc_collection_aggregate(in.get(), MONGOC_QUERY_NONE, stages.get(), with.get(), primary.get())};
    std::vector<document> out;
    bson_t const* one = nullptr;
    while (mongoc_cursor_next(cursor.get(), &one)) out.emplace_back(*one);
    bson_error_t failed;
    if (mongoc_cursor_error(cursor.get(), &failed)) {
        if (is_unknown_feature(failed.code) || is_too_large(failed.code))
            return std::optional<std::vector<document>>{};
        return std::unexpected(failure_of(failed).what);
    }
    return std::optional{std::move(out)};
}

insert_outcome session::insert(char const* collection, array const& documents) {
    document command;
    command.put("insert", collection).put("ordered", true).put_array("documents", documents.members());
    auto const reply = write(std::move(command));
    if (!reply) return {0, reply.error()};
    return {number_at(*reply->get(), "n").value_or(0), write_error_of(*reply)};
}

result<void> session::insert_absent(char const* collection, array const& documents) {
    if (documents.size() == 0) return {};
    document command;
    command.put("insert", collection).put("ordered", false).put_array("documents", documents.members());
    auto const reply = write(std::move(command));
    if (!reply) return std::unexpected(reply.error().what);
    auto refused = std::optional<failure>{};
    if (auto const errors = view_at(*reply->get(), "writeErrors")) {
        for_each_document(*errors, [&](bson_t const& one) {
            auto found = failure_in(one);
            if (!refused && !is_duplicate(found.code)) refused = std::move(found);
        });
    }
    if (auto const unsafe = view_at(*reply->get(), "writeConcernError"); unsafe && !refused) {
        refused = failure_in(*unsafe);
    }
    if (refused) return std::unexpected(refused->what);
    return {};
}

result<std::int64_t> session::count(char const* collection, document const& filter) {
    document command;
    command.put("count", collection).put("query", filter);
    auto const reply = run(command);
    if (!reply) return std::unexpected(reply.error().what);
    return number_at(*reply->get(), "n").value_or(0);
}

result<void> session::update_each(char const* collection, array const& updates) {
    if (updates.size() == 0) return {};
    document command;
    command.put("update", collection).put("ordered", false).put_array("updates", updates.members());
    auto const reply = write(std::move(command));
    if (!reply) return std::unexpected(reply.error().what);
    if (auto const refused = write_error_of(*reply)) return std::unexpected(refused->what);
    return {};
}

result<bool> session::update_one(char const* collection, document const& filter, document const& update) {
    array updates;
    updates.push(doc("q", filter).put("u", update));
    document command;
    command.put("update", collection).put("ordered", true).put_array("updates", updates.members());
    auto const reply = write(std::move(command));
    if (!reply) return std::unexpected(reply.error().what);
    if (auto const refused = write_error_of(*reply)) return std::unexpected(refused->what);
    return number_at(*reply->get(), "n").value_or(0) > 0;
}

result<std::optional<document>> session::find_and_modify(char const* collection, document const& filter,
                                                         document const& update, bool upsert) {
    document command;
    command.put("findAndModify", collection).put("query", filter).put("update", update).put("new", true);
    if (upsert) command.put("upsert", true);
    auto const reply = write(std::move(command));
    if (!reply) return std::unexpected(reply.error().what);
    if (auto const refused = write_error_of(*reply)) return std::unexpected(refused->what);
    auto const value = view_at(*reply->get(), "value");
    return value ? std::optional{document{*value}} : std::nullopt;
}

result<std::int64_t> session::delete_all(char const* collection, document const& filter) {
    array deletes;
    deletes.push(doc("q", filter).put("limit", std::int64_t{0}));
    document command;
    command.put("delete", collection).put("ordered", true).put_array("deletes", deletes.members());
    auto const reply = write(std::move(command));
    if (!reply) return std::unexpected(reply.error().what);
    if (auto const refused = write_error_of(*reply)) return std::unexpected(refused->what);
    return number_at(*reply->get(), "n").value_or(0);
}

result<void> session::delete_each(char const* collection, array const& filters) {
    array deletes;
    for_each_document(*filters.members().get(), [&deletes](bson_t const& one) {
        deletes.push(doc("q", document{one}).put("limit", std::int64_t{0}));
    });
    if (deletes.size() == 0) return {};
    document command;
    command.put("delete", collection).put("ordered", false).put_array("deletes", deletes.members());
    auto const reply = write(std::move(command));
    if (!reply) return std::unexpected(reply.error().what);
    if (auto const refused = write_error_of(*reply)) return std::unexpected(refused->what);
    return {};
}

}  // namespace parley::mongo
