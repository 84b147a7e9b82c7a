// Places at several limits, all or none.
#pragma once

#include "common/id.hpp"
#include "common/task.hpp"
#include "modules/limits/stream_place.hpp"
#include "services/clock.hpp"
#include "services/limiter.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace parley {

struct place {
    std::string key;
    std::int64_t most = 0;
};

/// Whether `who` is at all of them now, for so long; at none if one has no room. A limiter that can not
/// answer has room.
[[nodiscard]] task<bool> enter_all(limiter& counts, std::vector<place> wanted, std::string who,
                                   std::chrono::milliseconds life, timestamp now);

class held_places final : public stream_place {
public:
    /// Limiter and clock outlive it.
    held_places(limiter& counts, clock const& time, std::vector<place> wanted, std::chrono::milliseconds life)
        : counts_(counts),
          time_(time),
          places_(std::move(wanted)),
          life_(life) {}
    ~held_places() override;

    [[nodiscard]] task<bool> enter();
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
