#include "modules/requests/request_keys.hpp"

#include <chrono>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr auto kept = 24h;
constexpr auto longest_attempt = 1min;  // far beyond the deadlines of a store
constexpr std::size_t sweep_batch = 10'000;

remembered_request fresh_ids(keyed_request const& asked, timestamp now) {
    return {.user_id = asked.user_id,
            .key = asked.key.value_or(""),
            .fingerprint = asked.fingerprint,
            .interaction_id = asked.interaction_id.value_or(interaction_id::make()),
            .first = message_id::make(),
            .second = message_id::make(),
            .branch = branch_id::make(),
            .at = now};
}

}  // namespace

bool is_doubtful(error const& why) {
    return why.kind == error_kind::timed_out || why.kind == error_kind::internal ||
           why.kind == error_kind::cancelled || why.kind == error_kind::storage_full ||
           why.code == "store_unavailable";
}

task<result<request_keys::entry>> request_keys::enter(keyed_request asked) {
    auto fresh = fresh_ids(asked, time_.now());
    if (!asked.key) co_return entry{.request = std::move(fresh)};
    auto held = co_await locks_.take(asked.user_id.text() + *asked.key);
    auto const first = fresh.first;
    auto known = co_await store_.remember(std::move(fresh));
    if (!known) co_return std::unexpected(known.error());
    if (known->fingerprint != asked.fingerprint) {
        co_return invalid("idempotency_key_reused",
                          "Something else was asked under this Idempotency-Key before.", "Idempotency-Key");
    }
    bool const repeated = known->first != first;
    bool const is_over = repeated && time_.now() - known->at >= longest_attempt;
    co_return entry{
        .request = std::move(*known), .repeated = repeated, .is_over = is_over, .held = std::move(held)};
}

task<void> request_keys::refused(entry const& asked, error const& why) {
    if (asked.request.key.empty() || asked.repeated || is_doubtful(why)) co_return;
    static_cast<void>(co_await store_.forget(asked.request));
}

task<result<std::size_t>> request_keys::sweep() {
    std::size_t removed = 0;
    while (true) {
        auto const batch = co_await store_.sweep(time_.now() - kept, sweep_batch);
        if (!batch) co_return std::unexpected(batch.error());
        removed += *batch;
        if (*batch < sweep_batch) co_return removed;
    }
}

}  // namespace parley
