#include "adapters/http/docs/docs_pages.hpp"

#include "embedded/api.hpp"
#include "embedded/docs_page.hpp"
#include "embedded/swagger_ui.hpp"

#include <array>
#include <string>
#include <utility>

namespace parley::http {
namespace {

// Swagger UI draws its icons from data: addresses; everything else is ours.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::string_view missing_page =
    "<!doctype html><title>Parley API</title><p>This build has no Swagger UI. The contract is at "
    "<a href=\"/openapi.json\">/openapi.json</a>.</p>";

class static_file final : public handler {
public:
    static_file(std::string_view content_type, std::string_view content)
        : content_type_{content_type},
          content_{content} {}

    task<response> handle(request& /*call*/) override {
        response answer;
        answer.content_type = content_type_;
        answer.static_body = content_;
        answer.headers = {{"Cache-Control", "no-cache"}};
        if (content_type_.starts_with("text/html")) {
            answer.headers.push_back({"Content-Security-Policy", std::string{page_policy}});
            answer.headers.push_back({"Referrer-Policy", "no-referrer"});
        }
        co_return answer;
    }

private:
    std::string content_type_;
    std::string_view content_;
};

class redirect_to_docs final : public handler {
public:
    task<response> handle(request& /*call*/) override {
        response answer;
        answer.status = 302;
        answer.content_type.clear();
        answer.headers = {{"Location", "/docs"}};
        co_return answer;
    }
};

struct asset {
    std::string_view path;
    std::string_view file;
    std::string_view content_type;
};

constexpr std::array page_files{
    asset{"/docs/init.js", "init.js", "text/javascript; charset=utf-8"},
    asset{"/docs/page.css", "page.css", "text/css; charset=utf-8"},
};

constexpr std::array swagger_files{
    asset{"/docs/swagger-ui.css", "swagger-ui.css", "text/css; charset=utf-8"},
    asset{"/docs/swagger-ui-bundle.js", "swagger-ui-bundle.js", "text/javascript; charset=utf-8"},
    asset{"/docs/favicon-32x32.png", "favicon-32x32.png", "image/png"},
    asset{"/docs/LICENSE", "LICENSE", "text/plain; charset=utf-8"},
    asset{"/docs/NOTICE", "NOTICE", "text/plain; charset=utf-8"},
};

}  // namespace

docs_pages::docs_pages() {
    add("/", std::make_unique<redirect_to_docs>());
    auto const has_swagger = embedded::swagger_ui("swagger-ui-bundle.js").has_value();
    auto const page = has_swagger ? embedded::docs_page("index.html").value_or(missing_page) : missing_page;
    add("/docs", std::make_unique<static_file>("text/html; charset=utf-8", page));
    add("/openapi.json",
        std::make_unique<static_file>("application/json", embedded::api("openapi.json").value_or("{}")));
    for (auto const& [path, file, content_type] : page_files) {
        if (auto content = embedded::docs_page(file)) {
            add(path, std::make_unique<static_file>(content_type, *content));
        }
    }
    for (auto const& [path, file, content_type] : swagger_files) {
        if (auto content = embedded::swagger_ui(file)) {
            add(path, std::make_unique<static_file>(content_type, *content));
        }
    }
}

void docs_pages::add(std::string_view path, std::unique_ptr<handler> target) {
    endpoints_.push_back({.method = "GET", .path_template = path, .target = target.get()});
    handlers_.push_back(std::move(target));
}

}  // namespace parley::http
