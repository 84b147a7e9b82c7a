// All SQL of the running program in one place; each connection prepares a statement once.
#pragma once

#include <cstddef>
#include <string>

namespace parley::sqlite {

enum class statement : unsigned char {
    begin_read,
    begin_write,
    commit,
    rollback,
    ping,
    write_probe,

    find_user,
    find_local_user,
    find_external_user,
    insert_user,
    insert_external_name,
    update_user,
    users_ascending,
    users_descending,
    names_of_user,

    delete_user,
    mark_deleted_user,
    interactions_of_deleted_users,
    delete_messages,
    delete_usage_of_user,
    delete_usage_of_deleted_users,
    delete_requests_of_deleted_users,
    forget_deleted_users,

    insert_key,
    find_key,
    keys_of_user,
    count_keys,
    delete_key,
    use_key,

    find_interaction,
    interaction_by_key,
    find_state,
    insert_interaction,
    insert_details,
    update_interaction,
    update_details,
    delete_interaction,
    expired_interactions,
    list_by_last_message_ascending,
    list_by_last_message_descending,
    list_by_creation_ascending,
    list_by_creation_descending,

    branch_by_key,
    branches_of_interaction,
    insert_branch,
    leave_branch,
    move_interaction,

    insert_message,
    message_by_id,
    message_id_by_key,
    all_messages_ascending,
    all_messages_descending,
    root_messages_ascending,
    root_messages_descending,
    fork_messages_ascending,
    fork_messages_descending,
    advance_interaction,

    claim_turn,
    advance_turn,
    release_turn,
    update_content,
    end_reply,
    active_turns,

    set_waiting,
    waiting_replies,
    waiting_interactions,
    start_reply,
    withdraw_reply,

    insert_request,
    mark_request_asked_again,
    find_request,
    delete_request,
    sweep_requests,

    insert_usage_entry,
    find_counted_reply,
    add_usage,
    usage_of_days,

    interactions_after,
    restore_state,
    usage_after,
    put_usage,

    end_of_list  // keep last
};

inline constexpr auto statement_count = static_cast<std::size_t>(statement::end_of_list);

[[nodiscard]] std::string const& sql_of(statement which);

}  // namespace parley::sqlite
