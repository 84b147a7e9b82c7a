// The one table of endpoints: it tells 404 from 405 and answers OPTIONS.
// Built once at start-up, then only read.
#pragma once

#include "adapters/http/server/exchange.hpp"

#include <cstddef>
#include <memory>
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
    endpoint const* found = nullptr;               // null: 404 when `allow` is empty, 405 otherwise
    std::vector<std::string> parameters;           // decoded path parameters
    std::string_view allow;                        // methods of the path, "GET, HEAD, OPTIONS", for Allow
    std::string_view path_template = "unmatched";  // of the path, even when the method does not fit
};

class route_table {
public:
    /// Two endpoints with the same method and template, or the same path with differently named parameters,
    /// are a bug and throw std::logic_error.
    explicit route_table(std::vector<endpoint> endpoints);
    ~route_table();
    route_table(route_table const&) = delete;
    route_table& operator=(route_table const&) = delete;

    /// `path` without query, as sent (still percent-encoded). HEAD matches GET. A literal segment goes before
    /// a parameter; a parameter is never empty. `recycled` lends its memory to the parameters of the answer.
    [[nodiscard]] route_match match(std::string_view method, std::string_view path,
                                    std::vector<std::string> recycled = {}) const;

    [[nodiscard]] std::vector<endpoint> const& endpoints() const { return endpoints_; }

private:
    struct node;

    std::vector<endpoint> endpoints_;
    std::unique_ptr<node> root_;
};

}  // namespace parley::http
