// The command line of `parley users …` and `parley keys …`.
#pragma once

#include "app/admin/admin_command.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace parley {

class admin_arguments {
public:
    /// Adds both subcommands to `app`. Outlives its parsing.
    explicit admin_arguments(CLI::App& app);
    admin_arguments(admin_arguments const&) = delete;
    admin_arguments& operator=(admin_arguments const&) = delete;
    ~admin_arguments() = default;

    /// What was given, after parsing; nullopt: neither of them.
    [[nodiscard]] std::optional<admin_action> action() const;

    /// Errors of use that CLI11 does not see; empty: none.
    [[nodiscard]] std::string mistake() const;

    std::string config_file;
    std::string data;
    std::string url;

private:
    CLI::App* add(CLI::App& to, char const* name, char const* what);
    void add_user(CLI::App& to);
    void add_limits(CLI::App& to, std::string const& meaning, bool with_default);
    void add_users(CLI::App& app);
    void add_keys(CLI::App& app);
    [[nodiscard]] limit_choices limits() const;
    [[nodiscard]] users_change change() const;
    [[nodiscard]] keys_create create_key() const;

    struct {
        CLI::App* list = nullptr;
        CLI::App* create = nullptr;
        CLI::App* change = nullptr;
        CLI::App* remove = nullptr;
    } users_, keys_;
    std::string user_;
    std::string key_;
    std::string name_;
    std::string expires_;
    std::vector<std::string> scopes_;
    std::map<std::string, std::string> limits_;  // what was said by the name of the limit; empty: nothing
    bool admin_ = false;
    bool no_admin_ = false;
    bool no_key_ = false;
};

}  // namespace parley
