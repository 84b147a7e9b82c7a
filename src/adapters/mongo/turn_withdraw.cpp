#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/settling.hpp"

#include <algorithm>

namespace parley::mongo {

result<void> withdraw_turns::stop(session& db, interaction_state const& in, message_id const& reply) {
    if (std::ranges::find(ended, reply, &message::message_id) != ended.end()) return {};
    bool const repeated = std::ranges::find(tried, reply) != tried.end();
    if (!repeated) tried.push_back(reply);
    document filter;
    filter.put("_id", reply)
        .put("interaction", interaction_id)
        .put("status", to_text(message_status::queued));
    auto const set = doc("$set", doc("status", to_text(message_status::stopped)));
    auto const stopped = db.find_and_modify(messages, filter, set);
    if (!stopped) return std::unexpected(stopped.error());
    if (*stopped) {
        ended.push_back(in.shown(read_message(*(*stopped)->get()).value));
        return {};
    }
    if (!repeated) return {};
    // Our first attempt may have done it.
    auto const found = find_message(db, reply);
    if (!found) return std::unexpected(found.error());
    bool const by_us = *found && (*found)->value.status == message_status::stopped && !(*found)->lease;
    if (by_us) ended.push_back(in.shown((*found)->value));
    return {};
}

namespace {

/// The last one that waited has gone.
result<void> end_if_empty(session& db, interaction_state const& in) {
    if (in.work != waiting || !in.queue.empty()) return {};
    return end_waiting(db, in);
}

}  // namespace

result<std::vector<message>> withdraw_turns::run(session& db) {
    auto const in = find_own_state(db, user_id, interaction_id);
    if (!in) return std::unexpected(in.error());
    if (auto const done = end_if_empty(db, *in); !done) return std::unexpected(done.error());
    array gone;
    for (auto const& reply : in->queue) {
        if (only && *only != reply) continue;
        if (auto const done = stop(db, *in, reply); !done) return std::unexpected(done.error());
        gone.push(reply);
    }
    if (gone.size() == 0) return ended;
    document pull;
    pull.put("$pullAll", document{}.put_array("queue", gone.members())).put("$max", doc("updated", now));
    auto const filter = doc("_id", interaction_id).put("root", in->tree.root);
    auto const left = db.find_and_modify(interactions, filter, pull);
    if (!left) return std::unexpected(left.error());
    if (!*left) return ended;
    auto const done = end_if_empty(db, read_interaction(*(*left)->get()));
    if (!done) return std::unexpected(done.error());
    return ended;
}

}  // namespace parley::mongo
