#include "archive_under_test.hpp"

#include "adapters/memory/memory_archive.hpp"
#include "adapters/mongo/mongo_archive.hpp"
#include "adapters/mongo/mongo_store.hpp"
#include "adapters/sqlite/sqlite_archive.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "support/mongo_server.hpp"
#include "support/temporary_folder.hpp"

namespace parley::test {
namespace {

class borrowed_memory final : public store_under_test {
public:
    explicit borrowed_memory(memory_store& store) : store_(store) {}
    conversation_store& conversations() override { return store_; }
    identity_store& identities() override { return store_; }
    request_store& requests() override { return store_; }
    usage_store& usage() override { return store_; }

private:
    memory_store& store_;
};

class memory_kind final : public archive_under_test {
public:
    result<std::unique_ptr<store_under_test>> serve() override {
        return std::make_unique<borrowed_memory>(store_);
    }
    result<std::unique_ptr<store_archive>> archive(bool /*to_fill*/) override {
        return std::make_unique<memory_archive>(store_);
    }

private:
    memory_store store_;
};

template <class Store>
class owned final : public store_under_test {
public:
    explicit owned(std::unique_ptr<Store> store) : store_(std::move(store)) {}
    conversation_store& conversations() override { return *store_; }
    identity_store& identities() override { return *store_; }
    request_store& requests() override { return *store_; }
    usage_store& usage() override { return *store_; }

private:
    std::unique_ptr<Store> store_;
};

template <class Store>
result<std::unique_ptr<store_under_test>> as_served(result<std::unique_ptr<Store>> opened) {
    if (!opened) return std::unexpected(opened.error());
    return std::make_unique<owned<Store>>(std::move(*opened));
}

class sqlite_kind final : public archive_under_test {
public:
    sqlite_kind() { settings_.path = folder_.path(); }
    result<std::unique_ptr<store_under_test>> serve() override {
        return as_served(open_sqlite_store(settings_, metrics_));
    }
    result<std::unique_ptr<store_archive>> archive(bool to_fill) override {
        return open_sqlite_archive(settings_, to_fill);
    }

private:
    temporary_folder folder_;
    no_metrics metrics_;
    store_config settings_;
};

class mongo_kind final : public archive_under_test {
public:
    mongo_kind() {
        settings_.kind = "mongodb";
        settings_.uri = shared_mongo_uri();
        settings_.database = fresh_database();
        settings_.pool_size = 4;
    }
    result<std::unique_ptr<store_under_test>> serve() override {
        return as_served(open_mongo_store(settings_, metrics_));
    }
    result<std::unique_ptr<store_archive>> archive(bool to_fill) override {
        return open_mongo_archive(settings_, to_fill);
    }

private:
    no_metrics metrics_;
    store_config settings_;
};

}  // namespace

std::vector<archive_kind> archive_kinds() {
    return {{"memory", false, [] { return std::make_unique<memory_kind>(); }},
            {"sqlite", true, [] { return std::make_unique<sqlite_kind>(); }},
            {"mongodb", true, [] { return std::make_unique<mongo_kind>(); }}};
}

}  // namespace parley::test
