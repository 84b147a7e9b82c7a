// The errors of the store ports, made in one place so that every store says the same.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"

#include <expected>
#include <string>
#include <utility>

namespace parley {

[[nodiscard]] inline std::unexpected<error> user_not_found() {
    return fail(error_kind::not_found, "user_not_found", "There is no such user.");
}

[[nodiscard]] inline std::unexpected<error> user_exists() {
    return fail(error_kind::conflict, "user_exists", "A user with this id exists already.");
}

[[nodiscard]] inline std::unexpected<error> key_not_found() {
    return fail(error_kind::not_found, "key_not_found", "This user has no such key.");
}

[[nodiscard]] inline std::unexpected<error> key_exists() {
    return fail(error_kind::conflict, "key_exists", "A key with this id exists already.");
}

[[nodiscard]] inline std::unexpected<error> too_many_keys() {
    return fail(error_kind::conflict, "too_many_keys",
                "A user has 100 keys at most: delete one that is not needed any more.");
}

[[nodiscard]] inline std::unexpected<error> interaction_not_found() {
    return fail(error_kind::not_found, "interaction_not_found", "There is no such interaction.");
}

[[nodiscard]] inline std::unexpected<error> message_not_found() {
    return fail(error_kind::not_found, "message_not_found", "There is no such message.");
}

/// Of a message that is named as another one's parent.
[[nodiscard]] inline std::unexpected<error> parent_not_found() {
    return fail(error_kind::not_found, "message_not_found", "There is no such message to go on from.",
                "parent_id");
}

[[nodiscard]] inline std::unexpected<error> branch_not_found(std::string param = {}) {
    return fail(error_kind::not_found, "branch_not_found", "There is no such branch.", std::move(param));
}

[[nodiscard]] inline std::unexpected<error> too_many_branches() {
    return fail(error_kind::conflict, "too_many_branches",
                "The interaction has as many branches as it can have.");
}

[[nodiscard]] inline std::unexpected<error> too_many_waiting() {
    return fail(error_kind::conflict, "too_many_waiting",
                "As many replies as may wait in one interaction are waiting already.");
}

[[nodiscard]] inline std::unexpected<error> not_a_user_message() {
    return fail(error_kind::conflict, "not_a_user_message",
                "Only a user's or a tool's message is replied to.");
}

[[nodiscard]] inline std::unexpected<error> interaction_exists() {
    return fail(error_kind::conflict, "interaction_exists", "An interaction with this id exists already.");
}

[[nodiscard]] inline std::unexpected<error> message_exists() {
    return fail(error_kind::conflict, "message_exists", "The id of the message is taken.");
}

/// Somebody was faster: who asked looks again and decides anew.
[[nodiscard]] inline std::unexpected<error> newer_messages() {
    return fail(error_kind::conflict, "newer_messages", "The interaction has newer messages than were seen.");
}

/// `running` is the reply that is being written.
[[nodiscard]] inline std::unexpected<error> turn_in_progress(message_id const& running) {
    return fail(error_kind::conflict, "turn_in_progress", "A reply is being written in this interaction.",
                running.text());
}

[[nodiscard]] inline std::unexpected<error> turn_lost() {
    return fail(error_kind::conflict, "turn_lost", "The turn was ended by somebody else.");
}

[[nodiscard]] inline std::unexpected<error> version_mismatch() {
    return fail(error_kind::precondition_failed, "version_mismatch",
                "The interaction has been changed meanwhile.");
}

/// `which` is the store in words, for the operator.
[[nodiscard]] inline std::unexpected<error> store_not_empty(std::string const& which) {
    return fail(error_kind::conflict, "store_not_empty",
                which +
                    " is not empty, and a copy needs a place of its own. Choose another one, or compare it "
                    "with the source (parley migrate-store --verify).");
}

/// Of a store that receive_from has begun and end_reception not ended.
[[nodiscard]] inline std::unexpected<error> store_incomplete(std::string const& which) {
    return fail(error_kind::conflict, "store_incomplete",
                which +
                    " is the unfinished copy of another store. Run the same parley migrate-store again: it "
                    "goes on where it stopped.");
}

[[nodiscard]] inline std::unexpected<error> store_absent(std::string const& which) {
    return fail(error_kind::not_found, "store_absent",
                which + " holds no store of Parley. Check the configuration that names it.");
}

[[nodiscard]] inline std::unexpected<error> store_closed() {
    return fail(error_kind::unavailable, "store_unavailable", "The store is closed.");
}

}  // namespace parley
