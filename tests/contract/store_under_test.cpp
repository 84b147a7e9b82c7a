#include "store_under_test.hpp"

#include "adapters/memory/lru_cache.hpp"
#include "adapters/memory/memory_store.hpp"
#include "adapters/mongo/mongo_store.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "modules/cache/cached_conversations.hpp"
#include "modules/cache/cached_identities.hpp"
#include "support/mongo_server.hpp"
#include "support/temporary_folder.hpp"

#include <stdexcept>

namespace parley::test {
namespace {

class memory_under_test final : public store_under_test {
public:
    conversation_store& conversations() override { return store_; }
    identity_store& identities() override { return store_; }
    request_store& requests() override { return store_; }
    usage_store& usage() override { return store_; }

private:
    memory_store store_;
};

class sqlite_under_test final : public store_under_test {
public:
    sqlite_under_test() {
        store_config settings;
        settings.path = folder_.path();
        auto opened = open_sqlite_store(settings, metrics_);
        if (!opened) throw std::runtime_error(opened.error().message);
        store_ = std::move(*opened);
    }
    conversation_store& conversations() override { return *store_; }
    identity_store& identities() override { return *store_; }
    request_store& requests() override { return *store_; }
    usage_store& usage() override { return *store_; }

private:
    temporary_folder folder_;
    no_metrics metrics_;
    std::unique_ptr<sqlite_store> store_;
};

class mongo_under_test final : public store_under_test {
public:
    mongo_under_test() {
        store_config settings;
        settings.kind = "mongodb";
        settings.uri = shared_mongo_uri();
        settings.database = fresh_database();
        settings.pool_size = 8;
        auto opened = open_mongo_store(settings, metrics_, {.longest_wait = 60s});
        if (!opened) throw std::runtime_error(opened.error().message + opened.error().detail);
        store_ = std::move(*opened);
    }
    conversation_store& conversations() override { return *store_; }
    identity_store& identities() override { return *store_; }
    request_store& requests() override { return *store_; }
    usage_store& usage() override { return *store_; }

private:
    no_metrics metrics_;
    std::unique_ptr<mongo_store> store_;
};

/// Another store with a cache before it: nobody must see a difference.
template <class Store>
class cached_under_test final : public store_under_test {
public:
    conversation_store& conversations() override { return conversations_; }
    identity_store& identities() override { return identities_; }
    request_store& requests() override { return store_.requests(); }
    usage_store& usage() override { return store_.usage(); }

private:
    Store store_;
    lru_cache cache_{{}};
    no_metrics metrics_;
    cached_conversations conversations_{store_.conversations(), cache_, metrics_};
    cached_identities identities_{store_.identities(), cache_, metrics_};
};

}  // namespace

std::vector<store_kind> store_kinds() {
    return {{"cached_memory", [] { return std::make_unique<cached_under_test<memory_under_test>>(); }},
            {"cached_sqlite", [] { return std::make_unique<cached_under_test<sqlite_under_test>>(); }},
            {"memory", [] { return std::make_unique<memory_under_test>(); }},
            {"sqlite", [] { return std::make_unique<sqlite_under_test>(); }},
            {"mongodb", [] { return std::make_unique<mongo_under_test>(); }}};
}

}  // namespace parley::test
