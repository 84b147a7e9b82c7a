#include "adapters/http/server/session.hpp"

#include "adapters/http/server/exchange_record.hpp"
#include "adapters/http/server/problem.hpp"
#include "adapters/http/server/stream_body.hpp"
#include "common/id.hpp"

#include <utility>

namespace parley::http {
namespace {

constexpr std::size_t body_read_size = 16 * 1024;  // bytes
constexpr std::size_t worth_keeping = 64 * 1024;   // bytes of a body's memory between requests
constexpr std::size_t most_lingering =
    32 * 1024 * 1024;  // bytes read from a client that was answered already
constexpr std::chrono::milliseconds longest_lingering{1'000};

std::size_t input_limit(server_config const& limits) { return limits.max_header_bytes + body_read_size; }

std::size_t empty_lines(std::string_view text) {
    std::size_t size = 0;
    while (text.substr(size).starts_with("\r\n")) size += 2;
    return size;
}

}  // namespace

session::session(session_context const& context, byte_stream& stream, session_signals& signals,
                 boost::asio::any_io_executor executor)
    : context_(context),
      stream_(stream),
      signals_(signals),
      input_(input_limit(context.limits)),
      now_(clock::now()) {
    call_.executor = std::move(executor);
    call_.peer = stream_.peer();
}

task<void> session::run() {
    // g++ 12 miscompiles a loop whose condition is a co_await and whose body is empty.
    bool more = true;
    while (more) more = co_await serve_one();
}

task<void> session::turn_away(error what) {
    begin_exchange();
    refusal why{status_of(what.kind), std::move(what)};
    co_await refuse(std::move(why));
}

// g++ 12 destroys some temporaries in a co_await expression twice: those of a braced list and of ?:. Here and
// below they have names, or come out of plain functions.
task<bool> session::serve_one() {
    auto const head = co_await await_head();
    if (head == 0) co_return false;
    begin_exchange();
    request_reader reader(call_, head_text_, context_.limits);
    auto const refused = reader.read_head(input_.view().substr(0, head));
    input_.consume(head);
    choose_request_id(call_);
    if (refused) {
        co_await refuse(*refused);
        co_return false;
    }
    auto plan = plan_request(context_, call_, reader);
    if (plan.target && is_awaited(reader)) co_await turn_away_unknown(plan);
    if (!reader.complete() && !plan.close) {
        if (plan.target) reader.limit_body(plan.target->body_limit);
        if (!co_await receive_body(reader, plan.target != nullptr)) co_return false;
    }
    response reply;
    if (plan.target) {
        reply = co_await run_handler(*plan.target->target, call_);
    } else {
        reply = std::move(*plan.answer);
    }
    let_go_of_body();
    head_facts const facts{.request_id = call_.request_id,
                           .http_1_1 = reader.is_http_1_1(),
                           .keep_alive = reader.wants_keep_alive() && !plan.close && !signals_.draining};
    if (reply.stream) co_return co_await answer_stream(std::move(reply), facts);
    co_return co_await answer(std::move(reply), facts);
}

/// Whether a part of the body has not arrived yet.
bool session::is_awaited(request_reader const& reader) const {
    return !reader.complete() && (reader.is_chunked() || reader.announced_length() > input_.view().size());
}

task<void> session::turn_away_unknown(dispatch_plan& plan) {
    auto refused = co_await run_turn_away(*plan.target->target, call_);
    if (!refused) co_return;
    plan.target = nullptr;
    plan.answer = std::move(refused);
    plan.close = true;
}

void session::begin_exchange() {
    first_ = false;
    now_ = clock::now();
    call_.method.clear();
    call_.target.clear();
    call_.route = "unmatched";
    call_.headers.clear();
    call_.request_id.clear();
    call_.place.reset();
}

/// While a client takes its time with the answer, or a stream runs, or nothing more is asked.
void session::let_go_of_body() {
    call_.body.clear();
    if (call_.body.capacity() > worth_keeping) call_.body.shrink_to_fit();
}

/// Size of the next request's header, which is whole in the input then; 0 when the session is over.
task<std::size_t> session::await_head() {
    std::size_t searched = 0;
    bool begun = false;
    for (;;) {
        if (searched == 0) input_.consume(empty_lines(input_.view()));
        auto const text = input_.view();
        if (auto const size = head_size(text, searched);
            size != 0 && size <= context_.limits.max_header_bytes) {
            co_return size;
        }
        if (text.empty()) {
            if (signals_.draining) co_return 0;
            input_.shrink();
            signals_.idle = true;
            stream_.expire_at(now_ +
                              (first_ ? context_.limits.header_timeout : context_.limits.idle_timeout));
        } else {
            if (auto const refused = refuse_partial_head(text, searched, context_.limits)) {
                begin_exchange();
                co_await refuse(*refused);
                co_return 0;
            }
            if (!std::exchange(begun, true)) stream_.expire_at(clock::now() + context_.limits.header_timeout);
            searched = text.size();
        }
        auto const received = co_await receive_more(1);
        signals_.idle = false;
        if (received) continue;
        if (!input_.empty()) {
            begin_exchange();
            co_await refuse(unfinished());
        }
        co_return 0;
    }
}

task<bool> session::receive_more(std::size_t wanted) {
    auto const room = input_.room(wanted);
    if (room.empty()) co_return false;
    auto const count = co_await stream_.read_some(room);
    input_.commit(count);
    co_return count > 0;
}

task<bool> session::ask_for_body(request_reader const& reader) {
    if (!reader.expects_continue() || !input_.empty()) co_return true;
    co_return co_await stream_.write({"HTTP/1.1 100 Continue\r\n\r\n", {}, {}});
}

task<bool> session::receive_body(request_reader& reader, bool keep) {
    if (!co_await ask_for_body(reader)) co_return false;
    stream_.expire_at(clock::now() + context_.limits.body_timeout);
    bool hungry = input_.empty();
    while (!reader.complete()) {
        if (hungry) {
            if (!co_await receive_more(body_read_size)) {
                co_await refuse(unfinished());
                co_return false;
            }
        }
        std::size_t used = 0;
        if (auto const refused = reader.read_body(input_.view(), keep, used)) {
            co_await refuse(*refused);
            co_return false;
        }
        input_.consume(used);
        hungry = input_.empty() || used == 0;
    }
    co_return true;
}

/// The client stopped in the middle: it was too slow, or it went (and may still listen).
refusal session::unfinished() const {
    if (stream_.expired()) {
        return {408,
                {error_kind::client_timed_out, "request_timeout", "The request did not arrive in time."}};
    }
    return {400, {error_kind::malformed, "malformed_request", "The request ended before it was complete."}};
}

task<void> session::refuse(refusal why) {
    if (call_.request_id.empty()) choose_request_id(call_);
    head_facts const facts{.request_id = call_.request_id, .keep_alive = false};
    auto reply = problem_with_status(why.status, why.what, call_.request_id);
    static_cast<void>(co_await answer(std::move(reply), facts));
}

task<bool> session::answer(response reply, head_facts facts) {
    if (context_.cors) context_.cors->mark(call_, reply);
    auto const body = reply.static_body.empty() ? std::string_view(reply.body) : reply.static_body;
    facts.length = body.size();
    write_head(out_, reply, facts);
    auto const sent =
        call_.method == "HEAD" || reply.status == 204 || reply.status == 304 ? std::string_view{} : body;
    auto const delivered = co_await stream_.write({out_, sent, {}});
    record(reply.status, sent.size());
    if (!delivered) co_return false;
    if (!facts.keep_alive) co_await linger();
    co_return facts.keep_alive;
}

task<bool> session::answer_stream(response reply, head_facts facts) {
    auto const stream = std::move(reply.stream);
    make_stream_headers(reply);
    if (context_.cors) context_.cors->mark(call_, reply);
    facts.body = facts.http_1_1 ? framing::chunked : framing::until_close;
    facts.keep_alive = facts.keep_alive && facts.http_1_1;
    write_head(out_, reply, facts);
    if (!co_await stream_.write({out_, {}, {}})) co_return false;
    record(reply.status, 0);
    if (call_.method == "HEAD") co_return facts.keep_alive;
    stream_connection const connection{context_, stream_, signals_, input_, call_};
    auto const whole = co_await run_stream(connection, *stream, facts.body, reply.content_type);
    now_ = clock::now();
    if (whole && !facts.keep_alive) co_await linger();
    co_return whole&& facts.keep_alive;
}

/// Lets the client read the answer: closing a socket with unread input resets the connection, and a reset may
/// destroy what the client has not read yet (RFC 9112 §9.6).
task<void> session::linger() {
    stream_.end_sending();
    stream_.expire_at(clock::now() + longest_lingering);
    for (std::size_t dropped = 0; dropped < most_lingering;) {
        input_.consume(input_.view().size());
        auto const count = co_await stream_.read_some(input_.room(body_read_size));
        if (count == 0) co_return;
        dropped += count;
    }
}

void session::record(unsigned status, std::size_t bytes) {
    auto const started = std::exchange(now_, clock::now());
    record_exchange(context_, call_, status, now_ - started, bytes);
}

}  // namespace parley::http
