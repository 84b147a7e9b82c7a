#include "adapters/upstream/upstream_client.hpp"

#include "adapters/upstream/tls.hpp"
#include "common/ascii.hpp"
#include "parley_version.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>

namespace parley::upstream {
namespace {

namespace bhttp = boost::beast::http;
using request = bhttp::request<bhttp::string_body>;

/// RFC 9110 §5.5, without obs-text: what may stand in a value.
bool is_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; });
}

/// RFC 9110 §5.6.2.
bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_char); }

bool is_ours(std::string_view name) {
    constexpr std::array<std::string_view, 5> ours{"host", "content-length", "transfer-encoding",
                                                   "connection", "accept-encoding"};
    return std::ranges::any_of(ours, [&](std::string_view one) { return same_word(one, name); });
}

std::unexpected<error> unusable(upstream_config const& settings, std::string const& why, std::string param) {
    return invalid("upstream_config_invalid", "The upstream \"" + settings.name + "\": " + why,
                   std::move(param));
}

result<std::vector<upstream::header>> read_headers(upstream_config const& settings) {
    std::vector<upstream::header> out;
    for (std::size_t i = 0; i < settings.headers.size(); ++i) {
        std::string_view const line = settings.headers[i];
        auto const colon = std::min(line.find(':'), line.size());
        auto const name = without_blanks(line.substr(0, colon));
        auto const value = without_blanks(line.substr(std::min(colon + 1, line.size())));
        auto const which = "header " + std::to_string(i + 1);  // its text may be a secret
        if (colon == line.size() || !is_token(name) || !is_value(value))
            return unusable(settings, which + " is not of the form \"Name: value\".", "headers");
        if (is_ours(name)) {
            return unusable(settings, which + " (" + std::string{name} + ") is set by Parley itself.",
                            "headers");
        }
        out.emplace_back(name, value);
    }
    return out;
}

void add_key(upstream_config const& settings, std::vector<upstream::header>& into) {
    auto const anthropic = settings.dialect == "anthropic";
    if (anthropic) into.insert(into.begin(), {"anthropic-version", "2023-06-01"});
    if (settings.api_key.empty()) return;
    if (anthropic) {
        into.insert(into.begin(), {"x-api-key", settings.api_key});
    } else {
        into.insert(into.begin(), {"Authorization", "Bearer " + settings.api_key});
    }
}

/// Whatever could be one: the key, and each word of the configured headers.
std::vector<std::string> find_secrets(upstream_config const& settings,
                                      std::vector<upstream::header> const& configured, route_to const& way) {
    std::vector<std::string> out{settings.api_key};
    for (auto const& [name, value] : configured) {
        out.push_back(value);
        if (auto const space = value.rfind(' '); space != std::string::npos)
            out.push_back(value.substr(space + 1));
    }
    if (way.proxy) out.insert(out.end(), way.proxy->secrets.begin(), way.proxy->secrets.end());
    return out;
}

std::string to_bytes(request& message) {
    std::string out;
    bhttp::request_serializer<bhttp::string_body> writer{message};
    boost::system::error_code failed;
    while (!failed && !writer.is_done()) {
        writer.next(failed, [&](boost::system::error_code&, auto const& buffers) {
            std::size_t size = 0;
            for (auto const one : boost::beast::buffers_range_ref(buffers)) {
                out.append(static_cast<char const*>(one.data()), one.size());
                size += one.size();
            }
            writer.consume(size);
        });
    }
    return out;
}

void set(request& message, std::string_view name, std::string_view value) {
    message.set(boost::beast::string_view{name.data(), name.size()},
                boost::beast::string_view{value.data(), value.size()});
}

}  // namespace

upstream::upstream(parts checked, metrics& statistics)
    : settings_(std::move(checked.settings)),
      way_(std::move(checked.way)),
      headers_(std::move(checked.headers)),
      words_(settings_.name, std::move(checked.secrets)),
      statistics_(statistics),
      pool_(std::make_shared<connection_pool>(
          settings_.name, connection_pool::limits{settings_.max_connections, settings_.idle_timeout},
          statistics)) {}

std::string upstream::write_request(std::string_view path, std::string body,
                                    trace_context const& trace) const {
    auto target = way_.server.prefix + std::string{path};
    // A proxy of plain HTTP is told the whole address (RFC 9112 §3.2.2).
    auto const by_proxy = way_.proxy && !way_.tls;
    if (by_proxy) target.insert(0, "http://" + way_.server.authority);
    request message{body.empty() ? bhttp::verb::get : bhttp::verb::post, target, 11};
    message.set(bhttp::field::host, way_.server.authority);
    set(message, "User-Agent", std::string{"Parley/"} + version);
    set(message, "Accept", body.empty() ? "application/json" : "text/event-stream, application/json");
    set(message, "Accept-Encoding", "identity");
    if (by_proxy && !way_.proxy->authorization.empty())
        set(message, "Proxy-Authorization", way_.proxy->authorization);
    if (!body.empty()) set(message, "Content-Type", "application/json");
    for (auto const& [name, value] : headers_) set(message, name, value);
    if (!trace.traceparent.empty() && is_value(trace.traceparent))
        set(message, "traceparent", trace.traceparent);
    if (!trace.request_id.empty() && is_value(trace.request_id))
        set(message, "x-request-id", trace.request_id);
    message.body() = std::move(body);
    message.prepare_payload();
    return to_bytes(message);
}

result<std::shared_ptr<upstream>> make_upstream(upstream_config const& settings,
                                                proxy_environment const& environment, metrics& statistics) {
    if (settings.dialect != "openai" && settings.dialect != "anthropic") {
        return unusable(settings, "\"" + settings.dialect + "\" is no dialect; openai and anthropic are.",
                        "dialect");
    }
    if (!is_value(settings.api_key)) {
        return unusable(
            settings, "the key in " + settings.api_key_variable + " has characters that no header may have.",
            "api_key_variable");
    }
    upstream::parts made{.settings = settings, .way = {}, .headers = {}, .secrets = {}};
    auto server = parse_base_url(settings.base_url);
    if (!server) return unusable(settings, server.error().message, "base_url");
    auto proxy = choose_proxy(*server, settings.proxy, environment);
    if (!proxy) return unusable(settings, proxy.error().message, "proxy");
    made.way.server = std::move(*server);
    made.way.proxy = std::move(*proxy);
    made.way.name = made.way.proxy
                        ? std::make_shared<name_lookup>(made.way.proxy->host, made.way.proxy->port)
                        : std::make_shared<name_lookup>(made.way.server.host, made.way.server.port);
    if (made.way.server.tls) {
        auto context = make_tls_context(settings.ca_file);
        if (!context) return unusable(settings, context.error().message, "ca_file");
        made.way.tls = std::move(*context);
    }
    auto headers = read_headers(settings);
    if (!headers) return std::unexpected(std::move(headers.error()));
    made.headers = std::move(*headers);
    made.secrets = find_secrets(settings, made.headers, made.way);
    add_key(settings, made.headers);
    return std::make_shared<upstream>(std::move(made), statistics);
}

}  // namespace parley::upstream
