#include "modules/routing/route_attempt.hpp"

#include "common/log.hpp"
#include "services/clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <exception>
#include <string>
#include <utility>
#include <variant>

namespace parley {

namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 1000ms;  // at least so often at whether anybody still waits
constexpr auto longest_farewell = 2000ms;

/// Nothing when it was given up and says nothing more.
task<generation_event> first_event(route_attempt& of, wakeup& reader) {
    std::string what;
    try {
        for (;;) {
            auto event = co_await of.running->next(look_again);
            bool const loads = std::holds_alternative<generation_loading>(event);
            if (!loads && !std::holds_alternative<generation_idle>(event)) co_return event;
            if (of.given_up) co_return generation_idle{};
            if (!loads) continue;
            of.loading = std::get<generation_loading>(std::move(event));
            reader.notify();
        }
    } catch (std::exception const& bug) {
        what = bug.what();
    }
    log::error("reading from a target threw",
               {{"target", of.target->name()}, {"what", std::string_view{what}}});
    generation_end end;
    end.failure = internal_error(std::move(what)).error();
    co_return end;
}

/// After `event`, until the end.
task<void> count_to_end(std::shared_ptr<route_attempt> from, generation_event event,
                        std::shared_ptr<wakeup> reader) {
    auto const until = steady_now() + longest_farewell;
    while (!std::holds_alternative<generation_end>(event) && steady_now() < until) {
        event = co_await first_event(*from, *reader);
    }
    if (auto const* const end = std::get_if<generation_end>(&event))
        from->used_in_vain->add(end->usage, from->price);
    --from->used_in_vain->expected;
    reader->notify();
}

task<void> deliver_first(std::shared_ptr<route_attempt> from, std::shared_ptr<wakeup> reader) {
    auto event = co_await first_event(*from, *reader);
    if (from->given_up) {
        if (from->is_counted) co_await count_to_end(std::move(from), std::move(event), std::move(reader));
        co_return;
    }
    from->arrived.emplace(std::move(event));
    from->has_reader = false;
    reader->notify();
}

}  // namespace

void read_first(std::shared_ptr<route_attempt> from, std::shared_ptr<wakeup> reader,
                boost::asio::any_io_executor const& executor) {
    from->has_reader = true;
    boost::asio::co_spawn(executor, deliver_first(std::move(from), std::move(reader)), boost::asio::detached);
}

void count_lost(std::shared_ptr<route_attempt> from, std::shared_ptr<wakeup> reader,
                boost::asio::any_io_executor const& executor) {
    generation_event before = generation_idle{};
    if (from->arrived) before = std::move(*from->arrived);
    boost::asio::co_spawn(executor, count_to_end(std::move(from), std::move(before), std::move(reader)),
                          boost::asio::detached);
}

}  // namespace parley
