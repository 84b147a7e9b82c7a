#include "app/cli.hpp"

#include "app/admin/administer.hpp"
#include "app/backup.hpp"
#include "app/identity_factory.hpp"
#include "app/migrate.hpp"
#include "app/serve.hpp"
#include "app/standard_streams.hpp"
#include "common/config_print.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace parley {
namespace {

int refuse(config_problems const& problems) {
    for (auto const& problem : problems) fmt::print(stderr, "{}\n", to_text(problem));
    auto const count = problems.size();
    fmt::print(stderr, "parley: the configuration has {} {}; all keys: parley check-config --markdown\n",
               count, count == 1 ? "mistake" : "mistakes");
    return exit_code::bad_config;
}

/// Not a mistake of the configuration: the file may come later.
void note_absent_models(loaded_config const& loaded) {
    for (std::size_t i = 0; i < loaded.values.models.size(); ++i) {
        auto const& path = loaded.values.models[i].path;
        std::error_code ignored;
        if (path.empty() || std::filesystem::exists(path, ignored)) continue;
        fmt::print(stderr, "note: models[{}].path: there is no file {}\n", i, path.string());
    }
}

/// Nor is this: the keys may be put there later.
void note_unusable_token_keys(auth_config const& settings) {
    auto const keys = open_token_keys(settings);
    if (keys) return;
    std::error_code ignored;
    auto const& path = settings.jwt_keys_file;
    fmt::print(
        stderr, "note: auth.jwt_keys_file: {}\n",
        std::filesystem::exists(path, ignored) ? keys.error().message : "there is no file " + path.string());
}

int run(message_command const& what) {
    auto const text = what.text + "\n";
    if (what.exit_code == exit_code::done) return end_with(text, exit_code::done);
    print_note(text);
    return what.exit_code;
}

int run(serve_command const& what) {
    auto const loaded = load_config(what.request);
    return loaded ? run_serve(loaded->values) : refuse(loaded.error());
}

int run(check_config_command const& what) {
    if (what.markdown) return end_with(config_table_markdown(), exit_code::done);
    auto const loaded = load_config(what.request);
    if (!loaded) return refuse(loaded.error());
    auto const code = end_with(to_yaml(*loaded), exit_code::done);
    note_absent_models(*loaded);
    note_unusable_token_keys(loaded->values.auth);
    return code;
}

int run(chat_command const& what) {
    switch (run_chat(what.options)) {
        case chat_end::left:
            return exit_code::done;
        case chat_end::failed:
            return exit_code::failed;
        case chat_end::bad_address:
            return exit_code::bad_usage;
        case chat_end::no_server:
            return exit_code::no_server;
    }
    return exit_code::failed;
}

int run(health_command const& what) {
    switch (run_health(what.options)) {
        case health_verdict::ready:
            return exit_code::done;
        case health_verdict::not_ready:
            return exit_code::failed;
        case health_verdict::bad_address:
            return exit_code::bad_usage;
    }
    return exit_code::failed;
}

int run(backup_command const& what) {
    auto const loaded = load_config(what.request);
    return loaded ? run_backup(loaded->values, what.file, what.overwrite) : refuse(loaded.error());
}

/// The target's variables have another name than those that were read.
config_problems with_target_names(config_problems problems) {
    constexpr std::string_view read = "PARLEY_STORE_";
    for (auto& one : problems) {
        for (auto* const text : {&one.where, &one.what}) {
            for (auto at = text->find(read); at != std::string::npos; at = text->find(read, at + 1)) {
                text->insert(at + std::string_view{"PARLEY_"}.size(), "TO_");
            }
        }
    }
    return problems;
}

int run(migrate_command const& what) {
    auto const source = load_config(what.source);
    if (!source) return refuse(source.error());
    auto const target = load_config(what.target);
    if (!target) return refuse(with_target_names(target.error()));
    return run_migrate(source->values, target->values, what.verify);
}

int run(admin_command const& what) {
    auto const loaded = load_config(what.request);
    if (!loaded) return refuse(loaded.error());
    switch (run_admin(loaded->values, what)) {
        case admin_end::done:
            return exit_code::done;
        case admin_end::failed:
            return exit_code::failed;
        case admin_end::no_server:
            return exit_code::no_server;
    }
    return exit_code::failed;
}

}  // namespace

int run_command_line(int count, char const* const* arguments) {
    auto const what =
        parse_command_line(count, arguments, process_environment(), std::filesystem::current_path());
    return std::visit([](auto const& one) { return run(one); }, what);
}

}  // namespace parley
