#include "modules/routing/route_attempt.hpp"

#include "common/log.hpp"

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

task<generation_event> first_event(route_attempt& of) {
    std::string what;
    try {
        while (!of.given_up) {
            auto event = co_await of.running->next(look_again);
            if (!std::holds_alternative<generation_idle>(event)) co_return event;
        }
        co_return generation_idle{};
    } catch (std::exception const& bug) {
        what = bug.what();
    }
    log::error("reading from a target threw",
               {{"target", of.target->name()}, {"what", std::string_view{what}}});
    generation_end end;
    end.failure = internal_error(std::move(what)).error();
    co_return end;
}

task<void> deliver_first(std::shared_ptr<route_attempt> from, std::shared_ptr<wakeup> reader) {
    auto event = co_await first_event(*from);
    if (from->given_up) co_return;
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

}  // namespace parley
