// Who looks on while a store is copied or compared. Thread safety: called by the thread that does it.
#pragma once

#include "common/error.hpp"
#include "services/store_archive.hpp"

#include <chrono>
#include <cstdint>

namespace parley {

enum class transfer_step { looking_over, copying, comparing };

class transfer_observer {
public:
    transfer_observer() = default;
    transfer_observer(transfer_observer const&) = delete;
    transfer_observer& operator=(transfer_observer const&) = delete;
    virtual ~transfer_observer() = default;

    /// After each batch: how many of so many messages are done; both are 0 when there are none. False: stop.
    [[nodiscard]] virtual bool advanced(transfer_step step, std::int64_t done, std::int64_t total) = 0;

    /// Before a wait of that length, which it does. False: stop.
    [[nodiscard]] virtual bool pause(std::chrono::milliseconds length) = 0;

    /// An earlier run has left a part of the copy: what of it is kept.
    virtual void resumes(archive_counts const& kept) = 0;

    /// Turns that had been left behind in the source and were ended.
    virtual void ended_turns(std::int64_t count) = 0;
};

[[nodiscard]] inline std::unexpected<error> stopped_by_observer() {
    return fail(error_kind::cancelled, "cancelled", "It was stopped.");
}

}  // namespace parley
