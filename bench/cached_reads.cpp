// What one get_interaction costs, with and without a cache before the store:
//   cached_reads sqlite FOLDER LOOPS READS         the store alone
//   cached_reads lru    FOLDER LOOPS READS         the cache in this process before it
//   cached_reads redis  FOLDER LOOPS READS PORT    Redis on the loopback before it
// LOOPS event loops with 16 coroutines each read 64 interactions in turn, all of them kept after the first
// round. FOLDER must be empty or absent. Prints reads per second, the mean time a loop spends on one, and the
// processor time of this process for one.
#include "adapters/memory/lru_cache.hpp"
#include "adapters/prometheus/prometheus_metrics.hpp"
#include "adapters/redis/redis_cache.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "modules/cache/cached_conversations.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace parley;

constexpr std::size_t interactions = 64;
constexpr std::size_t readers = 16;  // on each loop

void require(bool holds, std::string const& why) {
    if (holds) return;
    std::fprintf(stderr, "cached_reads: %s\n", why.c_str());
    std::exit(1);
}

struct target {
    conversation_store& store;
    user_id user;
    std::vector<interaction_id> ids;
};

task<void> create(target& to) {
    for (std::size_t i = 0; i < interactions; ++i) {
        auto made = make_interaction(
            to.user,
            {.title = "A title of the usual length",
             .settings = {.model_name = "small", .prompt = std::string(200, 'p'), .temperature = 0.5},
             .metadata = {{"project", "bench"}, {"team", "engines"}}},
            from_unix_ms(1'790'000'000'000));
        to.ids.push_back(made->interaction_id);
        auto const stored = co_await to.store.create_interaction(std::move(*made));
        require(stored.has_value(), "an interaction was not stored");
    }
}

task<void> read(target& from, std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        auto const found =
            co_await from.store.get_interaction(from.user, from.ids[(first + i) % interactions]);
        require(found.has_value(), "a read failed");
    }
}

void run_loops(target& from, std::size_t loops, std::size_t reads) {
    std::vector<std::thread> threads;
    for (std::size_t n = 0; n < loops; ++n) {
        threads.emplace_back([&from, n, each = reads / loops / readers] {
            boost::asio::io_context loop{1};
            for (std::size_t i = 0; i < readers; ++i)
                boost::asio::co_spawn(loop, read(from, n * readers + i, each), boost::asio::detached);
            loop.run();
        });
    }
    for (auto& one : threads) one.join();
}

double processor_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void measure(target& from, std::size_t loops, std::size_t reads) {
    run_loops(from, loops, interactions * loops * readers);  // fills the cache
    auto const begun = std::chrono::steady_clock::now();
    auto const before = processor_seconds();
    run_loops(from, loops, reads);
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
    auto const each = 1e6 / static_cast<double>(reads);
    std::printf("%.0f reads/s, %.2f us of a loop each, %.2f us of processor time each\n",
                static_cast<double>(reads) / took.count(), took.count() * each * static_cast<double>(loops),
                (processor_seconds() - before) * each);
}

}  // namespace

int main(int count, char** words) {
    require(count >= 5, "see the head of bench/cached_reads.cpp");
    std::string const kind = words[1];
    auto const loops = static_cast<std::size_t>(std::atoi(words[3]));
    auto const reads = static_cast<std::size_t>(std::atoi(words[4]));
    auto const seen = make_prometheus_metrics({});
    store_config settings;
    settings.path = words[2];
    auto store = open_sqlite_store(settings, *seen);
    require(store.has_value(), "the store can not be opened");
    std::unique_ptr<cache> kept;
    if (kind == "lru") kept = std::make_unique<lru_cache>(lru_cache_options{});
    if (kind == "redis") {
        require(count == 6, "the port is missing");
        redis_cache_options how;
        how.server.where.nodes = {{"127.0.0.1", static_cast<std::uint16_t>(std::atoi(words[5]))}};
        auto made = std::make_unique<redis_cache>(how, *seen);
        require(made->wait_for_first_attempt(std::chrono::seconds{5}), "no Redis");
        require(made->state() == cache_state::ok, made->problem());
        kept = std::move(made);
    }
    std::unique_ptr<cached_conversations> cached;
    if (kept) cached = std::make_unique<cached_conversations>(**store, *kept, *seen);
    target from{cached ? static_cast<conversation_store&>(*cached) : **store, user_id::make(), {}};
    boost::asio::io_context loop{1};
    boost::asio::co_spawn(loop, create(from), boost::asio::detached);
    loop.run();
    measure(from, loops, reads);
}
