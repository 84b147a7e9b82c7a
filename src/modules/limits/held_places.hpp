// Places at several limits, all or none.
#pragma once

#include "common/id.hpp"
#include "common/task.hpp"
#include "modules/limits/stream_place.hpp"
#include "services/clock.hpp"
#include "services/limiter.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {

struct place {
    std::string key;
    std::string_view limit;  // its name for clients, a literal
    std::int64_t most = 0;
};

/// Takes `who` into all of them for so long, or into none: then the one that has no room is returned. A
/// limiter that can not answer has room.
[[nodiscard]] task<std::optional<place>> enter_all(limiter& counts, std::vector<place> wanted,
                                                   std::string who, std::chrono::milliseconds life,
                                                   timestamp now);

/// Lengthens the stay of `who`, who is in all of them; where one has been lost meanwhile and has no room any
/// more, the others are kept.
[[nodiscard]] task<void> stay_in_all(limiter& counts, std::vector<place> held, std::string who,
                                     std::chrono::milliseconds life, timestamp now);

void leave_all(limiter& counts, std::vector<place> const& held, std::string const& who);

class held_places final : public stream_place {
public:
    /// Limiter and clock outlive it.
    held_places(limiter& counts, clock const& time, std::vector<place> wanted, std::chrono::milliseconds life)
        : counts_(counts),
          time_(time),
          places_(std::move(wanted)),
          life_(life) {}
    ~held_places() override;

    /// The one that has no room.
    [[nodiscard]] task<std::optional<place>> enter();
    [[nodiscard]] task<void> stay() override;

private:
    limiter& counts_;
    clock const& time_;
    std::vector<place> const places_;
    std::chrono::milliseconds const life_;
    std::string const who_ = uuid_text(new_uuid());
    bool entered_ = false;
};

}  // namespace parley
