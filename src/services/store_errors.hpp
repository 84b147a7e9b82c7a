// The errors of the store ports, made in one place so that every store says the same.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"

#include <expected>

namespace parley {

[[nodiscard]] inline std::unexpected<error> user_not_found() {
    return fail(error_kind::not_found, "user_not_found", "There is no such user.");
}

[[nodiscard]] inline std::unexpected<error> interaction_not_found() {
    return fail(error_kind::not_found, "interaction_not_found", "There is no such interaction.");
}

[[nodiscard]] inline std::unexpected<error> message_not_found() {
    return fail(error_kind::not_found, "message_not_found", "There is no such message.");
}

[[nodiscard]] inline std::unexpected<error> branch_not_found() {
    return fail(error_kind::not_found, "branch_not_found", "There is no such branch.");
}

[[nodiscard]] inline std::unexpected<error> interaction_exists() {
    return fail(error_kind::conflict, "interaction_exists", "An interaction with this id exists already.");
}

[[nodiscard]] inline std::unexpected<error> message_exists() {
    return fail(error_kind::conflict, "message_exists", "The id of the message is taken.");
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

[[nodiscard]] inline std::unexpected<error> store_closed() {
    return fail(error_kind::unavailable, "store_unavailable", "The store is closed.");
}

}  // namespace parley
