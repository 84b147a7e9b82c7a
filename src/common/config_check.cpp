// Checks across keys.
#include "common/config_checks.hpp"
#include "common/config_secret.hpp"
#include "common/config_suggest.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace parley {
namespace {

void check_access(config_draft& draft) {
    if (draft.already_wrong("server.host") || draft.already_wrong("auth.")) return;
    auto const open = draft.values.auth.mode == "none";
    auto& host = draft.values.server.host;
    if (host == "localhost") host = "127.0.0.1";
    boost::system::error_code not_an_address;
    auto const address = boost::asio::ip::make_address(host, not_an_address);
    if (not_an_address) {
        draft.complain(
            draft.source_of("server.host"), "server.host",
            fmt::format("\"{}\" is not an IP address such as 127.0.0.1 or ::1 (without brackets)", host));
    } else if (open && !address.is_loopback()) {
        draft.complain(
            draft.source_of("server.host"), "server.host",
            fmt::format("{} can be reached from other machines, and auth.mode none lets everybody in who "
                        "reaches it; listen on 127.0.0.1 or ::1, or set auth.mode to api_key, jwt or "
                        "trusted_header",
                        host));
    }
}

void check_store(config_draft& draft) {
    if (draft.already_wrong("store")) return;
    auto const& store = draft.values.store;
    auto const variable = environment_name("store.uri");
    auto const where = draft.source_of("store.uri");
    if (store.kind == "mongodb" && store.uri.empty()) {
        draft.complain(draft.source_of("store.kind"), "store.uri",
                       fmt::format("is missing; kind mongodb needs an address such as "
                                   "mongodb://host:27017/?replicaSet=rs0 (with a password: in {})",
                                   variable));
    } else if (!store.uri.empty() && !store.uri.starts_with("mongodb://") &&
               !store.uri.starts_with("mongodb+srv://")) {
        draft.complain(where, "store.uri", "is no address that begins with mongodb:// or mongodb+srv://");
    } else if (has_secret(store.uri) && where != variable) {
        draft.complain(where, "store.uri",
                       fmt::format("has a password in it; secrets come from the environment only: put the "
                                   "whole address into {}",
                                   variable));
    }
    constexpr std::string_view not_in_a_name = "/\\. \"$*<>:|?";
    if (store.database.find_first_of(not_in_a_name) != std::string::npos) {
        draft.complain(draft.source_of("store.database"), "store.database",
                       fmt::format("\"{}\" can not be the name of a database: none of {} is possible",
                                   store.database, not_in_a_name));
    }
}

void check_cache(config_draft& draft) {
    auto const& cache = draft.values.cache;
    auto const source = draft.source_of("cache.uri");
    if (has_secret(cache.uri) && source != environment_name("cache.uri")) {
        draft.complain(source, "cache.uri",
                       fmt::format("has a password in it; secrets come from the environment only: put the "
                                   "whole address into {}",
                                   environment_name("cache.uri")));
    }
    if (draft.already_wrong("cache.kind") || draft.already_wrong("cache.uri")) return;
    if (cache.kind == "redis" && cache.uri.empty()) {
        draft.complain(draft.source_of("cache.kind"), "cache.uri",
                       "is missing; kind redis needs one such as redis://localhost:6379");
    }
}

void check_transforms(config_draft& draft) {
    auto const& around = draft.values.transforms.content_template;
    if (around.empty() || draft.already_wrong("transforms.content_template")) return;
    if (around.contains("{{content}}")) return;
    draft.complain(draft.source_of("transforms.content_template"), "transforms.content_template",
                   "must have {{content}} in it, where the user's text goes");
}

}  // namespace

std::string no_such_entry(std::string_view word, std::string_view list, std::string_view wanted,
                          std::span<std::string const> known) {
    auto const start = fmt::format("there is no {} \"{}\"", word, wanted);
    if (known.empty()) return fmt::format("{}; {} is an empty list", start, list);
    if (auto const suggestion = nearest(wanted, known)) {
        return fmt::format("{}; did you mean \"{}\"?", start, *suggestion);
    }
    return fmt::format("{}; {} has: {}", start, list, fmt::join(known, ", "));
}

void check_config(config_draft& draft) {
    check_access(draft);
    check_tokens(draft);
    check_proxies(draft);
    check_cors(draft);
    check_limits(draft);
    check_store(draft);
    check_cache(draft);
    check_upstreams(draft);
    check_models(draft);
    check_transforms(draft);
}

}  // namespace parley
