#include "app/admin/admin_arguments.hpp"
#include "app/cli.hpp"
#include "app/cli_help.hpp"
#include "common/config_keys.hpp"

#include <CLI/CLI.hpp>

#include <sstream>
#include <utility>

namespace parley {
namespace {

struct config_arguments {
    std::string file;
    std::string host;
    std::string port;
    std::string data;
};

void add_store_arguments(CLI::App& app, config_arguments& into) {
    app.add_option("-c,--config", into.file, "YAML file over the defaults; else PARLEY_CONFIG")
        ->type_name("FILE");
    app.add_option("--data", into.data, "the data folder (store.path)")->type_name("FOLDER");
}

void add_config_arguments(CLI::App& app, config_arguments& into) {
    add_store_arguments(app, into);
    app.add_option("--host", into.host, "IP address to listen on (server.host)")->type_name("ADDRESS");
    app.add_option("--port", into.port, "TCP port, 0 for any free one (server.port)")->type_name("PORT");
}

config_request make_request(CLI::App const& app, config_arguments const& given, environment_map environment,
                            std::filesystem::path const& working_folder) {
    config_request request;
    auto const variable = environment.find(config_file_variable);
    if (app.count("--config") > 0) {
        request.file = given.file;
    } else if (variable != environment.end() && !variable->second.empty()) {
        request.file = variable->second;
    }
    if (!given.host.empty()) request.flags.push_back({"--host", "server.host", given.host});
    if (!given.port.empty()) request.flags.push_back({"--port", "server.port", given.port});
    if (app.count("--data") > 0) request.flags.push_back({"--data", "store.path", given.data});
    request.environment = std::move(environment);
    request.working_folder = working_folder;
    return request;
}

struct migrate_arguments {
    config_arguments from;
    std::string file;
    std::string data;
    bool verify = false;
};

void add_backup_arguments(CLI::App& app, config_arguments& into, backup_command& wanted) {
    add_store_arguments(app, into);
    app.add_option("file", wanted.file, "the copy to make")->type_name("FILE")->required();
    app.add_flag("--force", wanted.overwrite, "replace FILE when it is there");
    app.footer(
        "Copies the SQLite store that the configuration names, while the server runs or not. Everything that "
        "was\n"
        "acknowledged before is in the copy. It is one file (mode 600), checked as a whole; to restore it, "
        "make it\n"
        "the file parley.db of an empty data folder. It needs as much room as the store, beside FILE. A "
        "MongoDB\n"
        "store is backed up by mongodump.\n"
        "Variables and exit codes: parley --help; restoring: docs/operations.md");
}

void add_migrate_arguments(CLI::App& app, migrate_arguments& into) {
    app.add_option("-c,--config", into.from.file, "the configuration now, as for serve; else PARLEY_CONFIG")
        ->type_name("FILE");
    app.add_option("--data", into.from.data, "the data folder now (store.path)")->type_name("FOLDER");
    app.add_option("--to", into.file, "the configuration with the new store")->type_name("FILE");
    app.add_option("--to-data", into.data, "the new data folder (store.path)")->type_name("FOLDER");
    app.add_flag("--verify", into.verify, "compare the two stores only; writes nothing");
    app.footer(
        "Copies all users, interactions and messages from the store of --config into that of --to, SQLite "
        "or\n"
        "MongoDB, and compares every field at the end. Stop every Parley that uses either store before. The "
        "new\n"
        "store must be empty, and no Parley starts on it before it is complete. When it was interrupted, run "
        "the\n"
        "same command again: it goes on where it stopped. Replies that a dead Parley has left unfinished are "
        "ended\n"
        "in the old store as interrupted; beside that it is not changed.\n"
        "PARLEY_STORE_... variables are of the store of --config. Those of the new store begin with\n"
        "PARLEY_TO_STORE_..., such as PARLEY_TO_STORE_URI for an address with a password.\n"
        "Exit code 5: the two are not the same. All codes: parley --help");
}

/// What names the new store: its own file, flags and variables, and of the old one's variables none.
config_request target_request(migrate_arguments const& given, environment_map const& environment,
                              std::filesystem::path const& working_folder) {
    constexpr std::string_view own = "PARLEY_TO_STORE_";
    config_request request;
    if (!given.file.empty()) request.file = given.file;
    if (!given.data.empty()) request.flags.push_back({"--to-data", "store.path", given.data});
    for (auto const& [name, value] : environment) {
        if (name.starts_with(own)) {
            request.environment["PARLEY_STORE_" + name.substr(own.size())] = value;
        } else if (!name.starts_with("PARLEY_STORE_")) {
            request.environment.emplace(name, value);
        }
    }
    request.working_folder = working_folder;
    return request;
}

bool names_target(migrate_arguments const& given, environment_map const& environment) {
    return !given.file.empty() || !given.data.empty() || environment.contains("PARLEY_TO_STORE_KIND");
}

/// --url, with PARLEY_URL below it.
void add_url_argument(CLI::App& app, std::string& into, environment_map const& environment) {
    auto const url = environment.find(chat_url_variable);
    if (url != environment.end() && !url->second.empty()) into = url->second;
    app.add_option("--url", into, "where the server is; else PARLEY_URL")
        ->type_name("URL")
        ->capture_default_str();
}

void add_chat_arguments(CLI::App& app, chat_options& into) {
    auto* const old = app.add_option("-i,--interaction", into.interaction, "go on with this interaction");
    old->type_name("ID");
    app.add_option("-m,--model", into.model, "which model replies; else the server's default")
        ->type_name("NAME");
    app.add_option("-s,--system", into.system_prompt, "what the model reads before the conversation")
        ->type_name("TEXT");
    std::string const about_new = "begin a new interaction (as without --interaction)";
    app.add_flag("--new", about_new)->excludes(old);
    app.footer(
        "Each line is a message; a line that ends in \\ goes on in the next one. Ctrl-C ends the reply that "
        "is being\n"
        "written; at the prompt it leaves, as Ctrl-D does. With input from a pipe every line is asked in "
        "turn, and\n"
        "standard output has nothing but the replies. With --interaction, --model and --system change that "
        "interaction.\n"
        "The connection is plain HTTP; https is not possible yet.");
}

/// Without --config and --data the variables decide, as for serve.
admin_command make_admin(admin_arguments const& given, admin_action action, environment_map environment,
                         std::filesystem::path const& working_folder) {
    auto const variable = [&environment](std::string_view name) {
        auto const found = environment.find(name);
        return found == environment.end() ? std::string{} : found->second;
    };
    admin_command out;
    out.url = given.url.empty() ? variable(chat_url_variable) : given.url;
    out.api_key = variable(api_key_variable);
    out.action = std::move(action);
    auto const file = given.config_file.empty() ? variable(config_file_variable) : given.config_file;
    if (!file.empty()) out.request.file = file;
    if (!given.data.empty()) out.request.flags.push_back({"--data", "store.path", given.data});
    out.request.environment = std::move(environment);
    out.request.working_folder = working_folder;
    return out;
}

message_command told(CLI::App const& app, CLI::ParseError const& why) {
    std::ostringstream out;
    auto const mistake = app.exit(why, out, out) != 0;
    auto text = out.str();
    while (text.ends_with('\n')) text.pop_back();
    return {std::move(text), mistake ? exit_code::bad_usage : exit_code::done};
}

}  // namespace

command parse_command_line(int count, char const* const* arguments, environment_map environment,
                           std::filesystem::path const& working_folder) {
    CLI::App app{std::string{help_description()}, "parley"};
    app.footer(std::string{help_footer()});
    app.set_version_flag("-V,--version", version_text, "print what this was built from and leave");
    app.set_help_flag("-h,--help", "print this and leave");
    app.get_formatter()->column_width(32);
    app.require_subcommand(0, 1);

    config_arguments serve_given;
    auto* const serve = app.add_subcommand("serve", "run the server until SIGINT, SIGTERM or SIGHUP");
    add_config_arguments(*serve, serve_given);

    config_arguments check_given;
    bool markdown = false;
    auto* const check = app.add_subcommand("check-config", "print the configuration that would be in force");
    add_config_arguments(*check, check_given);
    check->add_flag("--markdown", markdown, "print the table of all keys instead");

    chat_options chat_given;
    if (auto const key = environment.find(api_key_variable); key != environment.end()) {
        chat_given.api_key = key->second;
    }
    auto* const chat = app.add_subcommand("chat", "talk to a running server from the terminal");
    add_url_argument(*chat, chat_given.url, environment);
    add_chat_arguments(*chat, chat_given);

    health_options health_given;
    auto* const health = app.add_subcommand("health", "ask a running server whether it can serve");
    add_url_argument(*health, health_given.url, environment);
    health->footer(
        "Exit code 0: it is ready. 1: it is not, or nobody answers; one line says why. For health checks.");

    config_arguments backup_given;
    backup_command wanted_backup;
    auto* const backup = app.add_subcommand("backup", "copy a SQLite store while the server runs");
    add_backup_arguments(*backup, backup_given, wanted_backup);

    migrate_arguments migrate_given;
    auto* const migrate =
        app.add_subcommand("migrate-store", "copy everything into another store, and compare");
    add_migrate_arguments(*migrate, migrate_given);
    admin_arguments admin_given{app};
    for (auto* const one : {serve, check}) one->footer("Files, variables and exit codes: parley --help");

    try {
        app.parse(count, arguments);
    } catch (CLI::ParseError const& why) {
        return told(app, why);
    }
    if (serve->parsed()) {
        return serve_command{make_request(*serve, serve_given, std::move(environment), working_folder)};
    }
    if (check->parsed()) {
        return check_config_command{make_request(*check, check_given, std::move(environment), working_folder),
                                    markdown};
    }
    if (chat->parsed()) return chat_command{std::move(chat_given)};
    if (health->parsed()) return health_command{std::move(health_given)};
    if (backup->parsed()) {
        wanted_backup.request = make_request(*backup, backup_given, std::move(environment), working_folder);
        wanted_backup.file = working_folder / wanted_backup.file;
        return wanted_backup;
    }
    if (migrate->parsed()) {
        if (!names_target(migrate_given, environment)) {
            return message_command{
                "Where to? Name the configuration with the new store: --to FILE (or --to-data FOLDER).\n"
                "Run with --help for more information.",
                exit_code::bad_usage};
        }
        auto target = target_request(migrate_given, environment, working_folder);
        return migrate_command{
            make_request(*migrate, migrate_given.from, std::move(environment), working_folder),
            std::move(target), migrate_given.verify};
    }
    if (auto const action = admin_given.action()) {
        auto mistake = admin_given.mistake();
        if (!mistake.empty()) return message_command{std::move(mistake), exit_code::bad_usage};
        return make_admin(admin_given, *action, std::move(environment), working_folder);
    }
    return message_command{app.help(), exit_code::bad_usage};
}

}  // namespace parley
