#include "modules/events/announced_conversations.hpp"

#include <utility>

namespace parley {

task<result<void>> announced_conversations::create_interaction(interaction value) {
    auto stored = co_await store_.create_interaction(value);
    auto const user = value.user_id;
    if (stored) feed_.publish(user, interaction_created{std::move(value)});
    co_return stored;
}

// The port does not say whether anything was changed; the version before it does. An old one out of a cache
// can only make too much be told.
task<result<interaction>> announced_conversations::update_interaction(user_id user, interaction_id id,
                                                                      interaction_patch patch,
                                                                      std::optional<std::int64_t> if_version,
                                                                      timestamp now) {
    auto version = if_version;
    if (!version) {
        auto const before = co_await store_.get_interaction(user, id);
        if (!before) co_return std::unexpected(before.error());
        version = before->version;
    }
    auto after = co_await store_.update_interaction(user, id, std::move(patch), if_version, now);
    if (after && after->version != *version) feed_.publish(user, interaction_changed{*after});
    co_return after;
}

task<result<std::optional<interaction>>> announced_conversations::suggest_title(user_id user,
                                                                                interaction_id id,
                                                                                std::string title,
                                                                                timestamp now) {
    return store_.suggest_title(user, id, std::move(title), now);
}

task<result<void>> announced_conversations::delete_interaction(user_id user, interaction_id id,
                                                               std::optional<std::int64_t> if_version) {
    auto gone = co_await store_.delete_interaction(user, id, if_version);
    if (gone) feed_.publish(user, interaction_deleted{id});
    co_return gone;
}

task<result<interaction>> announced_conversations::get_interaction(user_id user, interaction_id id) {
    return store_.get_interaction(user, id);
}

task<result<page<interaction>>> announced_conversations::list_interactions(user_id user,
                                                                           interaction_query query) {
    return store_.list_interactions(user, query);
}

// Who has an interaction open has its expires_at, too.
task<result<std::size_t>> announced_conversations::delete_expired(timestamp now, std::size_t limit) {
    return store_.delete_expired(now, limit);
}

task<result<message>> announced_conversations::add_message(message_addition addition) {
    return store_.add_message(std::move(addition));
}

task<result<turn_start>> announced_conversations::begin_turn(turn_draft draft) {
    return store_.begin_turn(std::move(draft));
}

task<result<std::optional<turn_start>>> announced_conversations::next_turn(user_id user, interaction_id id,
                                                                           process_id owner, timestamp now) {
    return store_.next_turn(user, id, owner, now);
}

task<result<std::vector<message>>> announced_conversations::withdraw_turns(user_id user, interaction_id id,
                                                                           std::optional<message_id> only,
                                                                           timestamp now) {
    return store_.withdraw_turns(user, id, only, now);
}

task<result<std::vector<waiting_interaction>>> announced_conversations::waiting_interactions(
    std::size_t limit) {
    return store_.waiting_interactions(limit);
}

task<result<void>> announced_conversations::checkpoint(turn_lease lease, std::string content) {
    return store_.checkpoint(lease, std::move(content));
}

task<result<turn_end>> announced_conversations::finish_turn(turn_lease lease, turn_outcome outcome) {
    return store_.finish_turn(lease, std::move(outcome));
}

task<result<std::vector<active_turn>>> announced_conversations::active_turns(std::size_t limit) {
    return store_.active_turns(limit);
}

task<result<std::optional<message>>> announced_conversations::expire_turn(active_turn seen, timestamp now) {
    return store_.expire_turn(seen, now);
}

task<result<message>> announced_conversations::get_message(user_id user, interaction_id interaction,
                                                           message_id id) {
    return store_.get_message(user, interaction, id);
}

task<result<message>> announced_conversations::get_sibling(user_id user, interaction_id interaction,
                                                           message_id id, std::int64_t index) {
    return store_.get_sibling(user, interaction, id, index);
}

task<result<message_page>> announced_conversations::page_of_branch(user_id user, interaction_id id,
                                                                   message_query query) {
    return store_.page_of_branch(user, id, query);
}

task<result<void>> announced_conversations::ping() { return store_.ping(); }

}  // namespace parley
