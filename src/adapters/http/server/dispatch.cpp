#include "adapters/http/server/dispatch.hpp"

#include "adapters/http/server/problem.hpp"
#include "adapters/http/server/target.hpp"
#include "common/ascii.hpp"
#include "common/id.hpp"
#include "common/log.hpp"

#include <algorithm>
#include <exception>

namespace parley::http {
namespace {

/// A body that comes with a refused request is read and forgotten up to this size, so that the connection can
/// go on.
constexpr std::uint64_t worth_discarding = 64 * 1024;  // bytes

bool is_sane_id(std::string_view id) {
    auto const fits = [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; };
    return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, fits);
}

dispatch_plan refuse(request const& call, error const& what, unsigned status = 0) {
    dispatch_plan plan;
    plan.answer = problem_with_status(status != 0 ? status : status_of(what.kind), what, call.request_id);
    return plan;
}

dispatch_plan answer_options(session_context const& context, request const& call, std::string_view allow) {
    dispatch_plan plan;
    if (context.cors) plan.answer = context.cors->preflight(call, allow);
    if (!plan.answer) {
        plan.answer.emplace();
        plan.answer->status = 204;
        plan.answer->content_type.clear();
    }
    plan.answer->headers.push_back({"Allow", std::string(allow)});
    return plan;
}

/// Whether it comes from a page of another origin that may ask.
bool is_welcome(session_context const& context, request const& call) {
    auto const origin = call.header("Origin");
    return origin && context.cors && context.cors->allows(*origin);
}

/// That of a page that may not ask; one that may is welcome without authentication, too.
std::optional<std::string_view> foreign_origin(session_context const& context, request const& call) {
    return is_welcome(context, call) ? std::nullopt : call.header("Origin");
}

dispatch_plan refuse_method(request const& call, std::string_view allow) {
    auto plan =
        refuse(call, {error_kind::method_not_allowed, "method_not_allowed",
                      "This path does not take " + call.method + "; it takes " + std::string(allow) + "."});
    plan.answer->headers.push_back({"Allow", std::string(allow)});
    return plan;
}

result<void> read_target(request& call, target_parts const& parts) {
    if (parts.path.find('%') == std::string_view::npos) {
        call.path = parts.path;
    } else if (auto const done = percent_decode(parts.path, call.path); !done) {
        return done;
    }
    return decode_query(parts.query, call.query);
}

dispatch_plan route(session_context const& context, request& call, request_reader const& reader,
                    target_parts const& parts) {
    if (parts.path == "*")
        return answer_options(context, call, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    auto match = context.routes.match(call.method, parts.path, std::move(call.path_parameters));
    call.path_parameters = std::move(match.parameters);
    call.route = match.path_template;
    if (match.allow.empty()) {
        return refuse(call, {error_kind::not_found, "route_not_found", "There is nothing at this path."});
    }
    if (!match.found) {
        return call.method == "OPTIONS" ? answer_options(context, call, match.allow)
                                        : refuse_method(call, match.allow);
    }
    if (auto const coding = call.header("Content-Encoding"); coding && !same_word(*coding, "identity")) {
        return refuse(call, {error_kind::unsupported_media,
                             "unsupported_media_type",
                             "The request body must come without Content-Encoding.",
                             "Content-Encoding",
                             {}});
    }
    auto const limit = match.found->body_limit;
    if (reader.announced_length() > limit || (reader.is_chunked() && limit == 0)) {
        auto plan = refuse(
            call, {error_kind::too_large, "payload_too_large",
                   limit == 0 ? "This request takes no body."
                              : "The request body is larger than " + std::to_string(limit) + " bytes."});
        plan.close = true;
        return plan;
    }
    dispatch_plan plan;
    plan.target = match.found;
    return plan;
}

dispatch_plan plan_from_target(session_context const& context, request& call, request_reader const& reader) {
    if (call.method == "CONNECT") {
        return refuse(call, {error_kind::malformed, "method_not_implemented", "This server is no proxy."},
                      501);
    }
    auto const parts = split_target(call.method, call.target);
    if (!parts) return refuse(call, parts.error());
    if (context.guard) {
        auto const host = parts->authority.empty() ? call.header("Host").value_or("") : parts->authority;
        if (auto const allowed = context.guard->check(host, foreign_origin(context, call)); !allowed) {
            return refuse(call, allowed.error());
        }
    }
    if (context.same_site_only && comes_from_another_site(call) && !is_welcome(context, call)) {
        return refuse(call, {error_kind::forbidden,
                             "origin_not_allowed",
                             "Web pages of other sites may not use this server (cors.origins).",
                             "Sec-Fetch-Site",
                             {}});
    }
    if (auto const read = read_target(call, *parts); !read) return refuse(call, read.error());
    return route(context, call, reader, *parts);
}

response internal_problem(request const& call, std::string_view what) {
    log::error("request handler failed",
               {{"request_id", std::string_view(call.request_id)}, {"route", call.route}, {"what", what}});
    return problem(internal_error(std::string(what)).error(), call.request_id);
}

}  // namespace

dispatch_plan plan_request(session_context const& context, request& call, request_reader const& reader) {
    call.route = "unmatched";
    call.query.clear();
    auto plan = plan_from_target(context, call, reader);
    if (plan.answer && !reader.complete()) {
        plan.close = plan.close || reader.is_chunked() || reader.expects_continue() ||
                     reader.announced_length() > worth_discarding;
    }
    return plan;
}

task<std::optional<response>> run_turn_away(handler& target, request& call) {
    std::string what;
    try {
        co_return co_await target.turn_away(call);
    } catch (std::exception const& failed) {
        what = failed.what();
    } catch (...) {
        what = "an exception of unknown type";
    }
    co_return internal_problem(call, what);
}

task<response> run_handler(handler& target, request& call) {
    std::string what;
    try {
        co_return co_await target.handle(call);
    } catch (std::exception const& failed) {
        what = failed.what();
    } catch (...) {
        what = "an exception of unknown type";
    }
    co_return internal_problem(call, what);
}

void choose_request_id(request& call) {
    auto const sent = call.header("X-Request-Id");
    if (sent && is_sane_id(*sent)) {
        call.request_id = *sent;
    } else {
        call.request_id = uuid_text(new_uuid());
    }
}

}  // namespace parley::http
