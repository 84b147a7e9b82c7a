#include "adapters/http/native/watched_stream.hpp"

#include <chrono>
#include <utility>

namespace parley::http {
namespace {

using steady = std::chrono::steady_clock;

std::optional<std::string> kept(std::optional<std::string_view> value) {
    return value ? std::optional<std::string>{*value} : std::nullopt;
}

}  // namespace

class watched_stream::sink_of_known final : public event_sink {
public:
    sink_of_known(event_sink& sink, watched_stream& of) : sink_(sink), of_(of) {}

    task<bool> write(std::string frame) override {
        bool const known = co_await is_known();
        if (!known) co_return false;
        auto const now = steady::now();
        if (of_.place_ && now - stayed_ >= stream_stay) {
            stayed_ = now;
            co_await of_.place_->stay();
        }
        co_return co_await sink_.write(std::move(frame));
    }
    [[nodiscard]] bool draining() const override { return sink_.draining(); }
    void notify_when_draining(wakeup& sleeper) override { sink_.notify_when_draining(sleeper); }

private:
    /// Asked before each frame: who was found a moment ago is remembered there, for a second and no longer
    /// than a key or token is good. So an error means that for a second nobody could say who reads: the
    /// stream ends then, and its reader comes back with Last-Event-ID.
    task<bool> is_known() {
        credentials const shown{of_.authorization_, of_.user_header_, of_.peer_, of_.user_};
        auto const who = co_await of_.identity_.identify(shown);
        if (!who) co_return false;
        co_return who->user_id == of_.user_ && (who->may.read || who->may.write);
    }

    event_sink& sink_;
    watched_stream& of_;
    steady::time_point stayed_ = steady::now();
};

watched_stream::watched_stream(std::unique_ptr<event_stream> inner, request const& call,
                               authenticator const& identity, std::unique_ptr<stream_place> place)
    : inner_(std::move(inner)),
      identity_(identity),
      place_(std::move(place)),
      user_(call.caller.user_id),
      authorization_(kept(call.header("Authorization"))),
      user_header_(identity.user_header().empty() ? std::nullopt : kept(call.header(identity.user_header()))),
      peer_(call.peer) {}

task<void> watched_stream::run(event_sink& sink) {
    sink_of_known known{sink, *this};
    co_await inner_->run(known);
}

}  // namespace parley::http
