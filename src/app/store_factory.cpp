#include "app/store_factory.hpp"

#include "adapters/mongo/mongo_store.hpp"
#include "adapters/sqlite/sqlite_store.hpp"

#include <utility>

namespace parley {
namespace {

template <class Store>
class opened final : public opened_store {
public:
    explicit opened(std::unique_ptr<Store> store) : store_(std::move(store)) {}
    conversation_store& conversations() override { return *store_; }
    identity_store& identities() override { return *store_; }
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

bool is_shared(store_config const& settings) { return settings.kind == "mongodb"; }

std::string name_of_store(store_config const& settings) {
    if (settings.kind == "mongodb") return "The database \"" + settings.database + "\"";
    return "The store in " + settings.path.string();
}

}  // namespace parley
