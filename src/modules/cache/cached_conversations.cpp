#include "modules/cache/cached_conversations.hpp"

#include "modules/cache/entry_codec.hpp"
#include "services/clock.hpp"
#include "services/store_errors.hpp"

#include <utility>

namespace parley {
namespace {

constexpr std::string_view kind_interaction = "interaction";

std::string key_of(interaction_id const& id) { return "interaction:" + id.text(); }

}  // namespace

task<result<interaction>> cached_conversations::get_interaction(user_id user, interaction_id id) {
    auto const key = key_of(id);
    auto const answer = co_await cache_.lookup(key);
    if (auto const* const hit = std::get_if<cache_hit>(&answer)) {
        auto known = decode_interaction(hit->bytes);
        // To others it is absent, and takes as long: the store is asked, as for one that nobody has.
        if (known && known->interaction_id == id && known->user_id == user) {
            seen_.cache_lookup(kind_interaction, cache_outcome::hit);
            if (is_expired(*known, system_clock{}.now())) co_return interaction_not_found();
            co_return std::move(*known);
        }
    }
    auto const* const miss = std::get_if<cache_miss>(&answer);
    auto const bypassed = miss != nullptr && miss->bypassed;
    seen_.cache_lookup(kind_interaction, bypassed ? cache_outcome::bypass : cache_outcome::miss);
    auto const token = miss != nullptr ? miss->token : std::nullopt;
    auto const load = [this, user, id, token] { return read_and_fill(user, id, token); };
    auto found = co_await flights_.run(key, user.text(), load);
    co_return found;
}

task<result<interaction>> cached_conversations::read_and_fill(user_id user, interaction_id id,
                                                              std::optional<fill_token> token) {
    auto found = co_await store_.get_interaction(user, id);
    if (found && token) cache_.fill(key_of(id), *token, encode_entry(*found));
    co_return found;
}

template <class T>
task<result<T>> cached_conversations::written(interaction_id id, task<result<T>> write) {
    auto outcome = co_await std::move(write);
    co_await invalidate(id);
    co_return outcome;
}

task<void> cached_conversations::invalidate(interaction_id id) {
    auto const key = key_of(id);
    flights_.forget(key);
    return cache_.invalidate(key);
}

// Nobody has read it before, and what is absent is not kept.
task<result<void>> cached_conversations::create_interaction(interaction value) {
    return store_.create_interaction(std::move(value));
}

task<result<interaction>> cached_conversations::update_interaction(user_id user, interaction_id id,
                                                                   interaction_patch patch,
                                                                   std::optional<std::int64_t> if_version,
                                                                   timestamp now) {
    return written(id, store_.update_interaction(user, id, std::move(patch), if_version, now));
}

task<result<void>> cached_conversations::delete_interaction(user_id user, interaction_id id,
                                                            std::optional<std::int64_t> if_version) {
    return written(id, store_.delete_interaction(user, id, if_version));
}

task<result<std::optional<interaction>>> cached_conversations::suggest_title(user_id user, interaction_id id,
                                                                             std::string title,
                                                                             timestamp now) {
    return written(id, store_.suggest_title(user, id, std::move(title), now));
}

// An entry that has expired is not shown: it may stay until it is pushed out.
task<result<std::size_t>> cached_conversations::delete_expired(timestamp now, std::size_t limit) {
    return store_.delete_expired(now, limit);
}

task<result<message>> cached_conversations::add_message(message_addition addition) {
    auto const id = addition.interaction_id;
    return written(id, store_.add_message(std::move(addition)));
}

task<result<turn_start>> cached_conversations::begin_turn(turn_draft draft) {
    auto const id = draft.interaction_id;
    return written(id, store_.begin_turn(std::move(draft)));
}

task<result<std::optional<turn_start>>> cached_conversations::next_turn(user_id user, interaction_id id,
                                                                        process_id owner, timestamp now) {
    return written(id, store_.next_turn(user, id, owner, now));
}

task<result<std::vector<message>>> cached_conversations::withdraw_turns(user_id user, interaction_id id,
                                                                        std::optional<message_id> only,
                                                                        timestamp now) {
    return written(id, store_.withdraw_turns(user, id, only, now));
}

task<result<std::vector<waiting_interaction>>> cached_conversations::waiting_interactions(std::size_t limit) {
    return store_.waiting_interactions(limit);
}

// A checkpoint changes the reply alone; one that fails tells that the interaction may be gone.
task<result<void>> cached_conversations::checkpoint(turn_lease lease, std::string content) {
    auto const id = lease.interaction_id;
    auto kept = co_await store_.checkpoint(lease, std::move(content));
    if (!kept) co_await invalidate(id);
    co_return kept;
}

task<result<turn_end>> cached_conversations::finish_turn(turn_lease lease, turn_outcome outcome) {
    auto const id = lease.interaction_id;
    return written(id, store_.finish_turn(lease, std::move(outcome)));
}

task<result<std::optional<message>>> cached_conversations::expire_turn(active_turn seen, timestamp now) {
    auto const id = seen.lease.interaction_id;
    return written(id, store_.expire_turn(seen, now));
}

task<result<page<interaction>>> cached_conversations::list_interactions(user_id user,
                                                                        interaction_query query) {
    return store_.list_interactions(user, query);
}

task<result<std::vector<active_turn>>> cached_conversations::active_turns(std::size_t limit) {
    return store_.active_turns(limit);
}

task<result<message>> cached_conversations::get_message(user_id user, interaction_id interaction,
                                                        message_id id) {
    return store_.get_message(user, interaction, id);
}

task<result<message>> cached_conversations::get_sibling(user_id user, interaction_id interaction,
                                                        message_id id, std::int64_t index) {
    return store_.get_sibling(user, interaction, id, index);
}

task<result<message_page>> cached_conversations::page_of_branch(user_id user, interaction_id id,
                                                                message_query query) {
    return store_.page_of_branch(user, id, query);
}

task<result<void>> cached_conversations::ping() { return store_.ping(); }

}  // namespace parley
