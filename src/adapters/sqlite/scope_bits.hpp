// api_keys.scopes.
#pragma once

#include "entities/api_key.hpp"

#include <cstdint>

namespace parley::sqlite {

[[nodiscard]] constexpr std::int64_t bits_of(scopes const& value) {
    return (value.read ? 1 : 0) | (value.write ? 2 : 0) | (value.admin ? 4 : 0);
}

[[nodiscard]] constexpr scopes scopes_of_bits(std::int64_t bits) {
    return {.read = (bits & 1) != 0, .write = (bits & 2) != 0, .admin = (bits & 4) != 0};
}

}  // namespace parley::sqlite
