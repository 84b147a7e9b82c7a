#include "adapters/upstream/http_answer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <optional>

namespace parley::upstream {
namespace {

namespace bhttp = boost::beast::http;

constexpr std::uint32_t largest_header = 64 * 1024;

}  // namespace

struct http_answer::parser {
    explicit parser(of kind) : what(kind) { restart(); }

    void restart() {
        message.emplace();
        message->eager(true);
        message->header_limit(largest_header);
        message->body_limit(boost::none);
        message->skip(what == of::connect);
    }

    of const what;
    std::optional<bhttp::response_parser<bhttp::string_body>> message;
    std::string unread;  // bytes that make no whole part yet
    bool handed_out = false;
};

http_answer::http_answer(of what) : parser_(std::make_unique<parser>(what)) {}
http_answer::~http_answer() = default;

std::string http_answer::feed(std::string_view bytes) {
    auto& [what, message, unread, handed_out] = *parser_;
    if (handed_out) message->get().body().clear();  // its memory stays for what comes now
    handed_out = false;
    unread += bytes;
    while (!unread.empty() && !message->is_done()) {
        boost::system::error_code failed;
        auto const used = message->put(boost::asio::buffer(unread), failed);
        unread.erase(0, used);
        if (failed && failed != bhttp::error::need_more) {
            return failed == bhttp::error::header_limit ? "its header is too large"
                                                        : "it is not HTTP (" + failed.message() + ")";
        }
        auto const interim = message->is_header_done() && status() < 200 && status() != 101;
        if (interim) {
            parser_->restart();
        } else if (used == 0 || failed) {
            break;
        }
    }
    // Of a header, or of a chunk's own line: neither has an end that must come.
    if (!message->is_done() && unread.size() > largest_header) return "its header is too large";
    return {};
}

bool http_answer::finish() {
    boost::system::error_code failed;
    if (!parser_->message->is_done()) parser_->message->put_eof(failed);
    return !failed && parser_->message->is_done();
}

bool http_answer::has_header() const { return parser_->message->is_header_done(); }

bool http_answer::is_whole() const { return parser_->message->is_done(); }

bool http_answer::leaves_connection_open() const {
    return is_whole() && parser_->unread.empty() && parser_->message->keep_alive() &&
           !parser_->message->need_eof();
}

unsigned http_answer::status() const { return parser_->message->get().result_int(); }

std::string_view http_answer::field(std::string_view name) const {
    auto const value = parser_->message->get()[boost::beast::string_view{name.data(), name.size()}];
    return {value.data(), value.size()};
}

std::string_view http_answer::take_body() {
    parser_->handed_out = true;
    return parser_->message->get().body();
}

}  // namespace parley::upstream
