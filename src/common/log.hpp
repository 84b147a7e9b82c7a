// The program's log: one line per event on standard error, as text or JSON, never with message content.
// Thread safety: all functions from any thread once start_log() has returned.
#pragma once

#include "common/config.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace parley::log {

struct attribute {
    std::string_view key;
    std::variant<std::string_view, std::int64_t, double> value;
};

/// Before the first call, messages of level warn and above go to standard error as text.
void start(log_config const& settings);

/// `event` is a short English sentence; values go into attributes: log::info("listening", {{"port", 8080}}).
void debug(std::string_view event, std::initializer_list<attribute> attributes = {});
void info(std::string_view event, std::initializer_list<attribute> attributes = {});
void warn(std::string_view event, std::initializer_list<attribute> attributes = {});
void error(std::string_view event, std::initializer_list<attribute> attributes = {});

/// What administrators did: with "audit" as its level, and written whatever the least level is.
void audit(std::string_view event, std::initializer_list<attribute> attributes);

}  // namespace parley::log
