#include "modules/limits/place_keeper.hpp"

namespace parley {

task<void> place_keeper::look() {
    for (auto const& one : limits_.admitted()) {
        auto const left = co_await ended(one);
        if (left) {
            limits_.over(one.user_id, *left);
        } else {
            co_await limits_.stay(one.reply);
        }
    }
}

task<std::optional<message>> place_keeper::ended(admitted_reply of) {
    if (written_here_(of.reply)) co_return std::nullopt;
    auto found = co_await store_.get_message(of.user_id, of.interaction_id, of.reply);
    if (found && is_final(found->status)) co_return std::move(*found);
    if (found || found.error().kind != error_kind::not_found) co_return std::nullopt;
    message gone;
    gone.message_id = of.reply;
    co_return gone;
}

}  // namespace parley
