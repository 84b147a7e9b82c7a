// A conversation store that tells the user's feed which interactions were created, changed and deleted,
// whoever did it, once that is stored. Messages are told by who runs the turns, titles by who makes them.
// A patch that changed nothing is not told; one that raced with another may be told twice with the same
// state.
//
// Thread safety and errors: as the port. Ownership: store and feed outlive it.
#pragma once

#include "services/conversation_store.hpp"
#include "services/user_feed.hpp"

#include <string>

namespace parley {

class announced_conversations final : public conversation_store {
public:
    announced_conversations(conversation_store& store, user_feed& feed) : store_(store), feed_(feed) {}

    [[nodiscard]] task<result<void>> create_interaction(interaction value) override;
    [[nodiscard]] task<result<interaction>> get_interaction(user_id user, interaction_id id) override;
    [[nodiscard]] task<result<page<interaction>>> list_interactions(user_id user,
                                                                    interaction_query query) override;
    [[nodiscard]] task<result<interaction>> update_interaction(user_id user, interaction_id id,
                                                               interaction_patch patch,
                                                               std::optional<std::int64_t> if_version,
                                                               timestamp now) override;
    [[nodiscard]] task<result<std::optional<interaction>>> suggest_title(user_id user, interaction_id id,
                                                                         std::string title,
                                                                         timestamp now) override;
    [[nodiscard]] task<result<void>> delete_interaction(user_id user, interaction_id id,
                                                        std::optional<std::int64_t> if_version) override;
    [[nodiscard]] task<result<std::size_t>> delete_expired(timestamp now, std::size_t limit) override;
    [[nodiscard]] task<result<message>> add_message(message_addition addition) override;
    [[nodiscard]] task<result<turn_start>> begin_turn(turn_draft draft) override;
    [[nodiscard]] task<result<std::optional<turn_start>>> next_turn(user_id user, interaction_id id,
                                                                    process_id owner, timestamp now) override;
    [[nodiscard]] task<result<std::vector<message>>> withdraw_turns(user_id user, interaction_id id,
                                                                    std::optional<message_id> only,
                                                                    timestamp now) override;
    [[nodiscard]] task<result<std::vector<waiting_interaction>>> waiting_interactions(
        std::size_t limit) override;
    [[nodiscard]] task<result<void>> checkpoint(turn_lease lease, std::string content) override;
    [[nodiscard]] task<result<turn_end>> finish_turn(turn_lease lease, turn_outcome outcome) override;
    [[nodiscard]] task<result<std::vector<active_turn>>> active_turns(std::size_t limit) override;
    [[nodiscard]] task<result<std::optional<message>>> expire_turn(active_turn seen, timestamp now) override;
    [[nodiscard]] task<result<message>> get_message(user_id user, interaction_id interaction,
                                                    message_id id) override;
    [[nodiscard]] task<result<message>> get_sibling(user_id user, interaction_id interaction, message_id id,
                                                    std::int64_t index) override;
    [[nodiscard]] task<result<message_page>> page_of_branch(user_id user, interaction_id id,
                                                            message_query query) override;
    [[nodiscard]] task<result<void>> ping() override;

private:
    conversation_store& store_;
    user_feed& feed_;
};

}  // namespace parley
