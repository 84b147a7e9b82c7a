// Claiming an interaction for one reply.
#pragma once

#include "adapters/sqlite/query.hpp"
#include "services/conversation_store.hpp"

#include <cstdint>

namespace parley::sqlite {

/// Errors: as to_error.
[[nodiscard]] inline result<void> claim(connection& db, std::int64_t interaction_key,
                                        turn_lease const& lease) {
    query write{db, statement::claim_turn};
    return write.bind(interaction_key).bind(lease.reply_id).bind(lease.owner).bind(lease.epoch).run();
}

}  // namespace parley::sqlite
