#include "app/admin/admin_server.hpp"

#include "app/server_address.hpp"
#include "app/store_factory.hpp"
#include "entities/api_key.hpp"

#include <string>
#include <utility>
#include <variant>

namespace parley {
namespace {

result<client::server_address> address_with_key(std::string const& url, std::string api_key) {
    auto where = client::parse_server_address(url);
    if (where) where->api_key = std::move(api_key);
    return where;
}

/// It serves this process alone: nobody else knows its key.
config for_this_command(config settings, std::string const& key) {
    settings.server.host = "127.0.0.1";
    settings.server.port = 0;
    settings.server.threads = 1;
    settings.auth.mode = "api_key";
    settings.auth.bootstrap_key = key;
    settings.limits = {};
    settings.cors = {};
    settings.models.clear();
    settings.upstreams.clear();
    settings.default_model.clear();
    return settings;
}

std::unexpected<error> no_store(store_config const& settings) {
    return fail(error_kind::not_found, "store_absent",
                "There is no store at " + settings.path.string() +
                    ". --data or store.path names its folder; parley users create makes a new one.");
}

/// The sentence about the lock says which folder it is, and whose.
std::unexpected<error> in_use_by_unknown(error locked) {
    locked.message += " If it is a server, --url names the address at which it can be asked.";
    return std::unexpected(std::move(locked));
}

}  // namespace

result<admin_server> admin_server::reach(config const& settings, admin_command const& wanted) {
    auto const& key = wanted.api_key.empty() ? settings.auth.bootstrap_key : wanted.api_key;
    if (!wanted.url.empty()) {
        auto where = address_with_key(wanted.url, key);
        if (!where) return std::unexpected(where.error());
        return admin_server{nullptr, false, std::move(*where), {}};
    }
    bool const deletes = std::holds_alternative<users_delete>(wanted.action);
    bool const may_make_store = std::holds_alternative<users_create>(wanted.action);
    if (!may_make_store && is_absent(settings.store)) return no_store(settings.store);
    auto const own_key = new_key_text();
    auto own = application::start(for_this_command(settings, own_key), application_role::administer);
    if (own) {
        auto where = address_with_key("http://127.0.0.1:" + std::to_string((*own)->port()), own_key);
        if (!where) return std::unexpected(where.error());
        return admin_server{std::move(*own), deletes, std::move(*where), {}};
    }
    if (own.error().code != "store_locked") return std::unexpected(own.error());
    auto const told = address_told_in(settings.store.path);
    if (!told) return in_use_by_unknown(std::move(own.error()));
    auto where = address_with_key(*told, key);
    if (!where) return in_use_by_unknown(std::move(own.error()));
    return admin_server{nullptr, false, std::move(*where), settings.store.path};
}

error admin_server::explain(error why) const {
    if (!shows_key_ && (why.code == "missing_api_key" || why.code == "missing_token")) {
        why.message = "PARLEY_API_KEY is missing: the server wants the key of an administrator.";
    }
    if (!folder_.empty() && why.code == "server_unreachable") {
        why.message += " It should, as it uses the data folder " + folder_.string() +
                       ". If it can be reached elsewhere, --url names the address.";
    }
    return why;
}

admin_server::~admin_server() {
    if (!own_) return;
    if (deletes_) own_->finish_deletions();
    static_cast<void>(own_->shut_down());
}

}  // namespace parley
