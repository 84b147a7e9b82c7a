#include "adapters/redis/greeting.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace parley::redis {
namespace {

std::unexpected<error> refused(std::string code, std::string sentence, std::string detail = {}) {
    return fail(error_kind::unavailable, std::move(code), std::move(sentence), {}, std::move(detail));
}

/// A field of INFO: "name:value" on a line of its own. Empty when it is not there.
std::string_view field(std::string_view info, std::string_view name) {
    auto const wanted = "\n" + std::string{name} + ":";
    auto const at = info.find(wanted);
    if (at == std::string_view::npos) return {};
    auto const value = info.substr(at + wanted.size());
    return value.substr(0, value.find_first_of("\r\n"));
}

result<std::string> identity_of(std::string_view info, std::string const& where) {
    if (field(info, "cluster_enabled") == "1") {
        return refused("redis_cluster", fmt::format("Redis at {} is a node of a Redis Cluster, which is not "
                                                    "supported yet: name a single server, or the sentinels "
                                                    "of one (redis+sentinel://).",
                                                    where));
    }
    if (field(info, "role") != "master") {
        return refused("redis_replica", fmt::format("Redis at {} is a replica: name its master, or the "
                                                    "sentinels that know it (redis+sentinel://).",
                                                    where));
    }
    auto const run = field(info, "run_id");
    if (run.empty())
        return refused("redis_refused", fmt::format("Redis at {} does not say who it is.", where));
    // The history's id tells a server that was a replica in between from what it was before.
    auto const history = field(info, "master_replid");
    return fmt::format("{}{}", run.substr(0, 16), history.substr(0, 16));
}

}  // namespace

std::string to_text(endpoint const& where) {
    return where.host.find(':') == std::string::npos ? fmt::format("{}:{}", where.host, where.port)
                                                     : fmt::format("[{}]:{}", where.host, where.port);
}

error refusal(std::string const& where, std::string const& said) {
    auto const begins = [&](std::string_view word) { return said.starts_with(word); };
    auto const sentence = [&](std::string_view code, std::string_view what) {
        return error{error_kind::unavailable,
                     std::string{code},
                     fmt::format("Redis at {} {} ({}).", where, what, said),
                     {},
                     {}};
    };
    if (begins("WRONGPASS") || begins("NOAUTH") || said.find("without any password") != std::string::npos ||
        said.find("invalid password") != std::string::npos) {
        return sentence("redis_credentials",
                        "does not take these credentials: set PARLEY_CACHE_URI to "
                        "redis://user:password@host:port/database");
    }
    // The latter is what a script says.
    if (begins("NOPERM") || said.find("user executing the script can't") != std::string::npos) {
        return sentence(
            "redis_rights",
            "lets this user do too little: docs/redis.md lists the commands and keys that are needed");
    }
    if (said.find("DB index") != std::string::npos)
        return sentence("redis_database", "has no database of this number: correct the end of the URI");
    return sentence("redis_refused", "refuses");
}

task<result<void>> authenticate(std::shared_ptr<link> to, endpoint where, std::string user,
                                std::string password, std::chrono::milliseconds patience) {
    if (password.empty()) co_return result<void>{};
    auto command =
        user.empty() ? format_command({"AUTH", password}) : format_command({"AUTH", user, password});
    auto const said = co_await to->ask(std::move(command), patience);
    if (!said) co_return std::unexpected(said.error());
    if (said->is_error()) co_return std::unexpected(refusal(to_text(where), said->text));
    co_return result<void>{};
}

task<result<std::string>> greet(std::shared_ptr<link> to, endpoint where, options const& how) {
    auto const patience = how.connect_timeout;
    auto const name = to_text(where);
    auto const welcome = co_await authenticate(to, where, how.where.user, how.where.password, patience);
    if (!welcome) co_return std::unexpected(welcome.error());
    if (how.where.database != 0) {
        auto command = format_command({"SELECT", std::to_string(how.where.database)});
        auto const selected = co_await to->ask(std::move(command), patience);
        if (!selected) co_return std::unexpected(selected.error());
        if (selected->is_error()) co_return std::unexpected(refusal(name, selected->text));
    }
    auto question = format_command({"INFO"});
    auto const info = co_await to->ask(std::move(question), patience);
    if (!info) co_return std::unexpected(info.error());
    if (info->is_error()) co_return std::unexpected(refusal(name, info->text));
    co_return identity_of(info->text, name);
}

}  // namespace parley::redis
