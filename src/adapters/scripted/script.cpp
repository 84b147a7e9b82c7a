#include "adapters/scripted/script.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>
#include <variant>

namespace parley {

namespace json = boost::json;

namespace {

constexpr std::string_view mark = "script:";
constexpr std::int64_t most_repeats = 1'000'000;
constexpr std::int64_t longest_delay_ms = 600'000;

std::unexpected<error> bad_script(std::string message) {
    return fail(error_kind::invalid, "script_invalid", std::move(message));
}

bool read_number(json::value const& from, std::int64_t most, std::int64_t& into) {
    auto const* number = from.if_int64();
    if (number == nullptr || *number < 0 || *number > most) return false;
    into = *number;
    return true;
}

bool read_delay(json::value const& from, std::chrono::milliseconds& into) {
    std::int64_t ms = 0;
    if (!read_number(from, longest_delay_ms, ms)) return false;
    into = std::chrono::milliseconds{ms};
    return true;
}

bool read_tokens(json::value const& from, std::vector<std::string>& into) {
    auto const* list = from.if_array();
    if (list == nullptr) return false;
    for (auto const& item : *list) {
        if (!item.is_string()) return false;
        into.emplace_back(item.get_string());
    }
    return true;
}

bool read_finish_reason(json::value const& from, finish_reason& into) {
    auto const* word = from.if_string();
    auto const reason = word == nullptr ? std::nullopt : parse_finish_reason(*word);
    if (reason) into = *reason;
    return reason.has_value();
}

bool read_bool(json::value const& from, bool& into) {
    auto const* flag = from.if_bool();
    if (flag != nullptr) into = *flag;
    return flag != nullptr;
}

/// Its arguments as JSON text, or as the JSON itself.
bool read_tool_call(json::value const& from, std::vector<tool_call>& into) {
    auto const* object = from.if_object();
    auto const* name = object == nullptr ? nullptr : object->if_contains("name");
    if (name == nullptr || !name->is_string()) return false;
    tool_call call{"call_" + std::to_string(into.size() + 1), std::string(name->get_string()), "{}"};
    for (auto const& [key, value] : *object) {
        if (key == "arguments") {
            call.arguments = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
        } else if (key == "id" && value.is_string()) {
            call.id = value.get_string();
        } else if (key != "name") {
            return false;
        }
    }
    into.push_back(std::move(call));
    return true;
}

bool read_tool_calls(json::value const& from, std::vector<tool_call>& into) {
    auto const* list = from.if_array();
    return list != nullptr &&
           std::ranges::all_of(*list, [&into](json::value const& one) { return read_tool_call(one, into); });
}

bool read_fail_kind(json::value const& from, error_kind& into) {
    constexpr std::array<std::pair<std::string_view, error_kind>, 5> kinds{
        {{"unavailable", error_kind::unavailable},
         {"overloaded", error_kind::overloaded},
         {"rate_limited", error_kind::rate_limited},
         {"timed_out", error_kind::timed_out},
         {"invalid", error_kind::invalid}}};
    auto const* word = from.if_string();
    if (word == nullptr) return false;
    auto const* const found =
        std::ranges::find(kinds, *word, &std::pair<std::string_view, error_kind>::first);
    if (found == kinds.end()) return false;
    into = found->second;
    return true;
}

bool read_text(json::value const& from, std::string& into) {
    auto const* text = from.if_string();
    if (text == nullptr || text->empty()) return false;
    into = *text;
    return true;
}

bool read_member(std::string_view name, json::value const& value, script& into) {
    if (name == "tokens") return read_tokens(value, into.tokens);
    if (name == "repeat") return read_number(value, most_repeats, into.repeat);
    if (name == "delay_ms") return read_delay(value, into.delay);
    if (name == "first_delay_ms") return read_delay(value, into.first_delay);
    if (name == "fail_after") {
        into.fail_after = 0;
        return read_number(value, most_repeats, *into.fail_after);
    }
    if (name == "finish_reason") return read_finish_reason(value, into.finish_reason);
    if (name == "wait_for_stop") return read_bool(value, into.wait_for_stop);
    if (name == "reasoning") return read_tokens(value, into.reasoning);
    if (name == "tool_calls") return read_tool_calls(value, into.tool_calls);
    if (name == "fail_kind") return read_fail_kind(value, into.fail_kind);
    if (name == "fail_code") return read_text(value, into.fail_code);
    if (name == "retry_after_ms") return read_delay(value, into.retry_after.emplace());
    if (name == "refuse") return read_bool(value, into.refuse);
    return false;
}

result<script> parse_script(std::string_view text) {
    boost::system::error_code failed;
    auto const document = json::parse(text, failed);
    if (failed || !document.is_object())
        return bad_script("What stands behind \"script:\" is not a JSON object.");
    script told;
    for (auto const& [name, value] : document.get_object()) {
        if (!read_member(name, value, told)) {
            return bad_script("The script's member \"" + std::string(name) +
                              "\" is unknown or has a bad value.");
        }
    }
    return told;
}

/// Messages of a user that no reply stands between come as one text with empty lines between them: the last
/// of them, if it is a script.
std::string_view last_joined(std::string_view text) {
    auto const at = text.rfind("\n\nscript:");
    return at == std::string_view::npos ? text : text.substr(at + 2);
}

/// Set off by a space.
void add_word(std::string& text, std::string_view word) {
    if (!word.empty() && !text.ends_with(' ')) text += ' ';
    text += word;
}

std::string said_in(prompt_message const& message) {
    if (message.parts.empty()) return message.content;
    std::string text;
    for (auto const& part : message.parts) {
        if (auto const* said = std::get_if<text_part>(&part)) {
            text += said->text;
        } else {
            text += text.empty() || text.ends_with(' ') ? "{image}" : " {image}";
        }
    }
    return text;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

result<script> script_for(std::span<prompt_message const> prompt, bool as_json) {
    auto const backwards = std::views::reverse(prompt);
    auto const last = std::ranges::find(backwards, "user", &prompt_message::role);
    auto const of_a_tool = !prompt.empty() && prompt.back().role == "tool";
    if (last != backwards.end() && !of_a_tool) {
        auto const text = last_joined(last->content);
        if (text.starts_with(mark)) return parse_script(text.substr(mark.size()));
    }
    script echo;
    auto const text = echo_of(prompt);
    echo.tokens = words_of(as_json ? json::serialize(json::value{{"echo", text}}) : text);
    return echo;
}

error failure_of(script const& told, std::string message) {
    return error{told.fail_kind, told.fail_code, std::move(message)};
}

std::string echo_of(std::span<prompt_message const> prompt) {
    std::string text;
    for (auto const& message : prompt) {
        if (!text.empty()) text += " | ";
        text += "[" + message.role + (message.tool_call_id.empty() ? "" : " " + message.tool_call_id) + "] " +
                said_in(message);
        for (auto const& call : message.tool_calls) {
            add_word(text, "{call " + call.name + "(" + call.arguments + ")}");
        }
    }
    return text;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        auto const word_end = std::ranges::find_if(text, is_space);
        auto const end = std::find_if_not(word_end, text.end(), is_space);
        words.emplace_back(text.begin(), end);
        text = {end, text.end()};
    }
    return words;
}

std::int64_t count_words(generation_request const& request) {
    std::size_t count = 1;
    for (auto const& message : request.prompt) count += 1 + words_of(message.content).size();
    for (auto const& tool : request.tools) count += 1 + words_of(tool.description).size();
    return static_cast<std::int64_t>(count);
}

}  // namespace parley
