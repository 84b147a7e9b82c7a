// The chat page from a pack of a few bytes: what is chosen, what is kept, what there is without a page.
#include "adapters/http/web/web_pages.hpp"

#include "adapters/http/web/page_pack.hpp"
#include "common/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace parley::http {
namespace {

constexpr std::string_view small_pack =
    "assets/a-1.js br 2\n"
    "assets/a-1.js gzip 3\n"
    "assets/a-1.js identity 4\n"
    "assets/b-2.woff2 identity 2\n"
    "icon.svg identity 1\n"
    "index.html gzip 2\n"
    "index.html identity 3\n"
    "\n"
    "bbgggiiiiffsGGIII";

class web_pages_test : public ::testing::Test {
protected:
    response get(std::string const& path, std::vector<header_view> headers = {}) {
        return get(pages_, path, std::move(headers));
    }
    static response get(web_pages const& pages, std::string const& path,
                        std::vector<header_view> headers = {}) {
        route_table const routes{pages.endpoints()};
        auto match = routes.match("GET", path);
        EXPECT_NE(match.found, nullptr) << path;
        request call;
        call.headers = std::move(headers);
        call.path_parameters = std::move(match.parameters);
        boost::asio::io_context loop{1};
        std::optional<response> out;
        boost::asio::co_spawn(loop, match.found->target->handle(call),
                              [&](std::exception_ptr, response answered) { out = std::move(answered); });
        loop.run();
        return std::move(*out);
    }
    static std::string header_of(response const& of, std::string_view name) {
        for (auto const& one : of.headers) {
            if (one.name == name) return one.value;
        }
        return "";
    }

    web_pages pages_{small_pack};
};

TEST_F(web_pages_test, sends_the_coding_that_the_client_wants_most) {
    struct expected {
        char const* accepted;
        char const* coding;
        char const* content;
    };
    for (auto const& [accepted, coding, content] : {
             expected{"gzip, deflate, br, zstd", "br", "bb"}, expected{"gzip", "gzip", "ggg"},
             expected{"br;q=0.1, gzip;q=0.9", "gzip", "ggg"}, expected{"br;q=0, gzip", "gzip", "ggg"},
             expected{"*", "br", "bb"}, expected{"identity, br;q=0.5", "", "iiii"}, expected{"", "", "iiii"},
             expected{"zstd", "", "iiii"}, expected{"identity;q=0, br;q=0.01", "br", "bb"},
             expected{"identity;q=0", "", "iiii"},  // who wants nothing gets what everybody can read
         }) {
        auto const got = get("/assets/a-1.js", {{"accept-encoding", accepted}});
        EXPECT_EQ(got.status, 200U);
        EXPECT_EQ(got.static_body, content) << accepted;
        EXPECT_EQ(header_of(got, "Content-Encoding"), coding) << accepted;
        EXPECT_EQ(header_of(got, "Vary"), "Accept-Encoding");
        EXPECT_EQ(got.content_type, "text/javascript; charset=utf-8");
    }
    EXPECT_EQ(get("/assets/a-1.js").static_body, "iiii");
    auto const font = get("/assets/b-2.woff2", {{"Accept-Encoding", "br"}});
    EXPECT_EQ(font.static_body, "ff");
    EXPECT_EQ(font.content_type, "font/woff2");
    EXPECT_EQ(header_of(font, "Vary"), "") << "there is one way only";
}

TEST_F(web_pages_test, tells_who_has_it_already) {
    auto const brotli = header_of(get("/assets/a-1.js", {{"Accept-Encoding", "br"}}), "ETag");
    auto const plain = header_of(get("/assets/a-1.js"), "ETag");
    EXPECT_NE(brotli, plain) << "each coding has its own";
    for (auto const& header : {plain, "W/" + plain, "\"x\" , " + plain, std::string{"*"}}) {
        auto const got = get("/assets/a-1.js", {{"If-None-Match", header}});
        EXPECT_EQ(got.status, 304U) << header;
        EXPECT_EQ(got.static_body, "");
        EXPECT_EQ(got.content_type, "");
        EXPECT_EQ(header_of(got, "ETag"), plain);
        EXPECT_EQ(header_of(got, "Vary"), "Accept-Encoding");
        EXPECT_EQ(header_of(got, "Cache-Control"), "public, max-age=31536000, immutable");
        EXPECT_EQ(header_of(got, "Content-Encoding"), "");
    }
    for (auto const& header : {brotli, plain.substr(1), std::string{}, std::string{"\"x\""}}) {
        EXPECT_EQ(get("/assets/a-1.js", {{"If-None-Match", header}}).status, 200U) << header;
    }
}

TEST_F(web_pages_test, the_page_itself_is_asked_for_again_and_strict) {
    auto const page = get("/", {{"Accept-Encoding", "br, gzip"}});
    EXPECT_EQ(page.static_body, "GG");
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(header_of(page, "Cache-Control"), "no-cache");
    EXPECT_EQ(
        header_of(page, "Content-Security-Policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'");
    EXPECT_EQ(header_of(page, "Referrer-Policy"), "no-referrer");
    // A cache takes over what 304 says: another policy would break the page that it keeps.
    auto const tag = header_of(page, "ETag");
    auto const again = get("/", {{"Accept-Encoding", "br, gzip"}, {"If-None-Match", tag}});
    EXPECT_EQ(again.status, 304U);
    EXPECT_EQ(header_of(again, "Content-Security-Policy"), header_of(page, "Content-Security-Policy"));
    EXPECT_EQ(get("/icon.svg").content_type, "image/svg+xml");
    EXPECT_EQ(header_of(get("/icon.svg"), "Cache-Control"), "no-cache");
}

TEST_F(web_pages_test, an_asset_that_is_not_there_is_a_problem) {
    for (auto const* path : {"/assets/none.js", "/assets/index.html", "/assets/..%2Findex.html"}) {
        auto const got = get(path);
        EXPECT_EQ(got.status, 404U) << path;
        EXPECT_EQ(got.content_type, "application/problem+json");
        EXPECT_NE(got.body.find("route_not_found"), std::string::npos);
    }
}

TEST_F(web_pages_test, without_a_page_it_says_so_and_leads_to_the_documentation) {
    web_pages const none{""};
    ASSERT_EQ(none.endpoints().size(), 1U);
    auto const told = get(none, "/");
    EXPECT_EQ(told.status, 200U);
    EXPECT_NE(told.static_body.find("no chat page"), std::string_view::npos);
    EXPECT_NE(told.static_body.find("href=\"/docs\""), std::string_view::npos);
    EXPECT_NE(header_of(told, "Content-Security-Policy"), "");
}

TEST(read_pack, refuses_what_was_not_made_by_the_build) {
    for (std::string_view const bad : {"a identity 1\n\n", "a identity 1\n", "a identity\n\nx", "a br 1\n\nx",
                                       "a identity -1\n\nx", "a identity 1x\n\nx", "x"}) {
        EXPECT_THROW(static_cast<void>(read_pack(bad)), std::logic_error) << bad;
    }
    EXPECT_TRUE(read_pack("\n").empty());
}

}  // namespace
}  // namespace parley::http
