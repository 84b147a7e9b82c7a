// How large the fields of an entity may be. The contract (api/openapi.yaml) states the same numbers.
// Lengths of text are in Unicode code points, as JSON Schema counts them, unless the name says bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace parley::limits {

inline constexpr std::size_t title = 200;
inline constexpr std::size_t user_name = 200;
inline constexpr std::size_t key_name = 200;
inline constexpr std::size_t keys_of_user = 100;
inline constexpr std::size_t external_name_bytes = 255;  // of an issuer and of a subject
inline constexpr std::int64_t usage_limit = 1'000'000'000'000;
inline constexpr std::size_t model_name = 200;
inline constexpr std::size_t prompt = 32'768;
inline constexpr std::size_t content = 262'144;
inline constexpr std::size_t reply_bytes = 4'194'304;  // of its text and thoughts together
inline constexpr std::size_t content_parts = 64;
// Of one image's data URL: with room for text beside it in a body of 4 MiB.
inline constexpr std::size_t image_bytes = 3'145'728;
inline constexpr std::size_t tools = 128;
inline constexpr std::size_t tool_name = 64;
inline constexpr std::size_t tool_description = 4'096;
inline constexpr std::size_t schema = 65'536;
inline constexpr std::size_t all_tools_bytes = 262'144;
inline constexpr std::size_t tool_call_id = 128;
inline constexpr std::size_t stop_strings = 8;
inline constexpr std::size_t stop_string = 128;
inline constexpr std::int64_t max_output_tokens = 131'072;
inline constexpr double temperature = 2.0;
inline constexpr std::size_t metadata_keys = 64;
inline constexpr std::size_t metadata_key = 64;
inline constexpr std::size_t metadata_value = 2'048;  // metadata and extra map text to text
inline constexpr std::size_t forks = 1'000;           // of one interaction
inline constexpr std::size_t waiting_replies = 16;    // in one interaction
inline constexpr std::size_t idempotency_key = 255;
inline constexpr std::size_t page = 100;
inline constexpr std::size_t default_page = 20;

}  // namespace parley::limits
