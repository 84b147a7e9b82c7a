// The stores kept in memory, for tests: the simplest thing that keeps the ports' promises, except that
// nothing outlives it. Tests may override what they want to go wrong. Thread safety and errors: as the ports.
#pragma once

#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"
#include "services/store_archive.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace parley {

class memory_store : public conversation_store, public identity_store {
public:
    [[nodiscard]] task<result<void>> create_interaction(interaction value) override;
    [[nodiscard]] task<result<interaction>> get_interaction(user_id user, interaction_id id) override;
    [[nodiscard]] task<result<page<interaction>>> list_interactions(user_id user,
                                                                    interaction_query query) override;
    [[nodiscard]] task<result<interaction>> update_interaction(user_id user, interaction_id id,
                                                               interaction_patch patch,
                                                               std::optional<std::int64_t> if_version,
                                                               timestamp now) override;
    [[nodiscard]] task<result<void>> delete_interaction(user_id user, interaction_id id,
                                                        std::optional<std::int64_t> if_version) override;
    [[nodiscard]] task<result<std::size_t>> delete_expired(timestamp now, std::size_t limit) override;
    [[nodiscard]] task<result<message>> append_message(user_id user, interaction_id id, message_id new_id,
                                                       message_draft draft, timestamp now) override;
    [[nodiscard]] task<result<turn_start>> begin_turn(turn_draft draft) override;
    [[nodiscard]] task<result<void>> checkpoint(turn_lease lease, std::string content) override;
    [[nodiscard]] task<result<message>> finish_turn(turn_lease lease, turn_outcome outcome) override;
    [[nodiscard]] task<result<std::vector<active_turn>>> active_turns(std::size_t limit) override;
    [[nodiscard]] task<result<std::optional<message>>> expire_turn(active_turn seen, timestamp now) override;
    [[nodiscard]] task<result<message>> get_message(user_id user, interaction_id interaction,
                                                    message_id id) override;
    [[nodiscard]] task<result<message_page>> page_of_branch(user_id user, interaction_id id,
                                                            message_query query) override;
    [[nodiscard]] task<result<void>> ping() override;

    [[nodiscard]] task<result<user>> local_user(timestamp now) override;
    [[nodiscard]] task<result<user>> get_user(user_id id) override;
    [[nodiscard]] task<result<user>> update_user(user_id id, user_patch patch) override;

private:
    friend class memory_archive;

    /// An interaction, its messages (at place seq - 1) and the reply being written.
    struct conversation {
        interaction value;
        std::vector<message> messages;
        std::vector<std::int64_t>
            epochs{};  // beside messages: the claim a reply was written under, 0 for others
        std::optional<active_turn> turn{};
        std::int64_t last_epoch = 0;
        std::optional<branch_id> root{};   // absent: the active branch
        std::vector<fork_record> forks{};  // of archives; nothing here makes any

        message* find(message_id const& id);
        message& append(message draft, std::int64_t epoch, timestamp now);
    };

    // All with guard_ held.
    conversation* find(user_id const& user, interaction_id const& id);
    conversation* find_unexpired(user_id const& user, interaction_id const& id);
    conversation* find_current(turn_lease const& lease);
    [[nodiscard]] bool is_taken(message_id const& id) const;
    result<turn_start> begin(turn_draft const& draft);
    std::optional<message> expire(active_turn const& seen, timestamp now);
    static message end(conversation& in, message reply, timestamp now);

    std::mutex guard_;
    std::map<interaction_id, conversation> conversations_;  // guarded, as all below
    std::map<user_id, user> users_;
    std::optional<user_id> local_;
    std::optional<std::string> received_;  // the source, while this is an unfinished copy
};

}  // namespace parley
