// What can be asked of the store, one type per intention of the ports. run() may be called again when the
// connection broke and nobody knows how far it came: members marked "attempts" remember what was tried, so
// that a repetition neither doubles anything nor reports its own first attempt as somebody else's. Errors of
// run(): those of the port's function, and as failure_of and failure_of_code.
#pragma once

#include "adapters/mongo/interaction_document.hpp"
#include "adapters/mongo/session.hpp"
#include "entities/user.hpp"
#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"
#include "services/request_store.hpp"
#include "services/usage_store.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace parley::mongo {

struct create_interaction {
    interaction value;
    [[nodiscard]] result<void> run(session& db) const;
};

struct get_interaction {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    [[nodiscard]] result<interaction> run(session& db) const;
};

struct list_interactions {
    parley::user_id user_id;
    interaction_query query;
    [[nodiscard]] result<page<interaction>> run(session& db) const;
};

struct update_interaction {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    interaction_patch patch;
    std::optional<std::int64_t> if_version;
    timestamp now;
    uuid_bytes change = new_uuid();  // attempts: tells our own change from others
    bool sent = false;               // attempts
    [[nodiscard]] result<interaction> run(session& db);

private:
    /// When nothing is found after a change whose answer was lost: what we stored, if it was that it expires
    /// at once; otherwise `why`.
    [[nodiscard]] result<interaction> expired_by_us(session& db, error const& why) const;
};

struct suggest_title {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    std::string title;
    timestamp now;
    uuid_bytes change = new_uuid();  // attempts, as above
    [[nodiscard]] result<std::optional<interaction>> run(session& db) const;
};

struct delete_interaction {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    std::optional<std::int64_t> if_version;
    bool sent = false;  // attempts
    [[nodiscard]] result<void> run(session& db);
};

struct delete_expired {
    timestamp now;
    std::size_t limit = 0;
    [[nodiscard]] result<std::size_t> run(session& db) const;
};

struct append_message {
    message_addition wanted;
    [[nodiscard]] result<message> run(session& db) const;
};

struct begin_turn {
    turn_draft draft;
    [[nodiscard]] result<turn_start> run(session& db) const;
};

struct next_turn {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    process_id owner;
    timestamp now;
    std::optional<message_id> tried{};  // attempts: the reply that the interaction was claimed for last
    [[nodiscard]] result<std::optional<turn_start>> run(session& db);

private:
    [[nodiscard]] result<std::optional<std::optional<turn_start>>> begin(session& db,
                                                                         interaction_state const& held) const;
};

struct withdraw_turns {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    std::optional<message_id> only;
    timestamp now;
    std::vector<message_id> tried{};  // attempts, as the next
    std::vector<message> ended{};
    [[nodiscard]] result<std::vector<message>> run(session& db);

private:
    [[nodiscard]] result<void> stop(session& db, interaction_state const& in, message_id const& reply);
};

struct list_waiting {
    std::size_t limit = 0;
    [[nodiscard]] result<std::vector<waiting_interaction>> run(session& db) const;
};

struct checkpoint {
    turn_lease lease;
    std::string content;
    [[nodiscard]] result<void> run(session& db) const;
};

struct finish_turn {
    turn_lease lease;
    turn_outcome outcome;
    [[nodiscard]] result<turn_end> run(session& db) const;
};

struct expire_turn {
    active_turn seen;
    timestamp now;
    bool sent = false;  // attempts
    [[nodiscard]] result<std::optional<message>> run(session& db);
};

struct list_active_turns {
    std::size_t limit = 0;
    [[nodiscard]] result<std::vector<active_turn>> run(session& db) const;
};

struct get_message {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    parley::message_id message_id;
    [[nodiscard]] result<message> run(session& db) const;
};

struct get_sibling {
    get_message beside;
    std::int64_t index = 0;
    [[nodiscard]] result<message> run(session& db) const;
};

struct page_of_branch {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    message_query query;
    [[nodiscard]] result<message_page> run(session& db) const;
};

struct probe {
    [[nodiscard]] result<void> run(session& db) const;
};

struct local_user {
    timestamp now;
    parley::user_id fresh = parley::user_id::make();
    [[nodiscard]] result<user> run(session& db) const;
};

struct external_user {
    external_identity name;
    user fresh;
    [[nodiscard]] result<user> run(session& db) const;
};

struct create_user {
    user value;
    uuid_bytes made = new_uuid();  // attempts: tells our own from others
    [[nodiscard]] result<void> run(session& db) const;
};

struct get_user {
    parley::user_id user_id;
    [[nodiscard]] result<user> run(session& db) const;
};

struct update_user {
    parley::user_id user_id;
    user_patch patch;
    [[nodiscard]] result<user> run(session& db) const;
};

struct list_users {
    page_query<user_id> query;
    [[nodiscard]] result<page<user>> run(session& db) const;
};

struct delete_user {
    parley::user_id user_id;
    timestamp now;
    uuid_bytes made = new_uuid();  // attempts, as above
    [[nodiscard]] result<void> run(session& db) const;
};

struct purge_users {
    std::size_t limit = 0;
    timestamp forget;
    std::vector<interaction_id> begun{};  // attempts: may be marked, with contents that are not deleted yet
    std::size_t deleted = 0;              // attempts
    [[nodiscard]] result<std::size_t> run(session& db);

private:
    [[nodiscard]] result<void> finish_begun(session& db);
    [[nodiscard]] result<void> delete_conversations(session& db, std::span<user_id const> of);
};

struct create_key {
    api_key value;
    bool sent = false;  // attempts
    [[nodiscard]] result<void> run(session& db);
};

struct find_key {
    sha256_digest hash;
    [[nodiscard]] result<std::optional<held_key>> run(session& db) const;
};

struct list_keys {
    parley::user_id user_id;
    [[nodiscard]] result<std::vector<api_key>> run(session& db) const;
};

struct delete_key {
    parley::user_id user_id;
    parley::key_id key_id;
    bool seen = false;  // attempts, as the next
    bool sent = false;
    [[nodiscard]] result<void> run(session& db);
};

struct key_used {
    parley::key_id key_id;
    timestamp at;
    [[nodiscard]] result<void> run(session& db) const;
};

struct remember_request {
    remembered_request wanted;
    [[nodiscard]] result<remembered_request> run(session& db) const;
};

struct forget_request {
    remembered_request refused;
    [[nodiscard]] result<void> run(session& db) const;
};

struct sweep_requests {
    timestamp before;
    std::size_t limit = 0;
    [[nodiscard]] result<std::size_t> run(session& db) const;
};

struct add_usage {
    usage_entry entry;
    [[nodiscard]] result<void> run(session& db) const;
};

struct usage_by_day {
    parley::user_id user_id;
    std::chrono::sys_days first;
    std::chrono::sys_days last;
    [[nodiscard]] result<std::vector<usage_day>> run(session& db) const;
};

/// Finishes deletions that were cut short, and forgets those that are older than `before`: until then late
/// writes of other processes may still arrive for them. Returns how many it forgot.
struct sweep_deleted {
    timestamp before;
    std::int64_t limit = 100;
    [[nodiscard]] result<std::int64_t> run(session& db) const;
};

}  // namespace parley::mongo
