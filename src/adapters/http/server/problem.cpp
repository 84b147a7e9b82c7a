#include "adapters/http/server/problem.hpp"

#include "common/id.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace parley::http {
namespace {

/// The words the OpenAI clients know.
std::string_view openai_type(unsigned status) {
    switch (status) {
        case 401:
            return "authentication_error";
        case 403:
            return "permission_error";
        case 404:
            return "not_found_error";
        case 409:
            return "conflict_error";
        case 429:
            return "rate_limit_error";
        default:
            return status >= 500 ? "server_error" : "invalid_request_error";
    }
}

std::string title_of(unsigned status) {
    auto const reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    return std::string(reason.data(), reason.size());
}

/// RFC 9457 §3.1.5 wants a URI; clients may send request ids of their own that are no UUID.
std::string instance_of(std::string_view request_id) {
    std::string uri = parse_uuid(request_id) ? "urn:uuid:" : "urn:parley:request:";
    return uri += request_id;
}

}  // namespace

unsigned status_of(error_kind kind) {
    switch (kind) {
        case error_kind::invalid:
            return 422;
        case error_kind::malformed:
            return 400;
        case error_kind::unauthenticated:
            return 401;
        case error_kind::forbidden:
            return 403;
        case error_kind::not_found:
            return 404;
        case error_kind::method_not_allowed:
            return 405;
        case error_kind::conflict:
            return 409;
        case error_kind::precondition_failed:
            return 412;
        case error_kind::too_large:
            return 413;
        case error_kind::unsupported_media:
            return 415;
        case error_kind::headers_too_large:
            return 431;
        case error_kind::rate_limited:
            return 429;
        case error_kind::overloaded:
        case error_kind::unavailable:
            return 503;
        case error_kind::storage_full:
            return 507;
        case error_kind::timed_out:
            return 504;
        case error_kind::client_timed_out:
            return 408;
        case error_kind::cancelled:
            return 499;  // nobody reads it; the number is nginx's, for the log
        case error_kind::internal:
            return 500;
    }
    return 500;
}

response problem(error const& what, std::string_view request_id) {
    return problem_with_status(status_of(what.kind), what, request_id);
}

response problem_with_status(unsigned status, error const& what, std::string_view request_id) {
    boost::json::value const param = what.param.empty() ? boost::json::value(nullptr)
                                                        : boost::json::value(boost::json::string(what.param));
    boost::json::object const body{
        {"type", "urn:parley:error:" + what.code},
        {"title", title_of(status)},
        {"status", status},
        {"detail", what.message},
        {"instance", instance_of(request_id)},
        {"code", what.code},
        {"param", param},
        {"error",
         {{"message", what.message}, {"type", openai_type(status)}, {"param", param}, {"code", what.code}}},
    };
    response reply;
    reply.status = status;
    reply.content_type = "application/problem+json";
    if (status == 429 || status == 503) {
        auto const seconds = std::chrono::ceil<std::chrono::seconds>(what.retry_after).count();
        reply.headers.push_back({"Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1))});
    }
    reply.body = boost::json::serialize(body);
    return reply;
}

}  // namespace parley::http
