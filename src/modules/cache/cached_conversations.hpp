// A conversation store with a cache before it: get_interaction is answered from the cache where it can be,
// and every write of an interaction makes its entry invalid before it is acknowledged. Messages and lists
// always come from the store, and so do the checks of every write (owner, version, claim).
//
// What one process writes it reads at once. What another one writes is seen at once while the cache can be
// reached, and within the cache's time to live otherwise. Thread safety and errors: as the port. Ownership:
// store, cache and metrics outlive it.
#pragma once

#include "modules/cache/single_flight.hpp"
#include "services/cache.hpp"
#include "services/conversation_store.hpp"
#include "services/metrics.hpp"

#include <string>

namespace parley {

class cached_conversations final : public conversation_store {
public:
    cached_conversations(conversation_store& store, cache& kept, metrics& seen)
        : store_(store),
          cache_(kept),
          seen_(seen) {}

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
    /// Only what was read after the token was given may be kept, so it is not for those who share a flight.
    [[nodiscard]] task<result<interaction>> read_and_fill(user_id user, interaction_id id,
                                                          std::optional<fill_token> token);
    /// Waits for the write and then makes the entry invalid, whatever came of it: a write that failed may
    /// have happened all the same, and one that was refused tells that the entry may be old.
    template <class T>
    [[nodiscard]] task<result<T>> written(interaction_id id, task<result<T>> write);
    [[nodiscard]] task<void> invalidate(interaction_id id);

    conversation_store& store_;
    cache& cache_;
    metrics& seen_;
    single_flight<interaction> flights_;
};

}  // namespace parley
