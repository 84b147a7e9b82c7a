#include "app/store_factory.hpp"

#include "adapters/mongo/mongo_archive.hpp"
#include "adapters/mongo/mongo_store.hpp"
#include "adapters/sqlite/sqlite_archive.hpp"
#include "adapters/sqlite/sqlite_store.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace parley {
namespace {

template <class Store>
class opened final : public opened_store {
public:
    explicit opened(std::unique_ptr<Store> store) : store_(std::move(store)) {}
    conversation_store& conversations() override { return *store_; }
    identity_store& identities() override { return *store_; }
    request_store& requests() override { return *store_; }
    usage_store& usage() override { return *store_; }
    void close() override { store_->close(); }

private:
    std::unique_ptr<Store> store_;
};

template <class Store>
result<std::unique_ptr<opened_store>> as_opened(result<std::unique_ptr<Store>> store) {
    if (!store) return std::unexpected(std::move(store.error()));
    return std::make_unique<opened<Store>>(std::move(*store));
}

}  // namespace

result<std::unique_ptr<opened_store>> open_store(store_config const& settings, metrics& seen) {
    if (settings.kind == "mongodb") return as_opened(open_mongo_store(settings, seen));
    return as_opened(open_sqlite_store(settings, seen));
}

result<std::unique_ptr<store_archive>> open_archive(store_config const& settings, bool to_fill) {
    if (settings.kind == "mongodb") return open_mongo_archive(settings, to_fill);
    return open_sqlite_archive(settings, to_fill);
}

bool is_same_store(store_config const& one, store_config const& other) {
    if (one.kind != other.kind) return false;
    if (one.kind == "mongodb") return one.uri == other.uri && one.database == other.database;
    std::error_code failed;
    return one.path.lexically_normal() == other.path.lexically_normal() ||
           std::filesystem::equivalent(one.path, other.path, failed);
}

bool is_shared(store_config const& settings) { return settings.kind == "mongodb"; }

bool is_absent(store_config const& settings) {
    if (settings.kind == "mongodb") return false;
    std::error_code failed;  // not found; with any other, opening it tells what is wrong
    auto const kind = std::filesystem::status(settings.path / "parley.db", failed).type();
    return kind == std::filesystem::file_type::not_found;
}

std::string name_of_store(store_config const& settings) {
    if (settings.kind == "mongodb") return "The database \"" + settings.database + "\"";
    return "The store in " + settings.path.string();
}

}  // namespace parley
