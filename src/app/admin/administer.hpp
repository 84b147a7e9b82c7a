// Does what `parley users …` and `parley keys …` are asked for. What a script wants (ids, a key's text) goes
// to standard output, everything else to standard error.
#pragma once

#include "app/admin/admin_command.hpp"
#include "common/config.hpp"

namespace parley {

enum class admin_end { done, failed, no_server };

[[nodiscard]] admin_end run_admin(config const& settings, admin_command const& wanted);

}  // namespace parley
