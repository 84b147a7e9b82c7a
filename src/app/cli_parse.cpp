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

void add_config_arguments(CLI::App& app, config_arguments& into) {
    app.add_option("-c,--config", into.file, "YAML file over the defaults; else PARLEY_CONFIG")
        ->type_name("FILE");
    app.add_option("--host", into.host, "IP address to listen on (server.host)")->type_name("ADDRESS");
    app.add_option("--port", into.port, "TCP port, 0 for any free one (server.port)")->type_name("PORT");
    app.add_option("--data", into.data, "the data folder (store.path)")->type_name("FOLDER");
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
    if (app.count("--host") > 0) request.flags.push_back({"--host", "server.host", given.host});
    if (app.count("--port") > 0) request.flags.push_back({"--port", "server.port", given.port});
    if (app.count("--data") > 0) request.flags.push_back({"--data", "store.path", given.data});
    request.environment = std::move(environment);
    request.working_folder = working_folder;
    return request;
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
    auto* const serve = app.add_subcommand("serve", "run the server until SIGINT or SIGTERM");
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
    return message_command{app.help(), exit_code::bad_usage};
}

}  // namespace parley
