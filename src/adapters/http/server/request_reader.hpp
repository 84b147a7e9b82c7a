// One request, from bytes to a `request`: Beast's parser, and the rules it leaves to its user. Sans I/O.
// Private to this folder. Thread safety: none.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/config.hpp"
#include "common/error.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

/// Why a request was not taken.
struct refusal {
    unsigned status = 400;
    error what;
};

class request_reader final : private boost::beast::http::basic_parser<true> {
public:
    /// Fills `into`; `text` keeps the header's bytes, into which the request's headers point.
    request_reader(request& into, std::string& text, server_config const& limits);

    /// `head` ends with the empty line. Once, before everything else.
    [[nodiscard]] std::optional<refusal> read_head(std::string_view head);

    /// Takes bytes of the body and says in `used` how many; with `keep` false they are forgotten. Not when
    /// complete().
    [[nodiscard]] std::optional<refusal> read_body(std::string_view bytes, bool keep, std::size_t& used);

    /// How long the body may get; the rest of a chunked one is refused when it goes beyond.
    void limit_body(std::uint64_t bytes) { body_limit(bytes); }

    [[nodiscard]] bool complete() const { return is_done(); }
    [[nodiscard]] bool is_http_1_1() const { return version_ == 11; }
    [[nodiscard]] bool wants_keep_alive() const { return keep_alive(); }
    [[nodiscard]] bool expects_continue() const { return expects_continue_ && is_http_1_1(); }
    [[nodiscard]] bool is_chunked() const { return chunked(); }
    [[nodiscard]] std::uint64_t announced_length() const { return content_length().value_or(0); }

    static constexpr std::size_t longest_target = 8192;  // bytes; 414 beyond

private:
    using error_code = boost::beast::error_code;
    using text_view = boost::beast::string_view;
    using verb = boost::beast::http::verb;
    using field_name = boost::beast::http::field;

    void on_request_impl(verb method, text_view name, text_view target, int version, error_code& ec) override;
    void on_response_impl(int status, text_view reason, int version, error_code& ec) override;
    void on_field_impl(field_name name, text_view text, text_view value, error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code& ec) override;
    std::size_t on_body_impl(text_view bytes, error_code& ec) override;
    void on_chunk_header_impl(std::uint64_t size, text_view extensions, error_code& ec) override;
    std::size_t on_chunk_body_impl(std::uint64_t rest, text_view bytes, error_code& ec) override;
    void on_finish_impl(error_code& ec) override;

    void refuse(error_code& ec, unsigned status, error_kind kind, std::string code, std::string message);
    void refuse_malformed(error_code& ec, std::string message);
    void check_framing(field_name name, std::string_view value, error_code& ec);
    [[nodiscard]] refusal refusal_for(error_code const& ec) const;

    request& into_;
    std::string& text_;
    server_config const& limits_;
    std::optional<refusal> refused_;
    int version_ = 11;
    bool header_over_ = false;
    bool keep_body_ = true;
    bool expects_continue_ = false;
    unsigned hosts_ = 0;
    unsigned content_lengths_ = 0;
};

/// Length of the header at the front of `text`, its empty line included; 0 when it is not whole yet.
/// `searched` bytes were looked at before.
[[nodiscard]] std::size_t head_size(std::string_view text, std::size_t searched);

/// What can be said of a header before it is whole: it is no HTTP, or too long. `searched` as above.
[[nodiscard]] std::optional<refusal> refuse_partial_head(std::string_view text, std::size_t searched,
                                                         server_config const& limits);

}  // namespace parley::http
