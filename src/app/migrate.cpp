#include "app/migrate.hpp"

#include "app/cli.hpp"
#include "app/signals.hpp"
#include "app/standard_streams.hpp"
#include "app/step_progress.hpp"
#include "app/store_factory.hpp"
#include "common/log.hpp"
#include "modules/transfer/store_transfer.hpp"
#include "services/clock.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace parley {
namespace {

using namespace std::chrono_literals;

// As long as a server waits (app/turn_watch.cpp); in a folder that is locked nobody writes.
constexpr auto shared_lease = 10'000ms;

std::string_view name_of(transfer_step step) {
    switch (step) {
        case transfer_step::looking_over:
            return "looking";
        case transfer_step::copying:
            return "copying";
        case transfer_step::comparing:
            break;
    }
    return "comparing";
}

class terminal_observer final : public transfer_observer {
public:
    bool advanced(transfer_step step, std::int64_t done, std::int64_t total) override {
        auto const share = total == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
        progress_.show(name_of(step), share, fmt::format("{} of {} messages", done, total));
        return go_on(0ms);
    }
    bool pause(std::chrono::milliseconds length) override {
        if (!waiting_)
            say("parley: replies are unfinished in the source; looking whether anybody writes them…");
        waiting_ = true;
        return go_on(length);
    }
    void resumes(archive_counts const& kept) override {
        say(fmt::format(
            "parley: going on with an earlier run: {} interactions with {} messages are there already",
            kept.interactions, kept.messages));
    }
    void ended_turns(std::int64_t count) override {
        say(fmt::format("parley: {} unfinished replies of the source are now interrupted", count));
    }

    void clear() { progress_.clear(); }
    [[nodiscard]] int signal() const { return signal_; }

private:
    bool go_on(std::chrono::milliseconds length) {
        signal_ = next_signal(length);
        return signal_ == 0;
    }
    void say(std::string_view line) {
        progress_.clear();
        fmt::print(stderr, "{}\n", line);
        std::fflush(stderr);
    }

    step_progress progress_;
    bool waiting_ = false;
    int signal_ = 0;
};

int fail_with(std::string_view where, error const& why) {
    fmt::print(stderr, "parley: {}{}\n", where, why.message);
    if (!why.detail.empty()) fmt::print(stderr, "        ({})\n", why.detail);
    return exit_code::failed;
}

std::string row(std::string_view what, std::int64_t source, std::int64_t copy) {
    return fmt::format("{:<13} {:>14} {:>14}\n", what, source, copy);
}

std::string table_of(store_comparison const& found) {
    auto const& [source, copy] = std::pair{found.source, found.copy};
    return fmt::format("{:<13} {:>14} {:>14}\n", "", "source", "copy") +
           row("users", source.counts.users, copy.counts.users) +
           row("interactions", source.counts.interactions, copy.counts.interactions) +
           row("messages", source.counts.messages, copy.counts.messages) +
           row("days of usage", source.usage_days, copy.usage_days) +
           fmt::format("SHA-256 of all content\n  source  {}\n  copy    {}\n", source.hash, copy.hash);
}

int tell(store_comparison const& found, bool verify) {
    auto const table = table_of(found);
    if (found.equal()) {
        return end_with(
            table + (verify
                         ? "The two are the same.\n"
                         : "The copy is complete and the same. Start Parley with the new configuration.\n"),
            exit_code::done);
    }
    auto const code = end_with(table, exit_code::differs);
    for (auto const& one : found.first_differences) fmt::print(stderr, "parley: {}\n", one);
    fmt::print(
        stderr, "parley: {} differences between source and copy. {}\n", found.differences,
        verify ? "If the copy was served since, that is to be expected."
               : "The copy is not complete. Make sure that no Parley uses the source, and run this again; if "
                 "that does not help, empty the new store and begin anew.");
    return code;
}

}  // namespace

int run_migrate(config const& source, config const& target, bool verify) {
    if (is_same_store(source.store, target.store)) {
        fmt::print(stderr,
                   "parley: both configurations name the same store. {} is the source; what --to names is "
                   "to become its copy.\n",
                   name_of_store(source.store));
        return exit_code::bad_usage;
    }
    hold_signals();
    log::start(source.log);
    auto const from = open_archive(source.store, false);
    if (!from) return fail_with("the source can not be used: ", from.error());
    auto const to = open_archive(target.store, !verify);
    if (!to) return fail_with("the new store can not be used: ", to.error());

    terminal_observer seen;
    system_clock const time;
    store_transfer work{**from, **to, seen, time, is_shared(source.store) ? shared_lease : 0ms};
    auto const found = verify ? work.verify() : work.run();
    seen.clear();
    if (!found && seen.signal() != 0) {
        fmt::print(stderr, "parley: stopped. {}\n",
                   verify ? "Nothing was changed." : "Run the same command again to go on.");
        return exit_code::by_signal + seen.signal();
    }
    if (!found) {
        auto const code = fail_with("", found.error());
        if (!verify) fmt::print(stderr, "parley: when that is put right, run the same command again.\n");
        return code;
    }
    return tell(*found, verify);
}

}  // namespace parley
