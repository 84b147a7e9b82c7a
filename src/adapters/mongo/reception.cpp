#include "adapters/mongo/reception.hpp"

namespace parley::mongo {
namespace {

constexpr char const* reception_key = "reception";

}  // namespace

result<std::optional<std::string>> received_source(session& db) {
    auto const mark = db.find_one(schema_collection, doc("_id", reception_key));
    if (!mark) return std::unexpected(mark.error());
    if (!*mark) return std::optional<std::string>{};
    return text_at(*(*mark)->get(), "source").value_or("");
}

result<void> begin_reception(session& db, std::string const& source) {
    array mark;
    mark.push(doc("_id", reception_key).put("source", source));
    return db.insert_absent(schema_collection, mark);
}

result<void> end_reception(session& db) {
    auto const gone = db.delete_all(schema_collection, doc("_id", reception_key));
    if (!gone) return std::unexpected(gone.error());
    return {};
}

}  // namespace parley::mongo
