// Files that are inside the program: who has one already is told so (ETag), and it goes out compressed where
// it was compressed at build time and the client takes that. Thread safety: made once, then only read.
// Ownership: the contents live as long as the program.
#pragma once

#include "adapters/http/server/exchange.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// One way to send a file. `coding`: as in Content-Encoding; "identity": as it is.
struct representation {
    std::string_view coding;
    std::string_view content;
};

/// For HTML of our own. `images`: what img-src allows, for example "'self' data:".
[[nodiscard]] std::vector<field> page_headers(std::string_view images);

class static_file {
public:
    /// In the order in which they are sent to who wants several as much; one is "identity". `headers`: what
    /// else goes with it, with 304 as well: a cache renews what it has by them.
    static_file(std::string_view content_type, std::vector<representation> const& ways,
                std::vector<field> headers);

    /// 200, or 304 without a body. Who wants none of the ways gets it as it is.
    [[nodiscard]] response answer(request const& call) const;

private:
    struct tagged {
        representation way;
        std::string etag;
    };
    [[nodiscard]] tagged const& chosen_by(request const& call) const;

    std::string content_type_;
    std::vector<tagged> ways_;
    std::vector<field> headers_;
};

/// By the ending of the name.
[[nodiscard]] std::string_view content_type_of(std::string_view file_name);

class static_file_handler final : public handler {
public:
    explicit static_file_handler(static_file file) : file_(std::move(file)) {}

    [[nodiscard]] task<response> handle(request& call) override { co_return file_.answer(call); }

private:
    static_file file_;
};

}  // namespace parley::http
