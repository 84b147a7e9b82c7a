#include "adapters/http/docs/docs_pages.hpp"

#include "adapters/http/web/static_file.hpp"
#include "embedded/api.hpp"
#include "embedded/docs_page.hpp"
#include "embedded/swagger_ui.hpp"

#include <array>
#include <utility>

namespace parley::http {
namespace {

// Swagger UI draws its icons from data: addresses; everything else is ours.
constexpr std::string_view docs_images = "'self' data:";

constexpr std::string_view missing_page =
    "<!doctype html><title>Parley API</title><p>This build has no Swagger UI. The contract is at "
    "<a href=\"/openapi.json\">/openapi.json</a>.</p>";

struct asset {
    std::string_view path;
    std::string_view file;
};

constexpr std::array page_files{
    asset{"/docs/init.js", "init.js"},
    asset{"/docs/page.css", "page.css"},
};

constexpr std::array swagger_files{
    asset{"/docs/swagger-ui.css", "swagger-ui.css"},
    asset{"/docs/swagger-ui-bundle.js", "swagger-ui-bundle.js"},
    asset{"/docs/favicon-32x32.png", "favicon-32x32.png"},
    asset{"/docs/LICENSE", "LICENSE"},
    asset{"/docs/NOTICE", "NOTICE"},
};

}  // namespace

docs_pages::docs_pages() {
    auto const has_swagger = embedded::swagger_ui("swagger-ui-bundle.js").has_value();
    auto const page = has_swagger ? embedded::docs_page("index.html").value_or(missing_page) : missing_page;
    add("/docs", "text/html; charset=utf-8", page);
    add("/openapi.json", "application/json", embedded::api("openapi.json").value_or("{}"));
    for (auto const& [path, file] : page_files) {
        if (auto const content = embedded::docs_page(file)) add(path, content_type_of(file), *content);
    }
    for (auto const& [path, file] : swagger_files) {
        if (auto const content = embedded::swagger_ui(file)) add(path, content_type_of(file), *content);
    }
}

void docs_pages::add(std::string_view path, std::string_view content_type, std::string_view content) {
    std::vector<field> headers{{"Cache-Control", "no-cache"}};
    if (content_type.starts_with("text/html")) headers = page_headers(docs_images);
    std::vector<representation> const only{{"identity", content}};
    static_file file{content_type, only, std::move(headers)};
    handlers_.push_back(std::make_unique<static_file_handler>(std::move(file)));
    endpoints_.push_back({.method = "GET", .path_template = path, .target = handlers_.back().get()});
}

}  // namespace parley::http
