// Strict reading of a query string: unknown, repeated and unusable parameters are refused.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/error.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace parley::http {

class query_reader {
public:
    /// Errors (see failure): unknown_parameter, invalid_parameter when one is given twice.
    query_reader(request const& call, std::initializer_list<std::string_view> known);

    [[nodiscard]] std::size_t limit();  // 1–100, default 20
    [[nodiscard]] std::optional<bool> boolean(std::string_view name);
    [[nodiscard]] std::optional<std::string_view> one_of(std::string_view name,
                                                         std::initializer_list<std::string_view> words);
    [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const {
        return call_.query_value(name);
    }

    [[nodiscard]] std::optional<error> const& failure() const { return failure_; }

private:
    void refuse(std::string_view name, std::string code, std::string message);

    request const& call_;
    std::optional<error> failure_;
};

}  // namespace parley::http
