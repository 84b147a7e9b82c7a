// One target at work on a route's request, until another one is faster or it has given all.
//
// Thread safety: everything on the event loop of the generation's reader. Ownership: shared by the route's
// generation and, where two targets are asked beside each other, by the coroutine that reads from this one.
#pragma once

#include "common/wakeup.hpp"
#include "modules/routing/route_target.hpp"
#include "modules/routing/route_usage.hpp"
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
    std::shared_ptr<route_usage> used_in_vain;
    std::optional<token_price> price{};

    bool has_reader = false;                      // see read_first
    bool given_up = false;                        // nobody wants its events any more
    bool is_counted = false;                      // but what it has used is expected by used_in_vain
    std::optional<generation_loading> loading{};  // news from its reader
    std::optional<generation_event> arrived{};    // its first event, from its reader
};

/// Fetches the first event in a coroutine of its own and notifies `reader`, and before that of how far its
/// model is loaded. The attempt is read by nobody else until then. When it was given up and stopped
/// meanwhile, what it has used is counted as count_lost() does.
void read_first(std::shared_ptr<route_attempt> from, std::shared_ptr<wakeup> reader,
                boost::asio::any_io_executor const& executor);

/// Of one that was given up and stopped: waits in a coroutine of its own for its end, for some seconds at
/// most, adds what it has used to `used_in_vain`, where it is expected, and notifies `reader`.
void count_lost(std::shared_ptr<route_attempt> from, std::shared_ptr<wakeup> reader,
                boost::asio::any_io_executor const& executor);

}  // namespace parley
