// One target at work on a route's request, until another one is faster or it has given all.
//
// Thread safety: everything on the event loop of the generation's reader. Ownership: shared by the route's
// generation and, where two targets are asked beside each other, by the coroutine that reads from this one.
#pragma once

#include "common/wakeup.hpp"
#include "modules/routing/route_target.hpp"
#include "services/language_model.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace parley {

struct route_attempt {
    std::shared_ptr<route_target> target;
    route_target::place place;
    std::unique_ptr<generation> running;  // goes before its place
    std::chrono::steady_clock::time_point begun;
    std::size_t number = 0;  // among the message's attempts

    bool has_reader = false;                    // see read_first
    bool given_up = false;                      // nobody wants its events any more
    std::optional<generation_event> arrived{};  // its first event, from its reader
};

/// Fetches the first event in a coroutine of its own and notifies `reader`. The attempt is read by nobody
/// else before that. It ends soon after the attempt was given up and stopped.
void read_first(std::shared_ptr<route_attempt> from, std::shared_ptr<wakeup> reader,
                boost::asio::any_io_executor const& executor);

}  // namespace parley
