// The stores that must keep the ports' promises. A new store joins by one line in store_kinds().
#pragma once

#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"
#include "services/request_store.hpp"
#include "services/usage_store.hpp"

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace parley::test {

class store_under_test {
public:
    store_under_test() = default;
    store_under_test(store_under_test const&) = delete;
    store_under_test& operator=(store_under_test const&) = delete;
    virtual ~store_under_test() = default;

    [[nodiscard]] virtual conversation_store& conversations() = 0;
    [[nodiscard]] virtual identity_store& identities() = 0;
    [[nodiscard]] virtual request_store& requests() = 0;
    [[nodiscard]] virtual usage_store& usage() = 0;
};

struct store_kind {
    std::string name;
    std::function<std::unique_ptr<store_under_test>()> make;  // an empty store
};

inline void PrintTo(store_kind const& kind, std::ostream* out) { *out << kind.name; }

[[nodiscard]] std::vector<store_kind> store_kinds();

}  // namespace parley::test
