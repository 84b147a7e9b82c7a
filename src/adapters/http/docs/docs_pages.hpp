// The documentation in a browser: Swagger UI and the contract it shows. Every file is inside the program, so
// that it works offline and under a Content-Security-Policy without exceptions for scripts. Thread safety:
// built once, then only read. Ownership: the handlers live as long as this object.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "adapters/http/server/route_table.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace parley::http {

class docs_pages {
public:
    docs_pages();

    /// "/docs", "/docs/<file>", "/openapi.json"; valid as long as this object.
    [[nodiscard]] std::vector<endpoint> const& endpoints() const { return endpoints_; }

private:
    void add(std::string_view path, std::string_view content_type, std::string_view content);

    std::vector<std::unique_ptr<handler>> handlers_;
    std::vector<endpoint> endpoints_;
};

}  // namespace parley::http
