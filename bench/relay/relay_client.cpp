// The load of the relay benchmark: many streams at once through a relay, each on a connection of its own. One
// round of them warms up, the next ones are measured. Prints one line of JSON.
//   relay_client PORT openai|parley STREAMS ROUNDS ITEMS MODEL SECONDS
// openai asks for chat completions, parley for turns of Parley's own API, each in an interaction made
// beforehand. ITEMS: how many an answer has to have. After SECONDS whatever is not there counts as missing.
// One thread, loopback only.
#include "item_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace relay_bench;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds ramp{1000};  // over which the streams begin

struct load {
    asio::io_context& loop;
    std::uint16_t port;
    dialect spoken;
    std::size_t streams;
    std::size_t rounds;  // measured ones
    std::int64_t items;
    std::string model;
    asio::steady_timer all_ready;

    std::size_t ready = 0, over = 0, clean = 0;
    steady::time_point begin;
    samples warm_up, measured;
    std::map<std::string, std::size_t, std::less<>> faults;

    void note(std::string_view fault) { ++faults[std::string(fault)]; }
};

// Evenly over the ramp, and over the mock's interval as well, whatever the number of streams.
std::chrono::nanoseconds offset(std::size_t index) {
    double const golden = 0.6180339887498949 * static_cast<double>(index);
    return std::chrono::nanoseconds(
        static_cast<std::int64_t>((golden - std::floor(golden)) * static_cast<double>(ramp.count()) * 1e6));
}

struct connection {
    tcp::socket socket;
    beast::flat_buffer buffer;
};

http::request<http::string_body> post(std::string_view target, std::string body) {
    http::request<http::string_body> made{http::verb::post, target, 11};
    made.set(http::field::host, "127.0.0.1");
    made.set(http::field::content_type, "application/json");
    made.body() = std::move(body);
    made.prepare_payload();
    return made;
}

// The path of a new interaction's messages; empty: there is none.
asio::awaitable<std::string> make_interaction(connection& over, std::string const& model) {
    auto const asked =
        post("/api/v1/interactions", fmt::format(R"({{"settings":{{"model_name":"{}"}}}})", model));
    auto const [unsent, sent] = co_await http::async_write(over.socket, asked, as_result);
    if (unsent) co_return "";
    http::response<http::string_body> answer;
    auto const [unread, received] = co_await http::async_read(over.socket, over.buffer, answer, as_result);
    if (unread || answer.result() != http::status::created) co_return "";
    co_return fmt::format("/api/v1/interactions/{}/messages", member(answer.body(), "\"interaction_id\""));
}

using answer_parser = http::response_parser<http::buffer_body>;

// Gives the reader the body out of all bytes that are there. Beast's own read operation goes on reading until
// its buffer is full, which is no way to see when something came. False: this is no HTTP.
bool take_all(connection& over, answer_parser& parser, item_reader& reader) {
    auto const now = steady::now();
    std::array<char, 4096> text;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    boost::system::error_code state = http::error::need_buffer;
    while (state == http::error::need_buffer && !parser.is_done()) {
        parser.get().body().data = text.data();
        parser.get().body().size = text.size();
        over.buffer.consume(parser.put(over.buffer.data(), state));
        reader.take({text.data(), text.size() - parser.get().body().size}, now);
    }
    return !state || state == http::error::need_more || state == http::error::need_buffer;
}

// Why the answer is not complete; empty: it is.
asio::awaitable<std::string> one_answer(connection& over, http::request<http::string_body> const& asked,
                                        item_reader& reader) {
    auto const [unsent, sent] = co_await http::async_write(over.socket, asked, as_result);
    if (unsent) co_return "not sent";
    answer_parser parser;
    parser.body_limit(boost::none);
    parser.eager(true);
    while (!parser.is_done()) {
        auto const [failed, count] =
            co_await over.socket.async_read_some(over.buffer.prepare(16384), as_result);
        if (failed) co_return "cut off";
        over.buffer.commit(count);
        if (!take_all(over, parser, reader)) co_return "no HTTP";
    }
    if (parser.get().result_int() >= 300) co_return fmt::format("status {}", parser.get().result_int());
    co_return std::string(reader.fault());
}

