// What ends a piece of work on a connection before its time: a deadline, or somebody who says stop. Cheap to
// move on with every piece of an answer: the timer is touched only when a deadline comes nearer or has come.
//
// Thread safety: one event loop. Ownership: shared; a wait that is under way keeps it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace parley::upstream {

class lifeline : public std::enable_shared_from_this<lifeline> {
public:
    enum class cause { none, deadline, stopped };

    explicit lifeline(boost::asio::any_io_executor const& executor) : timer_(executor) {}
    lifeline(lifeline const&) = delete;
    lifeline& operator=(lifeline const&) = delete;
    ~lifeline() = default;

    /// From now; replaces the deadline before.
    void end_within(std::chrono::milliseconds patience);
    void no_deadline() { deadline_.reset(); }

    /// How to end what is under way now; called once, at once when the end has been. Replaces the way before.
    void interrupt_by(std::function<void()> how);

    /// The first cause counts.
    void end(cause why);
    [[nodiscard]] cause ended() const { return ended_; }

    /// The work is over: nothing is interrupted any more, and no timer keeps the event loop busy.
    void release();

private:
    using steady = std::chrono::steady_clock;
    void arm();

    boost::asio::steady_timer timer_;
    std::optional<steady::time_point> deadline_;
    std::optional<steady::time_point> armed_for_;
    std::function<void()> interrupt_;
    cause ended_ = cause::none;
};

}  // namespace parley::upstream
