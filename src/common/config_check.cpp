// Checks across keys.
#include "common/config_draft.hpp"
#include "common/config_secret.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace parley {
namespace {

std::string source_of(config_draft const& draft, std::string_view key) {
    auto const found = draft.origins.find(key);
    return found == draft.origins.end() ? std::string{"default"} : found->second.source;
}

bool already_wrong(config_draft const& draft, std::string_view prefix) {
    return std::ranges::any_of(draft.problems,
                               [&](config_problem const& one) { return one.key.starts_with(prefix); });
}

void check_access(config_draft& draft) {
    if (already_wrong(draft, "server.host") || already_wrong(draft, "auth.")) return;
    auto const open = draft.values.auth_mode == "none";
    if (!open && draft.values.auth_bootstrap_key.empty()) {
        draft.complain(source_of(draft, "auth.mode"), "auth.mode",
                       fmt::format("api_key needs a key: set {} to a random text of at least 32 characters",
                                   environment_name("auth.bootstrap_key")));
    }
    auto& host = draft.values.server.host;
    if (host == "localhost") host = "127.0.0.1";
    boost::system::error_code not_an_address;
    auto const address = boost::asio::ip::make_address(host, not_an_address);
    if (not_an_address) {
        draft.complain(
            source_of(draft, "server.host"), "server.host",
            fmt::format("\"{}\" is not an IP address such as 127.0.0.1 or ::1 (without brackets)", host));
    } else if (open && !address.is_loopback()) {
        draft.complain(
            source_of(draft, "server.host"), "server.host",
            fmt::format("{} can be reached from other machines, and auth.mode none lets everybody in who "
                        "reaches it; listen on 127.0.0.1 or ::1, or set auth.mode to api_key",
                        host));
    }
}

void check_store(config_draft& draft) {
    if (already_wrong(draft, "store")) return;
    auto const& store = draft.values.store;
    auto const variable = environment_name("store.uri");
    auto const where = source_of(draft, "store.uri");
    if (store.kind == "mongodb" && store.uri.empty()) {
        draft.complain(source_of(draft, "store.kind"), "store.uri",
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
        draft.complain(source_of(draft, "store.database"), "store.database",
                       fmt::format("\"{}\" can not be the name of a database: none of {} is possible",
                                   store.database, not_in_a_name));
    }
}

void check_cache(config_draft& draft) {
    auto const& cache = draft.values.cache;
    auto const source = source_of(draft, "cache.uri");
    if (has_secret(cache.uri) && source != environment_name("cache.uri")) {
        draft.complain(source, "cache.uri",
                       fmt::format("has a password in it; secrets come from the environment only: put the "
                                   "whole address into {}",
                                   environment_name("cache.uri")));
    }
    if (already_wrong(draft, "cache.kind") || already_wrong(draft, "cache.uri")) return;
    if (cache.kind == "redis" && cache.uri.empty()) {
        draft.complain(source_of(draft, "cache.kind"), "cache.uri",
                       "is missing; kind redis needs one such as redis://localhost:6379");
    }
}

void check_model(config_draft& draft, std::size_t index) {
    auto const& models = draft.values.models;
    auto const& model = models[index];
    auto const key = fmt::format("models[{}]", index);
    if (model.name.empty() && !already_wrong(draft, key)) {
        draft.complain(source_of(draft, key), key + ".name", "is missing; every model needs a name");
    }
    if (model.kind == "llama" && model.path.empty() && !already_wrong(draft, key)) {
        draft.complain(source_of(draft, key), key + ".path", "is missing; kind llama needs a GGUF file");
    }
    if (model.kind != "llama" && !model.path.empty()) {
        draft.complain(source_of(draft, key + ".path"), key + ".path",
                       fmt::format("means nothing for kind {}; leave it out", model.kind));
    }
    for (std::size_t earlier = 0; earlier < index && !model.name.empty(); ++earlier) {
        if (models[earlier].name != model.name) continue;
        draft.complain(source_of(draft, key + ".name"), key + ".name",
                       fmt::format("\"{}\" is the name of models[{}] already ({})", model.name, earlier,
                                   source_of(draft, fmt::format("models[{}].name", earlier))));
        return;
    }
}

void check_default_model(config_draft& draft) {
    auto const& wanted = draft.values.default_model;
    auto const& models = draft.values.models;
    if (wanted.empty() || already_wrong(draft, "default_model") || already_wrong(draft, "models")) return;
    if (std::ranges::find(models, wanted, &model_config::name) != models.end()) return;
    std::string known;
    for (auto const& model : models) known += (known.empty() ? "" : ", ") + model.name;
    draft.complain(source_of(draft, "default_model"), "default_model",
                   models.empty() ? fmt::format("\"{}\" can not be there: models is an empty list ({})",
                                                wanted, source_of(draft, "models"))
                                  : fmt::format("there is no model \"{}\"; models has: {}", wanted, known));
}

void check_transforms(config_draft& draft) {
    auto const& around = draft.values.transforms.content_template;
    if (around.empty() || already_wrong(draft, "transforms.content_template")) return;
    if (around.contains("{{content}}")) return;
    draft.complain(source_of(draft, "transforms.content_template"), "transforms.content_template",
                   "must have {{content}} in it, where the user's text goes");
}

}  // namespace

void check_config(config_draft& draft) {
    check_access(draft);
    check_store(draft);
    check_cache(draft);
    for (std::size_t i = 0; i < draft.values.models.size(); ++i) check_model(draft, i);
    check_default_model(draft);
    check_transforms(draft);
}

}  // namespace parley
