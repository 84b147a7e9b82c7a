#include "app/admin/admin_arguments.hpp"

#include "common/timestamp.hpp"
#include "entities/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <expected>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace parley {
namespace {

constexpr char const* how_it_works =
    "Works on the store that the configuration names, or through the server that has it open; then as the\n"
    "administrator whose key PARLEY_API_KEY holds, else with PARLEY_AUTH_BOOTSTRAP_KEY. Variables and exit "
    "codes: parley --help";

/// "90d", "12h" from now on, or a time of RFC 3339. The error ends a sentence that begins with the text.
std::expected<std::string, std::string_view> time_of(std::string const& text) {
    if (parse_rfc3339(text)) return text;
    std::int64_t count = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, failed] = std::from_chars(text.data(), end, count);
    bool const is_after =
        failed != std::errc::invalid_argument && stopped + 1 == end && (*stopped == 'd' || *stopped == 'h');
    if (!is_after) return std::unexpected("is neither like 90d or 12h nor a time of RFC 3339");
    bool const is_zero = failed == std::errc{} && count == 0;
    if (is_zero || text.starts_with('-')) return std::unexpected("is not in the future");
    constexpr std::int64_t most = 36'500;  // days
    auto const hours = *stopped == 'd' ? 24 : 1;
    if (failed != std::errc{} || count > most * 24 / hours)
        return std::unexpected("is too far away; at most 36500d are possible");
    std::chrono::hours const after{hours * count};
    auto const now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return to_rfc3339(now + after);
}

constexpr std::string_view word_for_default = "default";

/// "default" is nullopt, a number from 0 to limits::usage_limit itself; nothing: it is neither.
std::optional<std::optional<std::int64_t>> limit_of(std::string_view text) {
    if (text == word_for_default) return std::optional<std::int64_t>{};
    std::int64_t value = 0;
    auto const* const end = std::to_address(text.end());
    auto const [stopped, failed] = std::from_chars(std::to_address(text.begin()), end, value);
    if (failed != std::errc{} || stopped != end || value < 0 || value > limits::usage_limit)
        return std::nullopt;
    return std::optional{value};
}

/// As CLI11 asks: empty when it can be a limit.
std::string problem_of_limit(std::string const& text, bool with_default) {
    if (limit_of(text) && (with_default || text != word_for_default)) return {};
    return fmt::format("Value {} {}in range 0 to {}", text,
                       with_default ? "is neither \"default\" nor " : "not ", limits::usage_limit);
}

}  // namespace

admin_arguments::admin_arguments(CLI::App& app) {
    add_users(app);
    add_keys(app);
}

CLI::App* admin_arguments::add(CLI::App& to, char const* name, char const* what) {
    auto* const out = to.add_subcommand(name, what);
    out->add_option("-c,--config", config_file, "YAML file over the defaults; else PARLEY_CONFIG")
        ->type_name("FILE");
    out->add_option("--data", data, "the data folder (store.path)")->type_name("FOLDER");
    out->add_option("--url", url, "of a running server; else PARLEY_URL")->type_name("URL");
    out->footer(how_it_works);
    return out;
}

void admin_arguments::add_user(CLI::App& to) {
    to.add_option("USER", user_, "the user's id")->required()->type_name("");
}

void admin_arguments::add_limits(CLI::App& to, std::string const& meaning, bool with_default) {
    auto const limit = [&, this](std::string name, std::string const& what) {
        auto& into = limits_[name];
        std::ranges::replace(name, '_', '-');
        to.add_option("--" + name, into, what)
            ->type_name(with_default ? "N|default" : "N")
            ->check([with_default](std::string const& text) { return problem_of_limit(text, with_default); });
    };
    limit("requests_per_minute", meaning);
    limit("concurrent_streams", "event streams open at once");
    limit("queued_generations", "replies that wait or are being written");
    limit("tokens_per_day", "read and written by models");
}

