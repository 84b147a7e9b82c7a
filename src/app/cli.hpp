// The command line: from arguments to what is to be done.
#pragma once

#include "app/admin/admin_command.hpp"
#include "app/chat/chat.hpp"
#include "app/health.hpp"
#include "common/config_load.hpp"

#include <filesystem>
#include <string>
#include <variant>

namespace parley {

/// What the program ends with; `parley --help` tells them.
namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;       // it could not start, or broke while it ran; health: not ready
inline constexpr int bad_usage = 2;    // the command line
inline constexpr int bad_config = 3;   // the configuration
inline constexpr int no_server = 4;    // parley chat, users, keys: nobody answers there
inline constexpr int by_signal = 128;  // and the signal's number on top of it
inline constexpr int differs = 5;      // parley migrate-store: the copy is not the same as the source
}  // namespace exit_code

struct serve_command {
    config_request request;
};

struct check_config_command {
    config_request request;
    bool markdown = false;  // print the table of all keys instead
};

struct chat_command {
    chat_options options;
};

struct health_command {
    health_options options;
};

struct backup_command {
    config_request request;
    std::filesystem::path file;
    bool overwrite = false;
};

struct migrate_command {
    config_request source;
    config_request target;
    bool verify = false;  // compare only
};

/// Help, version, or what is wrong with the arguments.
struct message_command {
    std::string text;
    int exit_code = exit_code::done;  // other than done: the text goes to standard error
};

using command = std::variant<serve_command, check_config_command, chat_command, health_command,
                             backup_command, migrate_command, admin_command, message_command>;

[[nodiscard]] command parse_command_line(int count, char const* const* arguments, environment_map environment,
                                         std::filesystem::path const& working_folder);

/// Parses, does it and returns the exit code.
[[nodiscard]] int run_command_line(int count, char const* const* arguments);

}  // namespace parley
