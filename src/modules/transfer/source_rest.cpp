#include "modules/transfer/source_rest.hpp"

#include <algorithm>
#include <vector>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_turns = 1'000;
constexpr auto look_every = 500ms;

std::unexpected<error> in_use() {
    return fail(
        error_kind::conflict, "store_in_use",
        "The source is in use: a reply is being written in it. Stop every Parley that uses it, and run "
        "this again.");
}

/// Whether each of `later` stood there before with the same progress.
bool nothing_moved(std::vector<active_turn> const& before, std::vector<active_turn> const& later) {
    return std::ranges::all_of(later, [&before](active_turn const& turn) {
        return std::ranges::any_of(before, [&turn](active_turn const& old) {
            return old.lease == turn.lease && old.progress == turn.progress;
        });
    });
}

/// The turns that are left after a lease's length without progress. Errors: store_in_use; cancelled.
result<std::vector<active_turn>> watch(store_archive& source, transfer_observer& seen,
                                       std::chrono::milliseconds lease) {
    auto const before = source.active_turns(most_turns);
    if (!before || before->empty()) return before;
    auto turns = before;
    for (auto waited = 0ms; waited < lease; waited += look_every) {
        if (!seen.pause(look_every)) return stopped_by_observer();
        turns = source.active_turns(most_turns);
        if (!turns) return turns;
        if (!nothing_moved(*before, *turns)) return in_use();
    }
    return turns;
}

}  // namespace

result<void> bring_to_rest(store_archive& source, transfer_observer& seen, clock const& time,
                           std::chrono::milliseconds lease) {
    std::vector<active_turn> before;
    for (std::int64_t ended = 0;;) {
        auto const turns = watch(source, seen, lease);
        if (!turns) return std::unexpected(turns.error());
        if (turns->empty()) {
            if (ended > 0) seen.ended_turns(ended);
            return {};
        }
        if (!before.empty() && nothing_moved(before, *turns)) return internal_error("turns do not end");
        before = *turns;
        for (auto const& turn : *turns) {
            if (auto done = source.end_turn(turn, time.now()); !done) return done;
        }
        ended += static_cast<std::int64_t>(turns->size());
    }
}

}  // namespace parley
