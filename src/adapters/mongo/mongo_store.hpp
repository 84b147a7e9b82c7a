// The stores at scale: conversations, users and usage in a MongoDB database, which several Parleys may share.
//
// Thread safety and errors: as the ports. Ownership: the event loops whose coroutines use it must be alive
// until close() has returned, and destroyed after that. docs/mongodb.md tells what is stored and promised.
#pragma once

#include "common/config.hpp"
#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"
#include "services/metrics.hpp"
#include "services/request_store.hpp"
#include "services/usage_store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace parley {

/// What tests turn; the server leaves it alone.
struct mongo_options {
    std::chrono::milliseconds longest_wait{5'000};    // for a call to be answered, if only by store_timeout
    std::chrono::milliseconds select{1'500};          // for a server, within that
    std::chrono::milliseconds answer{3'000};          // for an answer, within that
    std::chrono::milliseconds start_patience{5'000};  // for a server when the store is opened
    std::chrono::milliseconds prepare{600'000};  // for an answer then: an index takes as long as it takes
    std::size_t queue = 4'096;                   // calls that wait for a connection
    std::chrono::milliseconds sweep_every{60'000};
    std::chrono::milliseconds keep_deleted{600'000};             // longer than any late write
    std::function<void(std::string_view command)> on_command{};  // sees all that is sent, as JSON
};

class mongo_store final : public conversation_store,
                          public identity_store,
                          public request_store,
                          public usage_store {
public:
    ~mongo_store() override;

    /// Refuses what waits, lets end what runs, closes all connections. Later calls fail with
    /// store_unavailable. Not to be called on an event loop.
    void close();

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
    /// Of several that are created at once each may find room for one more.
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

    /// What the sweeper does now and then: finishes deletions that were cut short, forgets old ones.
    [[nodiscard]] task<result<std::int64_t>> sweep_deleted(timestamp now);

private:
    struct parts;
    explicit mongo_store(std::unique_ptr<parts> owned);
    friend result<std::unique_ptr<mongo_store>> open_mongo_store(store_config const&, metrics&,
                                                                 mongo_options const&);

    std::unique_ptr<parts> parts_;
};

/// Connects and prepares the database. `seen` must outlive it. Errors, each with a sentence for the operator:
/// store_uri_invalid, store_unavailable, store_refused (wrong credentials or rights), store_too_new,
/// store_not_ours, store_incomplete.
[[nodiscard]] result<std::unique_ptr<mongo_store>> open_mongo_store(store_config const& settings,
                                                                    metrics& seen,
                                                                    mongo_options const& options = {});

}  // namespace parley
