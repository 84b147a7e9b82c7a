// Which web pages of other origins may read answers (the Fetch standard's CORS protocol). Nobody's cookies
// are asked for: who asks shows it in a header. Thread safety: immutable.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/config.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

class cors_policy {
public:
    explicit cors_policy(cors_config const& settings);

    [[nodiscard]] bool allows(std::string_view origin) const;

    /// The answer to a browser that asks beforehand; nothing when it is no such question, or one by a page
    /// that may not ask. `methods`: of the path, as in Allow.
    [[nodiscard]] std::optional<response> preflight(request const& call, std::string_view methods) const;

    /// Lets the page that asked read the answer.
    void mark(request const& call, response& answer) const;

private:
    std::vector<std::string> const origins_;
    std::string const max_age_;  // seconds
};

}  // namespace parley::http
