// Short words for the rules in the tables of keys. Only those tables include it.
#pragma once

#include "common/config_value.hpp"

#include <span>
#include <string_view>

namespace parley::config_rules {

inline constexpr double mebibyte = 1024.0 * 1024.0;
inline constexpr double second = 1000.0;
inline constexpr double hour = 3600.0 * second;
inline constexpr double longest_name = 200.0;
inline constexpr double least_key = 32.0;
inline constexpr double longest_external = 255.0;
inline constexpr double longest_path = 4096.0;
inline constexpr double longest_template = 32'768.0;

constexpr config_rule one_of(std::span<std::string_view const> words) {
    return {config_type::choice, 0, 0, words};
}
constexpr config_rule any_of(std::span<std::string_view const> words) {
    return {config_type::words, 0, 0, words};
}
constexpr config_rule whole(double least, double most) { return {config_type::integer, least, most}; }
constexpr config_rule number(double least, double most) { return {config_type::number, least, most}; }
constexpr config_rule bytes(double least, double most) { return {config_type::size, least, most}; }
constexpr config_rule lasting(double least, double most) { return {config_type::duration, least, most}; }
constexpr config_rule text(double least, double most) { return {config_type::text, least, most}; }
inline constexpr config_rule address{config_type::address, 0, longest_path};
constexpr config_rule secret(double least, double most) { return {config_type::secret, least, most}; }
inline constexpr config_rule file_path{config_type::path, 1, longest_path};
inline constexpr config_rule file_path_or_none{config_type::path, 0, longest_path};

constexpr config_rule texts(double least, double most) { return {config_type::texts, least, most}; }
inline constexpr config_rule boolean{config_type::boolean};

}  // namespace parley::config_rules
