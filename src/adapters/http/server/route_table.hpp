// The one table of endpoints: it tells 404 from 405 and answers OPTIONS.
// Built once at start-up, then only read.
#pragma once

#include "adapters/http/server/exchange.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// `path_template` like "/api/v1/interactions/{interaction_id}"; it must live as long as the table.
/// `body_limit` 0 means that a request body is refused (413) unless it is empty.
struct endpoint {
    std::string_view method;
    std::string_view path_template;
    handler* target = nullptr;
    std::size_t body_limit = 0;  // bytes
};

struct route_match {
    endpoint const* found = nullptr;        // null: 404 when `allow` is empty, 405 otherwise
    std::vector<std::string> parameters;    // decoded path parameters
    std::string allow;                      // methods of the path, "GET, HEAD, OPTIONS", for Allow
    std::string_view path_template;         // of the path, even when the method does not fit; "unmatched" otherwise
};

class route_table {
public:
    explicit route_table(std::vector<endpoint> endpoints);

    /// `path` without query, as sent (still percent-encoded). HEAD matches GET.
    [[nodiscard]] route_match match(std::string_view method, std::string_view path) const;

    [[nodiscard]] std::vector<endpoint> const& endpoints() const { return endpoints_; }

private:
    std::vector<endpoint> endpoints_;
};

}  // namespace parley::http
