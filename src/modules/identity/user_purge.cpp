#include "modules/identity/user_purge.hpp"

#include <chrono>

namespace parley {
namespace {

constexpr std::size_t at_once = 20;  // interactions in one write
constexpr std::chrono::hours remembered{1};

}  // namespace

task<result<std::size_t>> purge_deleted_users(identity_store& store, timestamp now,
                                              std::function<bool()> enough) {
    std::size_t gone = 0;
    while (true) {
        auto const some = co_await store.purge_users(at_once, now - remembered);
        if (!some) co_return std::unexpected(some.error());
        gone += *some;
        if (*some == 0 || enough()) co_return gone;
    }
}

}  // namespace parley
