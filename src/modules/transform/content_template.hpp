// Fills a template around what a user wrote. Pure functions; what is filled in is never looked at for
// placeholders.
#pragma once

#include "common/error.hpp"
#include "common/timestamp.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace parley {

inline constexpr std::string_view user_name_placeholder = "{{user.name}}";

/// Who asks, and when.
struct template_values {
    std::string_view user_name;
    timestamp now;
};

/// `around` with `content` for {{content}}, the day in UTC (2026-01-31) for {{date}} and the name for
/// {{user.name}}, at every place where they stand; line breaks and control characters of the name become
/// spaces. Any other {{…}} stays as it is. Errors: invalid (content_too_long) when that would take more than
/// `longest` bytes.
[[nodiscard]] result<std::string> fill_template(std::string_view around, std::string_view content,
                                                template_values const& values, std::size_t longest);

}  // namespace parley
