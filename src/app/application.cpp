#include "app/application.hpp"

#include "adapters/http/docs/docs_pages.hpp"
#include "adapters/http/native/native_api.hpp"
#include "adapters/http/server/route_table.hpp"
#include "adapters/http/server/server.hpp"
#include "adapters/http/web/web_pages.hpp"
#include "adapters/memory/memory_reply_feed.hpp"
#include "adapters/memory/memory_user_feed.hpp"
#include "adapters/prometheus/prometheus_metrics.hpp"
#include "app/cache_factory.hpp"
#include "app/expiry_sweep.hpp"
#include "app/identity_factory.hpp"
#include "app/limiter_factory.hpp"
#include "app/model_factory.hpp"
#include "app/model_search.hpp"
#include "app/run_task.hpp"
#include "app/server_address.hpp"
#include "app/store_factory.hpp"
#include "app/turn_watch.hpp"
#include "common/log.hpp"
#include "modules/cache/cached_conversations.hpp"
#include "modules/cache/cached_identities.hpp"
#include "modules/events/announced_conversations.hpp"
#include "modules/identity/user_purge.hpp"
#include "modules/limits/usage_guard.hpp"
#include "modules/models/model_catalog.hpp"
#include "modules/requests/request_keys.hpp"
#include "modules/titles/title_maker.hpp"
#include "modules/turn/gated_feed.hpp"
#include "modules/turn/turn_service.hpp"
#include "parley_version.hpp"
#include "services/clock.hpp"

#include <atomic>
#include <optional>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

// After the replies have ended their readers only need to take the last event.
constexpr auto reader_grace = 2000ms;

/// The store opened, and its first reads failed.
error unreadable(error why, store_config const& settings) {
    why.message = name_of_store(settings) +
                  " can not be read. If the disk is well, the database is damaged: restore it from a backup.";
    return why;
}

/// Of a store that nobody else uses: what runs in there was left behind.
result<void> interrupt_left(turn_service& turns, store_config const& settings) {
    auto const expired = run_task(turns.recover());
    if (!expired) return std::unexpected(unreadable(expired.error(), settings));
    if (*expired > 0) {
        log::warn("replies of an earlier run were interrupted",
                  {{"count", static_cast<std::int64_t>(*expired)}});
    }
    return {};
}

/// For commands that find the store in use. The server is as good without it.
std::optional<told_address> tell_address(config const& settings, std::uint16_t port) {
    auto told = told_address::write(settings.store.path, local_url(settings.server, port));
    if (told) return std::move(*told);
    log::warn("parley users and keys need --url while this server runs",
              {{"problem", std::string_view{told.error().message}},
               {"detail", std::string_view{told.error().detail}}});
    return std::nullopt;
}

title_source title_source_of(titles_config const& settings) {
    if (settings.mode == "off") return title_source::nobody;
    return settings.mode == "words" ? title_source::words : title_source::model;
}

std::vector<http::endpoint> all_endpoints(http::native_api const& api, http::docs_pages const& docs,
                                          http::web_pages const& page) {
    auto endpoints = api.endpoints();
    endpoints.insert(endpoints.end(), docs.endpoints().begin(), docs.endpoints().end());
    endpoints.insert(endpoints.end(), page.endpoints().begin(), page.endpoints().end());
    return endpoints;
}

}  // namespace

// Members stand in the order in which they need each other: the last is destroyed first.
struct application::parts {
    parts(config const& settings, std::unique_ptr<metrics> statistics, std::unique_ptr<opened_store> opened,
          made_cache cache, made_limiter counting, made_models made, user const& local,
          std::unique_ptr<jwk_file> keys)
        : seen(std::move(statistics)),
          store(std::move(opened)),
          kept(std::move(cache)),
          counts(std::move(counting)),
          limits(*counts.value, store->usage(), time, limits_of(settings.limits),
                 settings.server.keep_alive_interval),
          cached(store->conversations(), *kept.value, *seen),
          cached_users(store->identities(), *kept.value, *seen),
          conversations(settings.cache.kind == "none" ? store->conversations() : cached, news),
          identities(settings.cache.kind == "none" ? store->identities() : cached_users),
          memory(std::move(made.memory)),
          upstreams(std::move(made.upstreams)),
          loaded(std::move(made.loaded)),
          models(std::move(made.models), settings.default_model),
          transforms(settings.transforms),
          turns({conversations, identities, store->usage(), models, transforms}, feed, news, time, *seen,
                process_id::make()),
          requests(store->requests(), time),
          titles(conversations, store->usage(), models, turns, news, time, title_source_of(settings.titles)),
          token_keys(std::move(keys)),
          identity(make_authenticator(settings.auth, identities, time, local.user_id, token_keys.get())),
          context{conversations,
                  identities,
                  store->usage(),
                  turns,
                  requests,
                  models,
                  feed,
                  news,
                  time,
                  *identity,
                  limits,
                  local.user_id,
                  settings.server.keep_alive_interval,
                  *kept.value,
                  settings.currency},
          api(context, *seen, draining, settings.server.max_body_bytes),
          routes(all_endpoints(api, docs, page)),
          server(settings, routes, *seen),
          grace(settings.server.shutdown_grace) {
        turns.ask_first(limits);
        turns.on_end([this](turn_lease const& lease, message const& reply,
                            boost::asio::any_io_executor const& executor) {
            titles.reply_ended(lease, reply, executor);
        });
    }

