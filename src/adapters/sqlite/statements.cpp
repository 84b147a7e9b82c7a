#include "adapters/sqlite/statements.hpp"

#include <array>
#include <string_view>

namespace parley::sqlite {
namespace {

// Read by user_reads.cpp in this order.
std::string const user_columns =
    "SELECT user_id, name, extra, created_at, is_admin, limits, is_local FROM users ";

// Read by key_reads.cpp in this order.
std::string const key_columns =
    "SELECT k.key_id, k.user_id, k.hash, k.created_at, k.expires_at, k.last_used_at, k.scopes, k.name, "
    "k.hint, k.limits";

std::string const of_deleted_users = "WHERE user_id IN (SELECT user_id FROM deleted_users)";

// Read by interaction_row.cpp in this order.
std::string const interaction_columns =
    "SELECT i.interaction_key, i.interaction_id, i.user_id, i.flags, i.created_at, i.updated_at, "
    "i.last_message_at, "
    "i.message_count, i.version, i.root_branch, i.active_branch, d.title, d.metadata, d.model_name, "
    "d.prompt_role, "
    "d.temperature, d.top_p, d.max_output_tokens, d.seed, d.stop, d.prompt, d.on_busy, d.mask, "
    "d.content_template, i.expires_at, d.tools "
    "FROM interactions i CROSS JOIN interaction_details d ON d.interaction_key = i.interaction_key ";

// Read by message_row.cpp in this order.
std::string const message_columns =
    "SELECT message_key, message_id, parent_id, branch_key, created_at, role, status, content_kind, "
    "finish_reason, "
    "input_tokens, cached_tokens, output_tokens, usage_estimated, queued_ms, first_token_ms, duration_ms, "
    "lease_epoch, model_name, error_code, error_message, metadata, transformed_content, content, parent_seq, "
    "extra FROM messages ";

std::string const whole_range = message_columns + "WHERE message_key BETWEEN ?1 AND ?2 ";
std::string const root_range =
    message_columns + "WHERE message_key BETWEEN ?1 AND ?2 AND branch_key IS NULL ";
std::string const fork_range = message_columns + "WHERE branch_key = ?4 AND message_key BETWEEN ?1 AND ?2 ";

// Without its name the planner would rather read all messages of the interaction.
std::string const branch_columns =
    "SELECT branch_key, branch_id, parent_key, fork_seq, head_seq FROM branches ";

std::string const waiting_range =
    message_columns + "INDEXED BY messages_waiting WHERE status = 1 AND message_key BETWEEN ?1 AND ?2 ";

// Read and written by usage_rows.cpp in this order.
std::string const usage_columns =
    "SELECT user_id, day, model_name, generations, input_tokens, cached_tokens, output_tokens, cost, "
    "estimated FROM usage ";
std::string const insert_usage =
    "INSERT INTO usage (user_id, day, model_name, generations, input_tokens, cached_tokens, output_tokens, "
    "cost, estimated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ";

/// What leaves 64 bits becomes a floating-point number, which the cast brings back to their end.
std::string sum_of(std::string const& column) {
    return column + " = CAST(" + column + " + excluded." + column + " AS INTEGER)";
}

std::string list_sql(std::string const& time, bool ascending) {
    std::string const way = ascending ? " ASC" : " DESC";
    return "SELECT " + time +
           ", interaction_id, interaction_key FROM interactions WHERE user_id = ?1 AND flags = ?2 AND (" +
           time + ", interaction_id) " + (ascending ? ">" : "<") +
           " (?3, ?4) AND (expires_at IS NULL OR expires_at > ?6) ORDER BY " + time + way +
           ", interaction_id" + way + " LIMIT ?5";
}

std::string make(statement which) {
    switch (which) {
        case statement::begin_read:
            return "BEGIN";
        case statement::begin_write:
            return "BEGIN IMMEDIATE";
        case statement::commit:
            return "COMMIT";
        case statement::rollback:
            return "ROLLBACK";
        case statement::ping:
            return "SELECT 1 FROM interactions LIMIT 1";
        case statement::write_probe:
            return "INSERT OR REPLACE INTO write_probe (id, filler) VALUES (1, randomblob(65536))";

        case statement::find_user:
            return user_columns + "WHERE user_id = ?1";
        case statement::find_local_user:
            return user_columns + "WHERE is_local = 1";
        case statement::find_external_user:
            return user_columns +
                   "WHERE user_id = (SELECT user_id FROM external_names WHERE issuer = ?1 AND subject = ?2)";
        case statement::insert_user:
            return "INSERT INTO users (user_id, name, extra, created_at, is_admin, limits, is_local) "
                   "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 "
                   "WHERE NOT EXISTS (SELECT 1 FROM deleted_users WHERE user_id = ?1) "
                   "ON CONFLICT (user_id) DO NOTHING";
        case statement::insert_external_name:
            return "INSERT INTO external_names (issuer, subject, user_id) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT (issuer, subject) DO NOTHING";
        case statement::update_user:
            return "UPDATE users SET name = ?2, extra = ?3, is_admin = ?4, limits = ?5 WHERE user_id = ?1";
        case statement::users_ascending:
            return user_columns + "WHERE user_id > ?1 ORDER BY user_id ASC LIMIT ?2";
        case statement::users_descending:
            return user_columns + "WHERE user_id < ?1 ORDER BY user_id DESC LIMIT ?2";
        case statement::names_of_user:
            return "SELECT issuer, subject FROM external_names WHERE user_id = ?1 ORDER BY issuer, subject";

        case statement::delete_user:
            return "DELETE FROM users WHERE user_id = ?1";
        case statement::mark_deleted_user:
            return "INSERT INTO deleted_users (user_id, deleted_at) VALUES (?1, ?2)";
        case statement::interactions_of_deleted_users:
            return "SELECT interaction_key FROM deleted_users d CROSS JOIN interactions i "
                   "ON i.user_id = d.user_id LIMIT ?1";
        case statement::delete_messages:
            return "DELETE FROM messages WHERE message_key BETWEEN ?1 AND ?2";
        case statement::delete_usage_of_user:
            return "DELETE FROM usage WHERE user_id = ?1";
        case statement::delete_usage_of_deleted_users:
            return "DELETE FROM usage " + of_deleted_users;
        case statement::delete_requests_of_deleted_users:
            return "DELETE FROM requests " + of_deleted_users;
        case statement::forget_deleted_users:
            return "DELETE FROM deleted_users WHERE deleted_at < ?1 AND NOT EXISTS "
                   "(SELECT 1 FROM interactions i WHERE i.user_id = deleted_users.user_id)";

        case statement::insert_key:
            return "INSERT INTO api_keys (key_id, user_id, hash, created_at, expires_at, last_used_at, "
                   "scopes, name, hint, limits) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
                   "ON CONFLICT DO NOTHING";
        case statement::find_key:
            return key_columns +
                   ", u.is_admin, u.limits FROM api_keys k CROSS JOIN users u ON u.user_id = k.user_id "
                   "WHERE k.hash = ?1";
        case statement::keys_of_user:
            return key_columns +
                   " FROM api_keys k WHERE k.user_id = ?1 ORDER BY k.created_at DESC, k.key_id DESC";
        case statement::count_keys:
            return "SELECT count(*) FROM api_keys WHERE user_id = ?1";
        case statement::delete_key:
            return "DELETE FROM api_keys WHERE key_id = ?1 AND user_id = ?2";
        case statement::use_key:
            return "UPDATE api_keys SET last_used_at = ?2 "
                   "WHERE key_id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)";

        case statement::find_interaction:
            return interaction_columns + "WHERE i.interaction_id = ?1";
        case statement::interaction_by_key:
            return interaction_columns + "WHERE i.interaction_key = ?1";
        case statement::find_state:
            return "SELECT interaction_key, user_id, updated_at, last_message_at, message_count, last_seq, "
                   "version, "
                   "root_branch, active_branch, head_id, turn_reply_id, turn_owner, turn_epoch, "
                   "turn_progress, head_seq, root_head_seq, fork_count, waiting, expires_at "
                   "FROM interactions WHERE interaction_id = ?1";
        case statement::insert_interaction:
            return "INSERT INTO interactions (interaction_id, user_id, flags, created_at, updated_at, "
                   "last_message_at, "
                   "message_count, last_seq, version, root_branch, expires_at) VALUES (?1, ?2, ?3, ?4, "
                   "?5, ?6, ?7, 0, ?8, ?9, ?10) "
                   "ON CONFLICT (interaction_id) DO NOTHING";
        case statement::insert_details:
            return "INSERT INTO interaction_details (interaction_key, title, metadata, model_name, "
                   "prompt_role, "
                   "temperature, top_p, max_output_tokens, seed, stop, prompt, on_busy, mask, "
                   "content_template, tools) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
        case statement::update_interaction:
            return "UPDATE interactions SET flags = ?2, updated_at = ?3, version = ?4, expires_at = ?5 "
                   "WHERE interaction_key = ?1";
        case statement::update_details:
            return "UPDATE interaction_details SET title = ?2, metadata = ?3, model_name = ?4, prompt_role = "
                   "?5, "
                   "temperature = ?6, top_p = ?7, max_output_tokens = ?8, seed = ?9, stop = ?10, prompt = "
                   "?11, on_busy = ?12, mask = ?13, content_template = ?14, tools = ?15 "
                   "WHERE interaction_key = ?1";
        case statement::delete_interaction:
            return "DELETE FROM interactions WHERE interaction_key = ?1";
        case statement::expired_interactions:
            return "SELECT interaction_key FROM interactions WHERE expires_at <= ?1 ORDER BY expires_at "
                   "LIMIT ?2";
        case statement::list_by_last_message_ascending:
            return list_sql("last_message_at", true);
        case statement::list_by_last_message_descending:
            return list_sql("last_message_at", false);
        case statement::list_by_creation_ascending:
            return list_sql("created_at", true);
        case statement::list_by_creation_descending:
            return list_sql("created_at", false);

        case statement::branch_by_key:
            return branch_columns + "WHERE branch_key = ?1";
        case statement::branches_of_interaction:
            return branch_columns + "WHERE interaction_key = ?1 ORDER BY branch_key";
        case statement::insert_branch:
            return "INSERT INTO branches (interaction_key, branch_id, parent_key, fork_seq) "
                   "VALUES (?1, ?2, ?3, ?4)";
        case statement::leave_branch:
            return "UPDATE branches SET head_seq = ?2 WHERE branch_key = ?1";
        case statement::move_interaction:
            return "UPDATE interactions SET active_branch = ?2, head_id = ?3, head_seq = ?4, root_head_seq = "
                   "?5, fork_count = ?6 WHERE interaction_key = ?1";

        case statement::insert_message:
            return "INSERT INTO messages (message_key, message_id, parent_id, branch_key, created_at, role, "
                   "status, "
                   "content_kind, lease_epoch, model_name, metadata, transformed_content, content, "
                   "parent_seq, extra) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) "
                   "ON CONFLICT (message_id) DO NOTHING";
        case statement::message_by_id:
            return message_columns + "WHERE message_id = ?1";
        case statement::message_id_by_key:
            return "SELECT message_id FROM messages WHERE message_key = ?1";
        case statement::all_messages_ascending:
            return whole_range + "ORDER BY message_key ASC LIMIT ?3";
        case statement::all_messages_descending:
            return whole_range + "ORDER BY message_key DESC LIMIT ?3";
        case statement::root_messages_ascending:
            return root_range + "ORDER BY message_key ASC LIMIT ?3";
        case statement::root_messages_descending:
            return root_range + "ORDER BY message_key DESC LIMIT ?3";
        case statement::fork_messages_ascending:
            return fork_range + "ORDER BY message_key ASC LIMIT ?3";
        case statement::fork_messages_descending:
            return fork_range + "ORDER BY message_key DESC LIMIT ?3";
        case statement::advance_interaction:
            return "UPDATE interactions SET updated_at = ?2, last_message_at = ?3, message_count = ?4, "
                   "last_seq = ?5, "
                   "head_id = ?6, head_seq = ?7 WHERE interaction_key = ?1";

        case statement::claim_turn:
            return "UPDATE interactions SET turn_reply_id = ?2, turn_owner = ?3, turn_epoch = ?4, "
                   "turn_progress = 0 "
                   "WHERE interaction_key = ?1";
        case statement::advance_turn:
            return "UPDATE interactions SET turn_progress = turn_progress + 1 WHERE interaction_key = ?1";
        case statement::release_turn:
            return "UPDATE interactions SET turn_reply_id = NULL, turn_owner = NULL, updated_at = ?2 "
                   "WHERE interaction_key = ?1";
        case statement::update_content:
            return "UPDATE messages SET content = ?2 WHERE message_key = ?1";
        case statement::end_reply:
            return "UPDATE messages SET status = ?2, finish_reason = ?3, input_tokens = ?4, cached_tokens = "
                   "?5, "
                   "output_tokens = ?6, usage_estimated = ?7, queued_ms = ?8, first_token_ms = ?9, "
                   "duration_ms = ?10, "
                   "lease_epoch = ?11, error_code = ?12, error_message = ?13, content = ?14, extra = ?15 "
                   "WHERE message_key = ?1";
        case statement::active_turns:
            return "SELECT user_id, interaction_id, turn_reply_id, turn_owner, turn_epoch, turn_progress "
                   "FROM interactions WHERE turn_reply_id IS NOT NULL ORDER BY turn_reply_id LIMIT ?1";

        case statement::set_waiting:
            return "UPDATE interactions SET waiting = ?2, updated_at = ?3 WHERE interaction_key = ?1";
        case statement::waiting_replies:
            return waiting_range + "ORDER BY message_key LIMIT ?3";
        case statement::waiting_interactions:
            return "SELECT user_id, interaction_id FROM interactions INDEXED BY interactions_waiting "
                   "WHERE waiting > 0 AND turn_reply_id IS NULL AND (expires_at IS NULL OR expires_at > ?2) "
                   "LIMIT ?1";
        case statement::start_reply:
            return "UPDATE messages SET status = ?2, lease_epoch = ?3 WHERE message_key = ?1";
        case statement::withdraw_reply:
            return "UPDATE messages SET status = ?2 WHERE message_key = ?1";

        case statement::insert_request:
            return "INSERT INTO requests (user_id, key, at, interaction_id, first_id, second_id, branch_id, "
                   "fingerprint) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (user_id, key) DO "
                   "NOTHING";
        case statement::mark_request_asked_again:
            return "UPDATE requests SET asked_again = 1 WHERE user_id = ?1 AND key = ?2 "
                   "AND first_id <> ?3 AND fingerprint = ?4 AND asked_again = 0";
        case statement::find_request:
            return "SELECT at, interaction_id, first_id, second_id, branch_id, fingerprint FROM requests "
                   "WHERE user_id = ?1 AND key = ?2";
        case statement::delete_request:
            return "DELETE FROM requests WHERE user_id = ?1 AND key = ?2 "
                   "AND first_id = ?3 AND asked_again = 0";
        case statement::sweep_requests:
            return "DELETE FROM requests WHERE (user_id, key) IN "
                   "(SELECT user_id, key FROM requests WHERE at < ?1 ORDER BY at LIMIT ?2)";

        case statement::insert_usage_entry:
            return "INSERT INTO usage_entries (id) VALUES (?1) ON CONFLICT (id) DO NOTHING";
        case statement::find_counted_reply:
            return "SELECT 1 FROM messages WHERE message_id = ?1 AND input_tokens IS NOT NULL";
        case statement::add_usage:
            return insert_usage + "ON CONFLICT (user_id, day, model_name) DO UPDATE SET " +
                   sum_of("generations") + ", " + sum_of("input_tokens") + ", " + sum_of("cached_tokens") +
                   ", " + sum_of("output_tokens") + ", " + sum_of("cost") + ", " + sum_of("estimated");
        case statement::usage_of_days:
            return usage_columns + "WHERE user_id = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day, model_name";

        case statement::interactions_after:
            return interaction_columns + "WHERE i.interaction_id > ?1 ORDER BY i.interaction_id LIMIT ?2";
        case statement::restore_state:
            return "UPDATE interactions SET last_seq = ?2, turn_epoch = ?3, active_branch = ?4, head_id = "
                   "?5, head_seq = ?6, root_head_seq = ?7, fork_count = ?8, waiting = ?9 "
                   "WHERE interaction_key = ?1";
        case statement::usage_after:
            return usage_columns +
                   "WHERE (user_id, day, model_name) > (?1, ?2, ?3) ORDER BY user_id, day, model_name LIMIT "
                   "?4";
        case statement::put_usage:
            return "INSERT OR REPLACE" + insert_usage.substr(std::string_view{"INSERT"}.size());
        case statement::end_of_list:
            break;
    }
    return {};
}

}  // namespace

std::string const& sql_of(statement which) {
    static auto const texts = [] {
        std::array<std::string, statement_count> out;
        for (std::size_t i = 0; i < statement_count; ++i) out[i] = make(static_cast<statement>(i));
        return out;
    }();
    return texts[static_cast<std::size_t>(which)];
}

}  // namespace parley::sqlite
