#include "modules/identity/user_purge.hpp"

#include <chrono>

namespace parley {
namespace {

constexpr std::size_t at_once = 20;  // interactions in one write
// Longer than requests are by their Idempotency-Key (24 h and until the next sweep): a copy of the one that
// made a user finds that there was one.
constexpr std::chrono::hours remembered{48};

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
