#include "app/backup.hpp"

#include "adapters/sqlite/sqlite_backup.hpp"
#include "app/cli.hpp"
#include "app/signals.hpp"
#include "app/standard_streams.hpp"
#include "app/step_progress.hpp"

#include <fmt/format.h>

namespace parley {
namespace {

int refuse_mongodb() {
    fmt::print(
        stderr,
        "parley: the configuration names a MongoDB store, which parley backup does not copy: use mongodump, "
        "as docs/operations.md tells (Back up).\n");
    return exit_code::failed;
}

}  // namespace

int run_backup(config const& settings, std::filesystem::path const& file, bool overwrite) {
    if (settings.store.kind == "mongodb") return refuse_mongodb();
    hold_signals();
    step_progress progress;
    int signal = 0;
    auto const report =
        back_up_sqlite({settings.store.path, file, overwrite}, [&](backup_step step, double share) {
            progress.show(step == backup_step::copying ? "copying" : "checking", share, {});
            signal = next_signal(std::chrono::milliseconds{0});
            return signal == 0;
        });
    progress.clear();
    if (!report && signal != 0) {
        fmt::print(stderr, "parley: stopped; nothing was kept.\n");
        return exit_code::by_signal + signal;
    }
    if (!report) {
        fmt::print(stderr, "parley: no backup: {}\n", report.error().message);
        if (!report.error().detail.empty()) fmt::print(stderr, "        ({})\n", report.error().detail);
        return exit_code::failed;
    }
    return end_with(fmt::format("{}: {} interactions, {} messages, {} bytes; checked\n", file.string(),
                                report->interactions, report->messages, report->bytes),
                    exit_code::done);
}

}  // namespace parley
