#include "adapters/http/server/request_reader.hpp"

#include "adapters/http/server/host_guard.hpp"
#include "common/ascii.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <cstring>
#include <limits>

namespace parley::http {
namespace {

using http_error = boost::beast::http::error;

std::string_view std_view(boost::beast::string_view text) { return {text.data(), text.size()}; }

refusal malformed(std::string message) {
    return {400, {error_kind::malformed, "malformed_request", std::move(message)}};
}

refusal too_long(std::string_view head) {
    if (head.find('\n') == std::string_view::npos) {
        return {414, {error_kind::malformed, "target_too_long", "The request target is too long."}};
    }
    return {431, {error_kind::headers_too_large, "headers_too_large", "The request header is too long."}};
}

/// A line that begins with white space continues the one before: refused, RFC 9112 §5.2.
bool has_folded_line(std::string_view head) {
    for (auto at = head.find('\n'); at != std::string_view::npos && at + 1 < head.size();
         at = head.find('\n', at + 1)) {
        if (head[at + 1] == ' ' || head[at + 1] == '\t') return true;
    }
    return false;
}

/// True for a request line that ends in HTTP/x.y: a version this server does not speak, not a typing error.
bool names_a_version(std::string_view head) {
    auto const line = head.substr(0, head.find('\r'));
    if (line.size() < 9) return false;
    auto const word = line.substr(line.size() - 9);
    return word.starts_with(" HTTP/") && is_digit(word[6]) && word[7] == '.' && is_digit(word[8]);
}

}  // namespace

request_reader::request_reader(request& into, std::string& text, server_config const& limits)
    : into_(into),
      text_(text),
      limits_(limits) {
    header_limit(
        std::numeric_limits<std::uint32_t>::max());  // the header comes whole and was measured before
    body_limit(boost::none);                         // decided by the endpoint
    eager(true);
    into_.headers.clear();
    into_.body.clear();
}

std::optional<refusal> request_reader::read_head(std::string_view head) {
    text_.assign(head);
    if (has_folded_line(text_)) return malformed("A header line begins with white space.");
    error_code ec;
    put(boost::asio::buffer(text_), ec);
    if (ec) return refusal_for(ec);
    return std::nullopt;
}

std::optional<refusal> request_reader::read_body(std::string_view bytes, bool keep, std::size_t& used) {
    keep_body_ = keep;
    error_code ec;
    used = put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    if (ec && ec != http_error::need_more) return refusal_for(ec);
    return std::nullopt;
}

refusal request_reader::refusal_for(error_code const& ec) const {
    if (refused_) return *refused_;
    if (ec == http_error::bad_version && names_a_version(text_)) {
        return {505,
                {error_kind::malformed, "http_version_not_supported",
                 "The server speaks HTTP/1.1 and HTTP/1.0."}};
    }
    if (ec == http_error::body_limit) {
        return {413, {error_kind::too_large, "payload_too_large", "The request body is too large."}};
    }
    return malformed("The request is not valid HTTP: " + ec.message() + ".");
}

void request_reader::refuse(error_code& ec, unsigned status, error_kind kind, std::string code,
                            std::string message) {
    refused_ = refusal{status, {kind, std::move(code), std::move(message)}};
    ec = http_error::bad_field;
}

void request_reader::refuse_malformed(error_code& ec, std::string message) {
    refuse(ec, 400, error_kind::malformed, "malformed_request", std::move(message));
}

void request_reader::on_request_impl(verb, text_view name, text_view target, int version, error_code& ec) {
    version_ = version;
    into_.method = std_view(name);
    into_.target = std_view(target);
    if (target.size() > longest_target) {
        refuse(ec, 414, error_kind::malformed, "target_too_long", "The request target is too long.");
    }
}

void request_reader::on_response_impl(int, text_view, int, error_code&) {}

void request_reader::on_field_impl(field_name name, text_view text, text_view value, error_code& ec) {
    if (header_over_) return;  // trailers are checked by the parser and mean nothing here
    if (into_.headers.size() == limits_.max_header_count) {
        return refuse(ec, 431, error_kind::headers_too_large, "headers_too_large",
                      "The request has too many headers.");
    }
    into_.headers.push_back({std_view(text), std_view(value)});
    check_framing(name, std_view(value), ec);
}

void request_reader::check_framing(field_name name, std::string_view value, error_code& ec) {
    switch (name) {
        case field_name::host:
            if (++hosts_ > 1) return refuse_malformed(ec, "The request has more than one Host header.");
            if (!is_valid_host(value)) return refuse_malformed(ec, "The Host header is not valid.");
            return;
        case field_name::content_length:
            // Beast takes repeated equal lengths; other software in the path may not, so they are refused.
            if (++content_lengths_ > 1 || value.find(',') != std::string_view::npos) {
                return refuse_malformed(ec, "The request has more than one Content-Length.");
            }
            return;
        case field_name::transfer_encoding:
            if (version_ == 10) return refuse_malformed(ec, "HTTP/1.0 has no Transfer-Encoding.");
            if (same_word(value, "chunked")) return;
            return refuse(ec, 501, error_kind::malformed, "transfer_encoding_not_supported",
                          "The only supported Transfer-Encoding is chunked.");
        case field_name::expect:
            if (same_word(value, "100-continue")) {
                expects_continue_ = true;
                return;
            }
            return refuse(ec, 417, error_kind::malformed, "expectation_failed",
                          "The only supported expectation is 100-continue.");
        default:
            return;
    }
}

void request_reader::on_header_impl(error_code& ec) {
    header_over_ = true;
    if (hosts_ == 0 && version_ == 11) refuse_malformed(ec, "The request has no Host header.");
}

void request_reader::on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) {}

std::size_t request_reader::on_body_impl(text_view bytes, error_code&) {
    if (keep_body_) into_.body.append(bytes.data(), bytes.size());
    return bytes.size();
}

void request_reader::on_chunk_header_impl(std::uint64_t, text_view, error_code&) {}

std::size_t request_reader::on_chunk_body_impl(std::uint64_t, text_view bytes, error_code& ec) {
    return on_body_impl(bytes, ec);
}

void request_reader::on_finish_impl(error_code&) {}

std::size_t head_size(std::string_view text, std::size_t searched) {
    if (text.size() < 4) return 0;
    auto const from = searched > 3 ? searched - 3 : 0;
    auto const* found = ::memmem(text.data() + from, text.size() - from, "\r\n\r\n", 4);
    return found ? static_cast<std::size_t>(static_cast<char const*>(found) - text.data()) + 4 : 0;
}

std::optional<refusal> refuse_partial_head(std::string_view text, std::size_t searched,
                                           server_config const& limits) {
    if (!is_token_char(text.front())) return malformed("The request does not begin with a method.");
    if (text.size() > limits.max_header_bytes) return too_long(text);
    auto const fresh = text.substr(searched);
    if (fresh.find('\0') != std::string_view::npos)
        return malformed("The request header has a NUL character.");
    for (auto at = text.find('\n', searched); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        if (at == 0 || text[at - 1] != '\r') return malformed("A header line does not end with CR LF.");
    }
    return std::nullopt;
}

}  // namespace parley::http
