#include "adapters/mongo/driver.hpp"

#include "common/log.hpp"
#include "parley_version.hpp"

#include <algorithm>
#include <array>

namespace parley::mongo {
namespace {

struct destroy_uri {
    void operator()(mongoc_uri_t* one) const { mongoc_uri_destroy(one); }
};
using owned_uri = std::unique_ptr<mongoc_uri_t, destroy_uri>;

std::unexpected<error> bad_uri(std::string what) {
    return fail(error_kind::invalid, "store_uri_invalid",
                "store.uri (PARLEY_STORE_URI) can not be used: " + std::move(what));
}

/// While this thread reads an address: what the driver says then may quote it, and with it a password.
thread_local bool quiet = false;

void take_log(mongoc_log_level_t level, char const* domain, char const* message, void* /*context*/) {
    // What goes wrong comes back as an error as well.
    if (quiet || level > MONGOC_LOG_LEVEL_INFO) return;
    log::debug("mongodb driver", {{"part", std::string_view{domain}}, {"text", std::string_view{message}}});
}

/// Once per process. It is never cleaned up: other parts may use OpenSSL still when the process ends.
void start_driver() {
    [[maybe_unused]] static bool const started = [] {
        mongoc_init();
        mongoc_log_set_handler(take_log, nullptr);
        mongoc_handshake_data_append("parley", std::string{version}.c_str(), nullptr);
        return true;
    }();
}

std::string hosts_of(mongoc_uri_t const* uri) {
    if (char const* const name = mongoc_uri_get_srv_hostname(uri)) return name;
    std::string out;
    for (auto const* host = mongoc_uri_get_hosts(uri); host != nullptr; host = host->next) {
        out += (out.empty() ? "" : ", ") + std::string{static_cast<char const*>(host->host_and_port)};
    }
    return out;
}

/// Nobody may weaken unknowingly what an acknowledgement means.
result<void> check_write_concern(mongoc_uri_t const* uri) {
    auto const* const asked = mongoc_uri_get_write_concern(uri);
    auto const w = mongoc_write_concern_get_w(asked);
    if (w != MONGOC_WRITE_CONCERN_W_DEFAULT && !mongoc_write_concern_get_wmajority(asked)) {
        return bad_uri(
            "it sets w to something else than majority, and a message that was acknowledged could be lost "
            "with "
            "one machine. Leave w out of it; Parley writes with w=majority and journal=true.");
    }
    if (mongoc_write_concern_journal_is_set(asked) && !mongoc_write_concern_get_journal(asked)) {
        return bad_uri(
            "it sets journal=false, and a message that was acknowledged could be lost with the power. Leave "
            "journal out of it; Parley writes with w=majority and journal=true.");
    }
    return {};
}

void set_default(mongoc_uri_t* uri, char const* option, std::chrono::milliseconds value) {
    if (!mongoc_uri_has_option(uri, option)) {
        mongoc_uri_set_option_as_int32(uri, option, static_cast<std::int32_t>(value.count()));
    }
}

void complete(mongoc_uri_t* uri, store_config const& settings, driver_limits const& limits) {
    set_default(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, limits.select);
    set_default(uri, MONGOC_URI_CONNECTTIMEOUTMS, limits.select);
    set_default(uri, MONGOC_URI_SOCKETTIMEOUTMS, limits.answer);
    mongoc_uri_set_option_as_int32(uri, MONGOC_URI_MAXPOOLSIZE,
                                   static_cast<std::int32_t>(settings.pool_size));
    // The store repeats its intentions itself, each of which may be repeated, on any kind of deployment.
    mongoc_uri_set_option_as_bool(uri, MONGOC_URI_RETRYREADS, false);
    mongoc_uri_set_option_as_bool(uri, MONGOC_URI_RETRYWRITES, false);
    if (mongoc_uri_get_appname(uri) == nullptr) mongoc_uri_set_appname(uri, "parley");
}

void tell_command(mongoc_apm_command_started_t const* event) {
    auto const& observe = *static_cast<command_observer*>(mongoc_apm_command_started_get_context(event));
    std::size_t size = 0;
    char* const text = bson_as_canonical_extended_json(mongoc_apm_command_started_get_command(event), &size);
    observe({text, size});
    bson_free(text);
}

}  // namespace

result<std::unique_ptr<driver>> driver::open(store_config const& settings, driver_limits const& limits,
                                             command_observer observe) {
    start_driver();
    bson_error_t failed;
    quiet = true;
    owned_uri const uri{mongoc_uri_new_with_error(settings.uri.c_str(), &failed)};
    quiet = false;
    if (uri == nullptr) {
        return bad_uri(
            "it is no MongoDB address such as mongodb://host:27017/?replicaSet=rs0 (characters other than "
            "letters and digits in a user's name or password are written as %XX).");
    }
    if (auto const fine = check_write_concern(uri.get()); !fine) return std::unexpected(fine.error());
    complete(uri.get(), settings, limits);

    std::unique_ptr<driver> out{new driver};
    out->database_ = settings.database;
    out->hosts_ = hosts_of(uri.get());
    out->limits_ = limits;
    out->observe_ = std::move(observe);
    out->pool_.reset(mongoc_client_pool_new_with_error(uri.get(), &failed));
    if (out->pool_ == nullptr) {
        return bad_uri("the driver refuses it: " + std::string{static_cast<char const*>(failed.message)});
    }
    mongoc_client_pool_set_error_api(out->pool_.get(), MONGOC_ERROR_API_VERSION_2);
    if (out->observe_) {
        auto* const callbacks = mongoc_apm_callbacks_new();
        mongoc_apm_set_command_started_cb(callbacks, tell_command);
        mongoc_client_pool_set_apm_callbacks(out->pool_.get(), callbacks, &out->observe_);
        mongoc_apm_callbacks_destroy(callbacks);
    }
    return out;
}

}  // namespace parley::mongo
