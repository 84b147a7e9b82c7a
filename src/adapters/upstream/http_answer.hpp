// An HTTP/1.1 answer out of bytes that come in any pieces, read by Beast's parser. No I/O.
// Thread safety: none; one per answer.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace parley::upstream {

class http_answer {
public:
    /// To what: an answer to CONNECT has no body.
    enum class of { request, connect };

    explicit http_answer(of what);
    ~http_answer();
    http_answer(http_answer const&) = delete;
    http_answer& operator=(http_answer const&) = delete;

    /// Empty, or why it is no HTTP answer; then nothing may be fed any more. Interim answers (1xx) are passed
    /// over.
    [[nodiscard]] std::string feed(std::string_view bytes);

    /// The other side has closed. False when something of the answer is missing.
    [[nodiscard]] bool finish();

    [[nodiscard]] bool has_header() const;
    /// With its body.
    [[nodiscard]] bool is_whole() const;
    /// The connection may be used again: the answer is whole, nothing came behind it, nobody said close.
    [[nodiscard]] bool leaves_connection_open() const;

    [[nodiscard]] unsigned status() const;
    /// Of a header field, any case; empty when there is none.
    [[nodiscard]] std::string_view field(std::string_view name) const;

    /// What has come of the body since the last call, until the next feed().
    [[nodiscard]] std::string_view take_body();

private:
    struct parser;
    std::unique_ptr<parser> parser_;
};

}  // namespace parley::upstream
