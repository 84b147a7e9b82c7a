#include "adapters/http/web/static_file.hpp"

#include "adapters/http/web/accept_encoding.hpp"
#include "common/ascii.hpp"
#include "common/base64url.hpp"
#include "common/sha256.hpp"

#include <array>
#include <span>
#include <utility>

namespace parley::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> content_types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".ttf", "font/ttf"},
}};

/// Strong: it is made of the bytes that are sent, so that each coding has its own.
std::string etag_of(std::string_view content) {
    constexpr std::size_t enough = 16;
    auto const digest = sha256(content);
    return '"' + to_base64url(std::span{digest}.first(enough)) + '"';
}

/// If-None-Match compares weakly (RFC 9110 §13.1.2): a proxy may have weakened what it passed on.
bool has_already(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        auto tag = take_member(if_none_match);
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == etag || tag == "*") return true;
    }
    return false;
}

}  // namespace

std::vector<field> page_headers(std::string_view images) {
    std::string policy{"default-src 'none'; script-src 'self'; style-src 'self'; img-src "};
    policy += images;
    policy +=
        "; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'";
    return {{"Cache-Control", "no-cache"},
            {"Content-Security-Policy", std::move(policy)},
            {"Referrer-Policy", "no-referrer"}};
}

static_file::static_file(std::string_view content_type, std::vector<representation> const& ways,
                         std::vector<field> headers)
    : content_type_(content_type),
      headers_(std::move(headers)) {
    ways_.reserve(ways.size());
    for (auto const& way : ways) ways_.push_back({way, etag_of(way.content)});
    if (ways_.size() > 1) headers_.push_back({"Vary", "Accept-Encoding"});
}

static_file::tagged const& static_file::chosen_by(request const& call) const {
    auto const header = call.header_list("Accept-Encoding").value_or("");
    tagged const* best = nullptr;
    int most = 0;
    for (auto const& one : ways_) {
        auto const weight = coding_weight(header, one.way.coding);
        bool const fallback = best == nullptr && one.way.coding == "identity";
        if (weight <= most && !fallback) continue;
        best = &one;
        most = weight;
    }
    return *best;
}

response static_file::answer(request const& call) const {
    auto const& chosen = chosen_by(call);
    response out;
    out.headers = headers_;
    out.headers.push_back({"ETag", chosen.etag});
    auto const known = call.header_list("If-None-Match");
    if (known && has_already(*known, chosen.etag)) {
        out.status = 304;
        out.content_type.clear();
        return out;
    }
    out.content_type = content_type_;
    out.static_body = chosen.way.content;
    if (chosen.way.coding != "identity") {
        out.headers.push_back({"Content-Encoding", std::string{chosen.way.coding}});
    }
    return out;
}

std::string_view content_type_of(std::string_view file_name) {
    for (auto const& [ending, type] : content_types) {
        if (file_name.ends_with(ending)) return type;
    }
    return "text/plain; charset=utf-8";
}

}  // namespace parley::http
