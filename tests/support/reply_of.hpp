// What most tests want of a turn that has ended.
#pragma once

#include "services/conversation_store.hpp"

#include <utility>

namespace parley::test {

inline result<message> reply_of(result<turn_end> ended) {
    if (!ended) return std::unexpected(std::move(ended.error()));
    return std::move(ended->reply);
}

}  // namespace parley::test
