#include "adapters/redis/link.hpp"

#include <boost/asio/async_result.hpp>

#include <algorithm>
#include <utility>

namespace parley::redis {
namespace {

error silent() { return {error_kind::timed_out, "redis_timeout", "Redis did not answer in time.", {}, {}}; }

error cut_off(boost::system::error_code why) {
    return {error_kind::unavailable,
            "redis_closed",
            "Redis has closed the connection (" + why.message() + ").",
            {},
            {}};
}

}  // namespace

link::link(boost::asio::any_io_executor const& executor, std::unique_ptr<byte_stream> stream,
           options const& how)
    : stream_(std::move(stream)),
      timer_(executor),
      command_timeout_(how.command_timeout),
      idle_check_(how.idle_check) {}

void link::start() {
    read_more();
    watch();
}

void link::on_end(std::move_only_function<void(error const&)> ended) {
    if (!open_) return ended(why_);
    ended_ = std::move(ended);
}

void link::send(std::string bytes, steady::time_point deadline, completion done) {
    if (!open_) return done(fail(error_kind::unavailable, "redis_closed", "Redis is not connected."));
    if (pending_.size() >= most_pending)
        return done(fail(error_kind::overloaded, "redis_busy", "Too many commands wait for Redis."));
    last_sent_ = steady::now();
    pending_.push_back({deadline, std::move(done)});
    if (unsent_.empty()) {
        unsent_ = std::move(bytes);
    } else {
        unsent_ += bytes;
    }
    if (pending_.size() == 1) watch();
    write_more();
}

task<answer> link::ask(std::string bytes, std::chrono::milliseconds patience) {
    auto const self = shared_from_this();
    auto const deadline = steady::now() + patience;
    auto const begin = [self, deadline](auto handler, std::string command) {
        self->send(std::move(command), deadline,
                   [handler = std::move(handler)](answer outcome) mutable { handler(std::move(outcome)); });
    };
    auto outcome = co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void(answer)>(
        begin, boost::asio::use_awaitable, std::move(bytes));
    co_return outcome;
}

void link::close(error const& why) {
    ended_ = nullptr;
    end(why);
}

void link::read_more() {
    stream_->read_some(in_, [self = shared_from_this()](boost::system::error_code failed, std::size_t size) {
        self->on_read(failed, size);
    });
}

void link::on_read(boost::system::error_code failed, std::size_t size) {
    if (!open_) return;
    if (failed) return end(cut_off(failed));
    if (auto fed = parser_.feed({in_.data(), size}); !fed) return end(fed.error());
    while (open_) {
        auto next = parser_.next();
        if (!next) return end(next.error());
        if (!*next) break;
        if (pending_.empty()) {
            return end(
                {error_kind::malformed, "redis_protocol", "Redis answered what nobody asked.", {}, {}});
        }
        auto done = std::move(pending_.front().done);
        pending_.pop_front();
        done(std::move(**next));
    }
    if (open_) read_more();
}

void link::write_more() {
    if (writing_ || unsent_.empty() || !open_) return;
    writing_ = true;
    sending_.swap(unsent_);
    unsent_.clear();
    stream_->write_all(sending_, [self = shared_from_this()](boost::system::error_code failed, std::size_t) {
        self->writing_ = false;
        if (failed) return self->end(cut_off(failed));
        self->write_more();
    });
}

// One timer for all: it runs to the first pending command's deadline, or to the next look at a silent link.
void link::watch() {
    if (!open_) return;
    auto const at = pending_.empty() ? last_sent_ + idle_check_ : pending_.front().deadline;
    timer_.expires_at(at);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
        if (!cancelled) self->on_watch();
    });
}

void link::on_watch() {
    if (!open_) return;
    if (pending_.empty() && steady::now() - last_sent_ >= idle_check_) {
        return send(format_command({"PING"}), steady::now() + command_timeout_, [](answer const&) {});
    }
    if (!pending_.empty() && pending_.front().deadline <= steady::now()) return end(silent());
    watch();
}

void link::end(error const& why) {
    if (!open_) return;
    open_ = false;
    why_ = why;
    auto const self = shared_from_this();
    stream_->close();
    timer_.cancel();
    auto unanswered = std::exchange(pending_, {});
    // First, so that whoever is answered now finds the link given up.
    auto ended = std::exchange(ended_, nullptr);
    if (ended) ended(why_);
    for (auto& one : unanswered) one.done(std::unexpected(why_));
}

}  // namespace parley::redis
