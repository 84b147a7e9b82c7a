#include "adapters/http/web/web_pages.hpp"

#include "adapters/http/server/problem.hpp"
#include "adapters/http/web/page_pack.hpp"
#include "adapters/http/web/static_file.hpp"
#include "embedded/page.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace parley::http {
namespace {

constexpr std::string_view no_chat_page =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Parley</title>"
    "<h1>This build has no chat page</h1>"
    "<p>It was made with <code>-DPARLEY_WEB=OFF</code>, or where Node.js (18 or newer) or the page's "
    "packages "
    "were missing: <code>./dev setup run</code> brings them, and the next build has the page.</p>"
    "<p>The API is all there: <a href=\"/docs\">its documentation</a>.</p></html>";

constexpr std::string_view asset_folder = "assets/";

/// Pictures in messages are shown from where they are in memory.
constexpr std::string_view page_images = "'self' data: blob:";

/// What is in assets/ has the hash of its content in its name.
std::vector<field> kept_for_ever() { return {{"Cache-Control", "public, max-age=31536000, immutable"}}; }

std::vector<field> asked_again() { return {{"Cache-Control", "no-cache"}}; }

class asset_handler final : public handler {
public:
    void add(std::string_view name, static_file file) { files_.emplace(name, std::move(file)); }

    [[nodiscard]] task<response> handle(request& call) override {
        auto const found = files_.find(call.path_parameters.at(0));
        if (found == files_.end()) {
            error const absent{error_kind::not_found, "route_not_found", "There is nothing at this path."};
            co_return problem(absent, call.request_id);
        }
        co_return found->second.answer(call);
    }

private:
    std::map<std::string, static_file, std::less<>> files_;
};

std::string_view packed_page() { return embedded::page("page.pack").value_or(std::string_view{}); }

}  // namespace

web_pages::web_pages() : web_pages(packed_page()) {}

web_pages::web_pages(std::string_view pack) {
    if (pack.empty()) {
        std::vector<representation> const only{{"identity", no_chat_page}};
        static_file told{content_type_of(".html"), only, page_headers(page_images)};
        add("/", std::make_unique<static_file_handler>(std::move(told)));
        return;
    }
    auto assets = std::make_unique<asset_handler>();
    for (auto const& [name, ways] : read_pack(pack)) {
        auto const type = content_type_of(name);
        if (name.starts_with(asset_folder)) {
            assets->add(name.substr(asset_folder.size()), static_file{type, ways, kept_for_ever()});
            continue;
        }
        bool const is_page = name == "index.html";
        static_file file{type, ways, is_page ? page_headers(page_images) : asked_again()};
        add(is_page ? "/" : "/" + std::string{name}, std::make_unique<static_file_handler>(std::move(file)));
    }
    add("/assets/{file}", std::move(assets));
}

void web_pages::add(std::string path, std::unique_ptr<handler> target) {
    auto const& kept = paths_.emplace_back(std::move(path));
    endpoints_.push_back({.method = "GET", .path_template = kept, .target = target.get()});
    handlers_.push_back(std::move(target));
}

}  // namespace parley::http
