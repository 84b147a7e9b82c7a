#include "adapters/http/native/api_handler.hpp"

#include "adapters/http/server/problem.hpp"
#include "adapters/http/wire/entities.hpp"
#include "adapters/http/wire/object_reader.hpp"
#include "common/log.hpp"

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

/// 401 with the challenge of RFC 6750 §3.
response refuse(error const& what, std::string_view request_id) {
    auto out = problem(what, request_id);
    auto const* const challenge = what.code == "missing_api_key"
                                      ? R"(Bearer realm="parley")"
                                      : R"(Bearer realm="parley", error="invalid_token")";
    out.headers.push_back({"WWW-Authenticate", challenge});
    return out;
}

}  // namespace

task<response> api_handler::handle(request& call) {
    auto const who = api_.identity.identify(call.header("Authorization"));
    if (!who) co_return refuse(who.error(), call.request_id);
    call.caller = *who;
    auto answered = co_await answer(call);
    if (answered) co_return std::move(*answered);
    log_own_failure(answered.error(), call);
    co_return problem(answered.error(), call.request_id);
}

result<interaction_id> interaction_of(request const& call) {
    if (auto const id = interaction_id::parse(call.path_parameters.at(0))) return *id;
    return fail(error_kind::not_found, "interaction_not_found", "There is no such interaction.");
}

result<message_id> message_of(request const& call) {
    if (auto const id = message_id::parse(call.path_parameters.at(1))) return *id;
    return fail(error_kind::not_found, "message_not_found", "There is no such message in this interaction.");
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

response interaction_response(unsigned status, interaction const& value) {
    auto out = json_response(status, to_json(value));
    out.headers.push_back({"ETag", "\"" + std::to_string(value.version) + "\""});
    return out;
}

std::string interaction_path(interaction_id const& id) { return "/api/v1/interactions/" + id.text(); }

}  // namespace parley::http
