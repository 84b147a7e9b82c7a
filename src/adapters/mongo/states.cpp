#include "adapters/mongo/states.hpp"

#include "services/clock.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley::mongo {

document still_there() {
    array either;
    either.push(idle).push(in_turn).push(waiting);
    document out;
    return out.put_array("$in", either.members());
}

document unexpired_at(timestamp now) { return doc("$not", doc("$lte", now)); }

result<std::optional<interaction_state>> find_state(session& db, interaction_id const& id) {
    auto const found = db.find_one(interactions, doc("_id", id));
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::optional<interaction_state>{};
    auto state = read_interaction(*(*found)->get());
    if (state.work == removed) return std::optional<interaction_state>{};
    return std::optional{std::move(state)};
}

result<interaction_state> find_own_state(session& db, user_id const& user, interaction_id const& id,
                                         read_from where) {
    auto const found = db.find_one(interactions, doc("_id", id).put("user", user), where);
    if (!found) return std::unexpected(found.error());
    if (!*found) return interaction_not_found();
    auto state = read_interaction(*(*found)->get());
    if (state.work == removed || is_expired(state.value, system_clock{}.now()))
        return interaction_not_found();
    return state;
}

result<std::optional<stored_message>> find_message(session& db, message_id const& id) {
    auto const found = db.find_one(messages, doc("_id", id));
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::optional<stored_message>{};
    return std::optional{read_message(*(*found)->get())};
}

stored_message const* known_messages::find(std::optional<message_id> const& id) const {
    auto const found = std::ranges::find_if(
        all_, [&](stored_message const& one) { return id && one.value.message_id == *id; });
    return found == all_.end() ? nullptr : &*found;
}

result<known_messages> find_messages(session& db, std::span<std::optional<message_id> const> ids) {
    array wanted;
    for (auto const& id : ids) {
        if (id) wanted.push(*id);
    }
    document among;
    among.put_array("$in", wanted.members());
    find_options options;
    options.limit = static_cast<std::int64_t>(wanted.size());
    auto const found = db.find(messages, doc("_id", among), options);
    if (!found) return std::unexpected(found.error());
    std::vector<stored_message> out;
    out.reserve(found->size());
    for (auto const& one : *found) out.push_back(read_message(*one.get()));
    return known_messages{std::move(out)};
}

bool is_visible(interaction_state const& in, message const& one) {
    return one.interaction_id == in.value.interaction_id && one.seq <= in.last_visible() &&
           in.tree.has(one.branch_id);
}

std::unexpected<error> try_later(std::string why) {
    return fail(error_kind::unavailable, "store_unavailable", "The store can not be reached at the moment.",
                {}, std::move(why));
}

document as_read(interaction_state const& state) {
    document out;
    out.put("_id", state.value.interaction_id)
        .put("root", state.tree.root)
        .put("active", state.active)
        .put("last_seq", state.last_seq)
        .put("epoch", state.epoch)
        .put("work", state.work);
    if (state.turn) out.put("turn.reply", state.turn->reply).put("turn.adds", state.turn->adds);
    return out;
}

}  // namespace parley::mongo
