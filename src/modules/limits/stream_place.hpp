// A place for an event stream, of the few that somebody may have open. Thread safety: one event loop.
#pragma once

#include "common/task.hpp"

#include <chrono>

namespace parley {

/// Left when it is destroyed.
class stream_place {
public:
    stream_place() = default;
    stream_place(stream_place const&) = delete;
    stream_place& operator=(stream_place const&) = delete;
    virtual ~stream_place() = default;

    /// To be called every `stream_stay` or oftener: else the place is free after three of them.
    [[nodiscard]] virtual task<void> stay() = 0;
};
inline constexpr std::chrono::seconds stream_stay{20};

}  // namespace parley
