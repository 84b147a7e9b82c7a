// The If-Match header (RFC 9110 §13.1.1) against an interaction's version.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/error.hpp"
#include "common/task.hpp"
#include "services/conversation_store.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::http {

/// Whether one of the listed entity tags is this version; `*` always is. Weak tags never match (RFC 9110
/// §8.8.3.2).
[[nodiscard]] bool tag_listed(std::string_view header, std::int64_t version);

/// The version that the store must still find; nullopt without the header or with `*`.
/// Errors: interaction_not_found; precondition_failed (version_mismatch).
[[nodiscard]] task<result<std::optional<std::int64_t>>> required_version(request const& call,
                                                                         conversation_store& store,
                                                                         user_id user, interaction_id id);

}  // namespace parley::http
