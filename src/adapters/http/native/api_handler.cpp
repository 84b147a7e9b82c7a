#include "adapters/http/native/api_handler.hpp"

#include "adapters/http/native/audit.hpp"
#include "adapters/http/native/challenge.hpp"
#include "adapters/http/native/rate_headers.hpp"
#include "adapters/http/native/watched_stream.hpp"
#include "adapters/http/server/problem.hpp"
#include "adapters/http/wire/entities.hpp"
#include "adapters/http/wire/object_reader.hpp"
#include "common/log.hpp"
#include "services/store_errors.hpp"

#include <charconv>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace parley::http {
namespace {

void log_own_failure(error const& what, request const& call) {
    // Overload is no failure of ours, and its lines would only add to it.
    if (status_of(what.kind) < 500 || what.kind == error_kind::overloaded) return;
    log::error("request failed", {{"request_id", std::string_view{call.request_id}},
                                  {"route", call.route},
                                  {"code", std::string_view{what.code}},
                                  {"detail", std::string_view{what.detail}}});
}

}  // namespace

task<std::optional<response>> api_handler::turn_away(request& call) {
    auto const shown = credentials_of(call, api_.identity);
    if (!shown) co_return refuse_caller(shown.error(), call.request_id);
    auto who = co_await api_.identity.identify(*shown);
    if (!who) {
        log_own_failure(who.error(), call);
        co_return refuse_caller(who.error(), call.request_id);
    }
    call.caller = *who;
    co_return std::nullopt;
}

task<response> api_handler::handle(request& call) {
    if (auto unknown = co_await turn_away(call)) co_return std::move(*unknown);
    auto const limits = co_await api_.limits.take_request(call.caller);
    bool const refused = !limits.empty() && !limits.back().verdict.is_allowed;
    response out;
    if (refused) {
        out = refuse_rate(limits.back(), call.request_id);
    } else if (!call.caller.may.contain(needed_)) {
        if (needed_.admin) audit_refused(call);
        out = refuse_scope(needed_, call.request_id);
    } else {
        out = co_await answer_known(call);
    }
    add_rate_headers(out, limits);
    co_return out;
}

task<response> api_handler::answer_known(request& call) {
    auto answered = co_await answer(call);
    // A connection lives on: what is no event stream keeps no other one from being opened.
    if (!answered || !answered->stream) call.place.reset();
    if (!answered) {
        log_own_failure(answered.error(), call);
        auto out = refuse_caller(answered.error(), call.request_id);
        add_spent_limit(out, answered.error());
        co_return out;
    }
    bool const watched = !api_.identity.is_open() || call.place;
    if (answered->stream && watched) {
        answered->stream = std::make_unique<watched_stream>(std::move(answered->stream), call, api_.identity,
                                                            std::move(call.place));
    }
    co_return std::move(*answered);
}

task<result<void>> take_stream_place(api_context& api, request& call) {
    auto place = co_await api.limits.open_stream(call.caller);
    if (!place) co_return std::unexpected(place.error());
    call.place = std::move(*place);
    co_return result<void>{};
}

result<interaction_id> interaction_of(request const& call) {
    if (auto const id = interaction_id::parse(call.path_parameters.at(0))) return *id;
    return interaction_not_found();
}

result<message_id> message_of(request const& call) {
    if (auto const id = message_id::parse(call.path_parameters.at(1))) return *id;
    return message_not_found();
}

result<std::int64_t> sibling_index_of(request const& call) {
    std::string_view const text = call.path_parameters.at(2);
    std::int64_t index = -1;
    auto const* const end = std::to_address(text.end());
    auto const read = std::from_chars(std::to_address(text.begin()), end, index);
    bool const is_number = read.ec == std::errc{} && read.ptr == end && index >= 0;
    // One address for each: no 01, no -0.
    if (is_number && std::to_string(index) == text) return index;
    return message_not_found();
}

result<void> no_query(request const& call) {
    query_reader const query{call, {}};
    if (query.failure()) return std::unexpected(*query.failure());
    return {};
}

result<void> no_fields(request const& call) {
    if (call.body.empty()) return {};
    auto const body = parse_object(call.header("Content-Type"), call.body);
    if (!body) return std::unexpected(body.error());
    object_reader const fields{*body, "", {}};
    if (fields.failure()) return std::unexpected(*fields.failure());
    return {};
}

response json_response(unsigned status, std::string body) {
    response out;
    out.status = status;
    out.body = std::move(body);
    return out;
}

response nothing_more() {
    response out;
    out.status = 204;
    out.content_type.clear();
    return out;
}

response interaction_response(unsigned status, interaction const& value) {
    auto out = json_response(status, to_json(value));
    out.headers.push_back({"ETag", "\"" + std::to_string(value.version) + "\""});
    return out;
}

std::string interaction_path(interaction_id const& id) { return "/api/v1/interactions/" + id.text(); }

}  // namespace parley::http
