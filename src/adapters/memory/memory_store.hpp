// The stores kept in memory, for tests: the simplest thing that keeps the ports' promises, except that
// nothing outlives it. Tests may override what they want to go wrong. Thread safety and errors: as the ports.
#pragma once

#include "entities/branches.hpp"
#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"
#include "services/request_store.hpp"
#include "services/usage_sums.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace parley {

class memory_store : public conversation_store,
                     public identity_store,
                     public request_store,
                     public usage_store {
public:
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

    [[nodiscard]] task<result<user>> local_user(timestamp now) override;
    [[nodiscard]] task<result<user>> external_user(external_identity name, user fresh) override;
    [[nodiscard]] task<result<void>> create_user(user value) override;
    [[nodiscard]] task<result<user>> get_user(user_id id) override;
    [[nodiscard]] task<result<user>> update_user(user_id id, user_patch patch) override;
    [[nodiscard]] task<result<page<user>>> list_users(page_query<user_id> query) override;
    [[nodiscard]] task<result<void>> delete_user(user_id id, timestamp now) override;
    [[nodiscard]] task<result<std::size_t>> purge_users(std::size_t limit, timestamp forget) override;
    [[nodiscard]] task<result<void>> create_key(api_key value) override;
    [[nodiscard]] task<result<std::optional<held_key>>> find_key(sha256_digest hash) override;
    [[nodiscard]] task<result<std::vector<api_key>>> list_keys(user_id id) override;
    [[nodiscard]] task<result<void>> delete_key(user_id id, key_id key) override;
    [[nodiscard]] task<result<void>> key_used(key_id key, timestamp at) override;

    [[nodiscard]] task<result<remembered_request>> remember(remembered_request wanted) override;
    [[nodiscard]] task<result<void>> forget(remembered_request refused) override;
    [[nodiscard]] task<result<std::size_t>> sweep(timestamp before, std::size_t limit) override;

    [[nodiscard]] task<result<void>> add_usage(usage_entry entry) override;
    [[nodiscard]] task<result<std::vector<usage_day>>> usage_by_day(user_id user, std::chrono::sys_days first,
                                                                    std::chrono::sys_days last) override;

private:
    friend class memory_archive;

    /// An interaction, its messages (at place seq - 1), its branches, and the replies being written or
    /// waiting.
    struct conversation {
        interaction value;
        branch_tree tree{};
        std::vector<message> messages{};
        // Beside messages: the claim a reply was written under, 0 for others and for replies ended by others.
        std::vector<std::int64_t> epochs{};
        std::optional<active_turn> turn{};
        std::vector<message_id> waiting{};
        std::int64_t last_epoch = 0;

        /// Where a message goes; `made` is the branch that it begins.
        struct spot {
            branch_id branch;
            std::optional<fork> made{};
            message const* parent = nullptr;
        };

        message* find(message_id const& id);
        [[nodiscard]] message const* head_of(branch_id const& branch) const;
        [[nodiscard]] result<spot> find_spot(message_place const& place, branch_id const& fork_id);
        [[nodiscard]] bool is_end(message_place const& place) const;
        [[nodiscard]] std::optional<message_id> busy_with() const;
        [[nodiscard]] turn_lease lease_of(turn_lease wanted, message const& reply) const;
        [[nodiscard]] message shown(message one) const;
        message& append(spot const& at, message draft, std::int64_t epoch, timestamp now);
    };

    // All with guard_ held.
    conversation* find(user_id const& user, interaction_id const& id);
    conversation* find_unexpired(user_id const& user, interaction_id const& id);
    conversation* find_current(turn_lease const& lease);
    [[nodiscard]] bool is_taken(message_id const& id) const;
    void remove(interaction_id const& id);
    result<turn_start> begin(turn_draft const& draft);
    std::optional<message> expire(active_turn const& seen, timestamp now);
    static result<turn_start> place_turn(conversation& in, turn_draft const& draft, message const* asked);
    static message end(conversation& in, message reply, timestamp now);
    void count(usage_entry const& entry);
    [[nodiscard]] bool is_known(user_id const& id) const;  // also as one who was deleted
    [[nodiscard]] std::vector<api_key> keys_of(user_id const& id) const;
    std::size_t purge(std::size_t limit, timestamp forget);

    std::mutex guard_;
    std::map<interaction_id, conversation> conversations_;  // guarded, as all below
    std::map<user_id, user> users_;
    std::optional<user_id> local_;
    std::map<external_identity, user_id> names_;
    std::map<key_id, api_key> keys_;
    std::map<user_id, timestamp> deleted_;  // users, and when they were
    struct kept_request {
        remembered_request request;
        bool asked_again = false;  // by a copy
    };
    std::map<std::pair<user_id, std::string>, kept_request> requests_;
    std::map<user_id, usage_sums> usage_;
    std::set<message_id> counted_;         // replies and entries
    std::optional<std::string> received_;  // the source, while this is an unfinished copy
};

}  // namespace parley