// All answers of a stream, one after another; the first one warms up.
asio::awaitable<void> all_answers(load& all, connection& over, std::vector<std::string> const& targets) {
    auto const body =
        all.spoken == dialect::parley
            ? std::string(R"({"content":"x","stream":true})")
            : fmt::format(R"({{"model":"{}","messages":[{{"role":"user","content":"x"}}],"stream":true,)"
                          R"("stream_options":{{"include_usage":true}}}})",
                          all.model);
    for (std::size_t round = 0; round <= all.rounds; ++round) {
        auto const asked = post(targets[round], body);
        item_reader reader(all.spoken, all.items, round == 0 ? all.warm_up : all.measured);
        auto const fault = co_await one_answer(over, asked, reader);
        if (!fault.empty()) {
            all.note(fault);
            co_return;  // its further answers are missing, too
        }
        if (round > 0) ++all.clean;
    }
}

asio::awaitable<std::vector<std::string>> make_targets(load& all, connection& over) {
    std::vector<std::string> targets(all.rounds + 1, "/v1/chat/completions");
    if (all.spoken == dialect::parley) {
        for (auto& target : targets) {
            target = co_await make_interaction(over, all.model);
            if (target.empty()) co_return std::vector<std::string>{};
        }
    }
    co_return targets;
}

asio::awaitable<void> stream(load& all, std::size_t index) {
    connection over{tcp::socket(all.loop), {}};
    asio::steady_timer timer(all.loop, offset(index) / 2);
    co_await timer.async_wait(as_result);
    tcp::endpoint const there(asio::ip::address_v4::loopback(), all.port);
    auto const [failed] = co_await over.socket.async_connect(there, as_result);
    std::vector<std::string> targets;
    if (!failed) {
        over.socket.set_option(tcp::no_delay(true));
        targets = co_await make_targets(all, over);
    }
    if (++all.ready == all.streams) {
        all.begin = steady::now();
        all.all_ready.cancel();
    } else {
        co_await all.all_ready.async_wait(as_result);
    }
    if (targets.empty()) {
        all.note(failed ? "not connected" : "no interaction");
    } else {
        timer.expires_at(all.begin + offset(index));
        co_await timer.async_wait(as_result);
        co_await all_answers(all, over, targets);
    }
    if (++all.over == all.streams) all.loop.stop();
}

std::string in_ms(std::vector<std::int64_t>& values) {
    if (values.empty()) return "null";
    std::sort(values.begin(), values.end());
    auto const at = [&values](std::size_t percent) {
        return static_cast<double>(values[(values.size() - 1) * percent / 100]) / 1e6;
    };
    return fmt::format(R"({{"p50":{:.3f},"p99":{:.3f},"max":{:.3f}}})", at(50), at(99), at(100));
}

void print(load& all) {
    std::string faults;
    for (auto const& [what, times] : all.faults) {
        faults += fmt::format(R"({}"{}":{})", faults.empty() ? "" : ",", what, times);
    }
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto const seconds = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    fmt::print(
        R"({{"streams":{},"answers":{},"clean":{},"items":{},"frames":{},"items_with_warm_up":{},)"
        R"("first_item_ms":{},"transit_ms":{},"gap_ms":{},"seconds":{:.3f},"client_cpu_seconds":{:.3f},)"
        R"("faults":{{{}}}}})"
        "\n",
        all.streams, all.streams * all.rounds, all.clean, all.measured.items, all.measured.frames,
        all.measured.items + all.warm_up.items, in_ms(all.measured.first_items), in_ms(all.measured.transits),
        in_ms(all.measured.gaps), std::chrono::duration<double>(steady::now() - all.begin).count(), seconds,
        faults);
}

}  // namespace

int main(int argc, char** argv) {
    std::span const arguments(argv, static_cast<std::size_t>(argc));
    if (arguments.size() != 8) {
        std::fputs("usage: relay_client PORT openai|parley STREAMS ROUNDS ITEMS MODEL SECONDS\n", stderr);
        return 2;
    }
    asio::io_context loop(1);
    load all{.loop = loop,
             .port = static_cast<std::uint16_t>(std::stoul(arguments[1])),
             .spoken = std::string_view(arguments[2]) == "parley" ? dialect::parley : dialect::openai,
             .streams = std::stoul(arguments[3]),
             .rounds = std::stoul(arguments[4]),
             .items = std::stol(arguments[5]),
             .model = arguments[6],
             .all_ready = asio::steady_timer(loop, asio::steady_timer::time_point::max()),
             .begin = steady::now()};
    for (std::size_t index = 0; index < all.streams; ++index) {
        asio::co_spawn(loop, stream(all, index), asio::detached);
    }
    loop.run_for(std::chrono::seconds(std::stoul(arguments[7])));
    if (all.over < all.streams) all.faults["out of time"] = all.streams - all.over;
    print(all);
}
