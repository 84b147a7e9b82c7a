// The default stores: conversations, users and usage in one SQLite database in the data folder.
//
// Thread safety and errors: as the ports. Ownership: the folder is locked by this process while the object
// lives. The event loops whose coroutines use it must be alive until close() has returned, and destroyed
// after that.
#pragma once

#include "common/config.hpp"
#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"
#include "services/metrics.hpp"
#include "services/request_store.hpp"
#include "services/usage_store.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace parley {

/// What tests turn; the server leaves it alone.
struct sqlite_options {
    std::string vfs;  // a registered SQLite VFS; empty: the operating system's files
    std::chrono::milliseconds longest_wait{10'000};  // for a write to be answered, if only by store_timeout
    int checkpoint_pages = 4096;  // length of the write-ahead log, in pages of 4 KiB, from which it is moved
};

class sqlite_store final : public conversation_store,
                           public identity_store,
                           public request_store,
                           public usage_store {
public:
    ~sqlite_store() override;

    /// Commits what is queued, moves the write-ahead log into the database, closes all files. Later calls
    /// fail with store_unavailable. Not to be called on an event loop.
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
    struct parts;
    explicit sqlite_store(std::unique_ptr<parts> owned);
    friend result<std::unique_ptr<sqlite_store>> open_sqlite_store(store_config const&, metrics&,
                                                                   sqlite_options const&);

    std::unique_ptr<parts> parts_;
};

/// Opens or makes the store in `settings.path`. `seen` must outlive it. Errors, each with a sentence for the
/// operator: store_path_invalid, store_not_writable, store_locked, store_damaged, store_not_ours,
/// store_too_new, store_incomplete, storage_full, store_unavailable.
[[nodiscard]] result<std::unique_ptr<sqlite_store>> open_sqlite_store(store_config const& settings,
                                                                      metrics& seen,
                                                                      sqlite_options const& options = {});

}  // namespace parley