    std::unique_ptr<metrics> seen;
    std::unique_ptr<opened_store> store;
    made_cache kept;
    made_limiter counts;
    system_clock time;
    usage_guard limits;
    cached_conversations cached;
    cached_identities cached_users;
    memory_user_feed all_news;
    gated_feed news{all_news, limits};
    announced_conversations conversations;
    identity_store& identities;
    std::unique_ptr<model_memory> memory;
    upstream_list upstreams;
    std::vector<std::shared_ptr<std::atomic<double>>> loaded;
    model_catalog models;
    memory_reply_feed feed;
    transformer transforms;
    turn_service turns;
    request_keys requests;
    title_maker titles;
    std::atomic<bool> draining = false;
    std::unique_ptr<jwk_file> token_keys;
    std::unique_ptr<authenticator> identity;
    http::api_context context;
    http::native_api api;
    http::docs_pages docs;
    http::web_pages page;
    http::route_table routes;
    http::server server;
    std::chrono::milliseconds grace;
    std::uint16_t port = 0;
    std::optional<told_address> address;
    std::unique_ptr<turn_watch> watch;
    std::unique_ptr<model_search> search;
    std::unique_ptr<expiry_sweep> sweep;
};

application::application(std::unique_ptr<parts> owned) : parts_(std::move(owned)) {}
application::~application() = default;

result<std::unique_ptr<application>> application::start(config const& settings, application_role role) {
    auto seen = make_prometheus_metrics({version, version_commit, version_compiler});
    auto store = open_store(settings.store, *seen);
    if (!store) return std::unexpected(store.error());
    auto const local = run_task((*store)->identities().local_user(system_clock{}.now()));
    if (!local) return std::unexpected(unreadable(local.error(), settings.store));

    auto kept = make_cache(
        settings.cache,
        is_shared(settings.store) ? store_writers::several_processes : store_writers::this_process, *seen);
    if (!kept) return std::unexpected(kept.error());
    auto counts = make_limiter(settings, *seen);
    if (!counts) return std::unexpected(counts.error());
    auto keys = open_token_keys(settings.auth);
    if (!keys) return std::unexpected(keys.error());
    auto models = make_models(settings, *seen);
    if (!models) return std::unexpected(models.error());
    auto owned = std::make_unique<parts>(settings, std::move(seen), std::move(*store), std::move(*kept),
                                         std::move(*counts), std::move(*models), *local, std::move(*keys));
    // Turns in a shared store may belong to others who are well.
    if (!is_shared(settings.store)) {
        if (auto const done = interrupt_left(owned->turns, settings.store); !done) {
            return std::unexpected(done.error());
        }
    }
    auto const port = owned->server.listen();
    if (!port) return std::unexpected(port.error());
    owned->port = *port;
    if (role == application_role::administer) {
        owned->server.start();
        return std::unique_ptr<application>{new application{std::move(owned)}};
    }
    auto const open = run_task(can_anybody_enter(settings.auth, owned->identities));
    if (!open) return std::unexpected(unreadable(open.error(), settings.store));
    if (!*open) {
        log::warn(
            "nobody has a key for this server: set PARLEY_AUTH_BOOTSTRAP_KEY, or make the first user with "
            "parley users create --admin");
    }
    if (!is_shared(settings.store)) owned->address = tell_address(settings, owned->port);
    // From here on nothing fails: they are stopped by shut_down() alone.
    owned->watch = std::make_unique<turn_watch>(owned->conversations, owned->turns, owned->requests,
                                                owned->news, owned->limits, owned->time);
    owned->search = std::make_unique<model_search>(owned->upstreams, owned->models, *owned->seen);
    owned->sweep = std::make_unique<expiry_sweep>(owned->conversations, owned->identities, owned->time);
    owned->server.start();
    return std::unique_ptr<application>{new application{std::move(owned)}};
}

std::uint16_t application::port() const { return parts_->port; }

std::vector<model_progress> application::models() const {
    std::vector<model_progress> out;
    auto const models = parts_->models.all();  // those that were discovered stand behind the configured ones
    for (std::size_t i = 0; i < parts_->loaded.size(); ++i) {
        auto const info = models[i]->info();
        bool const settled = info.state != model_state::loading || info.on_demand;
        out.push_back({info.name, parts_->loaded[i]->load(), settled, info.problem});
    }
    return out;
}

void application::finish_deletions() {
    auto const never = [] { return false; };
    auto const gone = run_task(purge_deleted_users(parts_->identities, parts_->time.now(), never));
    if (gone) return;
    log::warn("what deleted users left could not be deleted; the server does so when it runs",
              {{"code", gone.error().code}, {"detail", gone.error().detail}});
}

bool application::shut_down() {
    parts_->draining = true;
    parts_->address.reset();
    auto const ended = parts_->turns.drain(parts_->grace);
    static_cast<void>(parts_->server.drain(reader_grace));
    parts_->server.stop();
    parts_->sweep.reset();
    parts_->search.reset();
    if (parts_->watch) parts_->watch->stop();
    parts_->models.close();
    parts_->memory.reset();
    parts_->counts.close();
    parts_->kept.close();
    parts_->store->close();
    parts_->watch.reset();
    return ended;
}

}  // namespace parley
