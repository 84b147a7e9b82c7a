#include "adapters/http/server/stream_body.hpp"

#include "common/ascii.hpp"
#include "common/log.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>

namespace parley::http {
namespace {

constexpr std::string_view sse_type = "text/event-stream";
constexpr std::string_view probe_comment = ": ping\n\n";

class chunk_sink final : public event_sink {
public:
    chunk_sink(stream_connection const& where, framing how) : where_(where), how_(how) {}
    ~chunk_sink() override { end(); }

    task<bool> write(std::string frame) override {
        if (gone_) co_return false;
        if (frame.empty()) co_return true;
        writing_ = true;
        gone_ = !co_await where_.stream.write(wrap(frame));
        writing_ = false;
        co_return !gone_;
    }

    bool draining() const override { return where_.signals.draining; }

    void notify_when_draining(wakeup& sleeper) override {
        where_.signals.wake_on_drain = &sleeper;
        if (draining()) sleeper.notify();
    }

    /// Sends a comment nobody needs: a client that is gone answers it with a reset, one that only ended its
    /// own sending takes it.
    void probe(std::string_view content_type) {
        if (writing_ || gone_ || over_ || !content_type.starts_with(sse_type)) return;
        auto const data = wrap(probe_comment);
        std::string const bytes = std::string(data[0]) + std::string(data[1]) + std::string(data[2]);
        auto const sent = where_.stream.write_now(bytes);
        gone_ = sent != 0 && sent != bytes.size();  // half a chunk can not be taken back
    }

    /// Nothing more comes from the stream.
    void end() {
        over_ = true;
        where_.signals.wake_on_drain = nullptr;
    }

    /// True when the client has all of it.
    [[nodiscard]] task<bool> finish() {
        if (gone_) co_return false;
        if (how_ == framing::until_close) co_return true;
        co_return co_await where_.stream.write({"0\r\n\r\n", {}, {}});
    }

private:
    byte_stream::pieces wrap(std::string_view frame) {
        if (how_ == framing::until_close) return {frame, {}, {}};
        auto* const end = std::to_chars(size_line_.data(), size_line_.data() + 16, frame.size(), 16).ptr;
        end[0] = '\r';
        end[1] = '\n';
        return {std::string_view(size_line_.data(), static_cast<std::size_t>(end + 2 - size_line_.data())),
                frame, "\r\n"};
    }

    stream_connection const& where_;
    framing const how_;
    std::array<char, 18> size_line_{};
    bool writing_ = false;
    bool gone_ = false;
    bool over_ = false;
};

class counted_stream {
public:
    explicit counted_stream(metrics& telemetry) : telemetry_(telemetry) {
        telemetry_.event_stream(connection_change::opened);
    }
    ~counted_stream() { telemetry_.event_stream(connection_change::closed); }
    counted_stream(counted_stream const&) = delete;
    counted_stream& operator=(counted_stream const&) = delete;

private:
    metrics& telemetry_;
};

void log_failure(request const& call, std::string_view what) {
    log::error("event stream failed",
               {{"request_id", std::string_view(call.request_id)}, {"route", call.route}, {"what", what}});
}

task<void> run_body(stream_connection const& where, event_stream& body, chunk_sink& sink, bool& finished) {
    try {
        co_await body.run(sink);
        finished = true;
    } catch (boost::system::system_error const& failed) {
        // The client has gone and the wait was cancelled: that is no failure.
        if (failed.code() != boost::asio::error::operation_aborted) log_failure(where.call, failed.what());
    } catch (std::exception const& failed) {
        log_failure(where.call, failed.what());
    } catch (...) {
        log_failure(where.call, "an exception of unknown type");
    }
    sink.end();
}

/// Returns when the client has gone. What it sends meanwhile belongs to its next request.
task<void> watch_client(stream_connection const& where, chunk_sink& sink, std::string_view content_type) {
    for (auto room = where.input.room(); !room.empty(); room = where.input.room()) {
        auto const count = co_await where.stream.read_some(room);
        if (count == 0) {
            sink.probe(content_type);
            break;
        }
        where.input.commit(count);
    }
    co_await where.stream.wait_until_broken();
}

bool has_header(response const& reply, std::string_view name) {
    return std::ranges::any_of(reply.headers, [name](field const& one) { return same_word(one.name, name); });
}

}  // namespace

void make_stream_headers(response& reply) {
    if (reply.content_type.empty() || reply.content_type == "application/json") reply.content_type = sse_type;
    if (!has_header(reply, "Cache-Control"))
        reply.headers.push_back({"Cache-Control", "no-cache, no-transform"});
    if (!has_header(reply, "X-Accel-Buffering")) reply.headers.push_back({"X-Accel-Buffering", "no"});
}

task<bool> run_stream(stream_connection where, event_stream& body, framing how,
                      std::string_view content_type) {
    using namespace boost::asio::experimental::awaitable_operators;
    counted_stream const counted(where.context.telemetry);
    chunk_sink sink(where, how);
    bool finished = false;
    co_await (run_body(where, body, sink, finished) || watch_client(where, sink, content_type));
    if (!finished) co_return false;  // no && around a co_await: g++ 12 awaits it in any case
    co_return co_await sink.finish();
}

}  // namespace parley::http
