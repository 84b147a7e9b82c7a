#include "common/log.hpp"

#include "common/visible_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <iterator>
#include <memory>

namespace parley::log {
namespace {

using levels = spdlog::level::level_enum;

std::atomic<bool> as_json = false;

/// Lines come finished; spdlog filters by level, locks and writes.
std::shared_ptr<spdlog::logger> make_logger() {
    auto logger =
        std::make_shared<spdlog::logger>("parley", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%v");
    logger->set_level(levels::warn);
    logger->flush_on(levels::trace);
    return logger;
}

spdlog::logger& logger() {
    static auto const one = make_logger();
    return *one;
}

levels parse_level(std::string_view word) {
    if (word == "trace") return levels::trace;
    if (word == "debug") return levels::debug;
    if (word == "warn") return levels::warn;
    if (word == "error") return levels::err;
    return levels::info;
}

std::string_view name_of(levels level) {
    switch (level) {
        case levels::debug:
            return "debug";
        case levels::warn:
            return "warn";
        case levels::err:
            return "error";
        case levels::critical:
            return "audit";
        default:
            return "info";
    }
}

/// RFC 3339, UTC, milliseconds.
std::string time_now() {
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    auto const seconds = std::chrono::floor<std::chrono::seconds>(now);
    std::time_t const at = seconds.count();
    std::tm parts{};
    ::gmtime_r(&at, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                       parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                       std::chrono::duration_cast<std::chrono::milliseconds>(now - seconds).count());
}

/// What JSON leaves as it is and a terminal, or who splits lines, may take for more than text.
std::string shown(std::string_view text) {
    auto const plain = [](char c) { return static_cast<unsigned char>(c) < 0x7f; };
    return std::ranges::all_of(text, plain) ? std::string{text} : visible_line(text);
}

struct put_json {
    boost::json::object& line;
    std::string_view key;

    void operator()(std::string_view text) const { line[key] = shown(text); }
    void operator()(std::int64_t number) const { line[key] = number; }
    void operator()(double number) const { line[key] = number; }
};

std::string json_line(levels level, std::string_view event, std::initializer_list<attribute> attributes) {
    boost::json::object line{{"time", time_now()}, {"level", name_of(level)}, {"event", event}};
    for (auto const& one : attributes) std::visit(put_json{line, one.key}, one.value);
    return boost::json::serialize(line);
}

struct put_text {
    std::string& line;

    /// As it is when it is one plain word, else as a JSON string: a line stays one line and can be taken
    /// apart.
    void operator()(std::string_view text) const {
        auto const plain = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '='; };
        if (!text.empty() && std::ranges::all_of(text, plain)) {
            line += text;
        } else {
            line += boost::json::serialize(boost::json::string(shown(text)));
        }
    }
    void operator()(std::int64_t number) const { line += std::to_string(number); }
    void operator()(double number) const { fmt::format_to(std::back_inserter(line), "{:.3f}", number); }
};

std::string text_line(levels level, std::string_view event, std::initializer_list<attribute> attributes) {
    auto line = fmt::format("{} {:<5} {}", time_now(), name_of(level), event);
    for (auto const& one : attributes) {
        line += ' ';
        line += one.key;
        line += '=';
        std::visit(put_text{line}, one.value);
    }
    return line;
}

constexpr levels always = levels::critical;  // of audit lines

void write(levels level, std::string_view event, std::initializer_list<attribute> attributes) {
    if (!logger().should_log(level)) return;
    auto const line = as_json ? json_line(level, event, attributes) : text_line(level, event, attributes);
    logger().log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void start(log_config const& settings) {
    as_json = settings.format == "json" || (settings.format == "auto" && ::isatty(STDERR_FILENO) == 0);
    logger().set_level(parse_level(settings.level));
}

void debug(std::string_view event, std::initializer_list<attribute> attributes) {
    write(levels::debug, event, attributes);
}
void info(std::string_view event, std::initializer_list<attribute> attributes) {
    write(levels::info, event, attributes);
}
void warn(std::string_view event, std::initializer_list<attribute> attributes) {
    write(levels::warn, event, attributes);
}
void error(std::string_view event, std::initializer_list<attribute> attributes) {
    write(levels::err, event, attributes);
}
void audit(std::string_view event, std::initializer_list<attribute> attributes) {
    write(always, event, attributes);
}

}  // namespace parley::log