void admin_arguments::add_users(CLI::App& app) {
    auto* const users = app.add_subcommand("users", "list, create, change and delete users");
    users->require_subcommand(1);
    users_.list = add(*users, "list", "print all users, newest first");
    users_.create = add(*users, "create", "make a user and a key, and print both; the key is told this once");
    users_.create->add_option("--name", name_, "what people call the user")->type_name("TEXT");
    users_.create->add_flag("--admin", admin_, "may manage users and keys; reads nobody's conversations");
    users_.create->add_flag("--no-key", no_key_, "make no key");
    add_limits(*users_.create, "of the user; 0: no limit, else as configured; here and below", false);
    users_.change = add(*users, "change", "change a user's name, rights or limits");
    add_user(*users_.change);
    users_.change->add_option("--name", name_, "what people call the user")->type_name("TEXT");
    auto* const admin = users_.change->add_flag("--admin", admin_, "may manage users and keys from now on");
    users_.change->add_flag("--no-admin", no_admin_, "may not any more")->excludes(admin);
    add_limits(*users_.change, "0: no limit, default: as configured; here and below", true);
    users_.remove = add(*users, "delete", "delete a user and all that is theirs");
    add_user(*users_.remove);
}

void admin_arguments::add_keys(CLI::App& app) {
    auto* const keys = app.add_subcommand("keys", "list, create and delete a user's API keys");
    keys->require_subcommand(1);
    keys_.list = add(*keys, "list", "print a user's keys, without their text");
    add_user(*keys_.list);
    keys_.create = add(*keys, "create", "make a key and print it; it is told this once");
    add_user(*keys_.create);
    keys_.create->add_option("--name", name_, "what it is for")->type_name("TEXT");
    keys_.create->add_option("--scopes", scopes_, "of read, write, admin, with commas; else read,write")
        ->delimiter(',')
        ->type_name("LIST");
    keys_.create->add_option("--expires", expires_, "after 90d or 12h, or at a time of RFC 3339")
        ->type_name("WHEN");
    add_limits(*keys_.create, "of this key, beside its user's; 0: no limit; here and below", false);
    keys_.remove = add(*keys, "delete", "delete a key: it stops to work within a second");
    add_user(*keys_.remove);
    keys_.remove->add_option("KEY", key_, "the key's id")->required()->type_name("");
}

std::string admin_arguments::mistake() const {
    bool const nothing = users_.change->parsed() && users_.change->count("--name") == 0 && !admin_ &&
                         !no_admin_ && limits().empty();
    if (nothing) return "Change what? See parley users change --help.";
    if (expires_.empty()) return {};
    auto const when = time_of(expires_);
    return when ? std::string{} : fmt::format("--expires: \"{}\" {}.", expires_, when.error());
}

limit_choices admin_arguments::limits() const {
    limit_choices out;
    for (auto const& [name, text] : limits_) {
        if (auto const value = limit_of(text)) out.emplace(name, *value);
    }
    return out;
}

users_change admin_arguments::change() const {
    users_change out{.user_id = user_};
    if (users_.change->count("--name") > 0) out.name = name_;
    if (admin_ || no_admin_) out.is_admin = admin_;
    out.limits = limits();
    return out;
}

keys_create admin_arguments::create_key() const {
    keys_create out{user_, name_, scopes_, std::nullopt, limits()};
    if (auto when = time_of(expires_)) out.expires_at = std::move(*when);
    return out;
}

std::optional<admin_action> admin_arguments::action() const {
    if (users_.list->parsed()) return users_list{};
    if (users_.create->parsed()) return users_create{name_, admin_, !no_key_, limits()};
    if (users_.change->parsed()) return change();
    if (users_.remove->parsed()) return users_delete{user_};
    if (keys_.list->parsed()) return keys_list{user_};
    if (keys_.create->parsed()) return create_key();
    if (keys_.remove->parsed()) return keys_delete{user_, key_};
    return std::nullopt;
}

}  // namespace parley
