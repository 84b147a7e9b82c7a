// Who may begin a turn: asked before anything of it is stored, and told when its reply is over.
// Thread safety: any event loop.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "entities/message.hpp"
#include "modules/turn/turn_request.hpp"

namespace parley {

class turn_gate {
public:
    turn_gate() = default;
    turn_gate(turn_gate const&) = delete;
    turn_gate& operator=(turn_gate const&) = delete;
    virtual ~turn_gate() = default;

    /// Takes a place for the reply. Errors: as turn_service::begin gives them to who asked.
    [[nodiscard]] virtual task<result<void>> enter(turn_request const& asked) = 0;

    /// Gives it back: the reply was not begun.
    virtual void refused(turn_request const& asked) = 0;

    /// The reply is over, whoever wrote it, and says what was used.
    virtual void over(user_id user, message const& reply) = 0;
};

}  // namespace parley
