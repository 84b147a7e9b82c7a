#include "adapters/llama/reply_parser.hpp"

#include "common/utf8.hpp"

#include <boost/json.hpp>
#include <chat.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <random>
#include <utility>

namespace parley {

namespace {

// What is nested deeper stays text.
constexpr std::size_t deepest_nesting = 200;

constexpr int share = 50;  // of the time: one part of so many

/// What `text` has beyond what was shown; nothing while it contradicts that.
std::string beyond(std::string& shown, std::string_view text) {
    text.remove_suffix(utf8_incomplete_tail(text));
    if (text.size() <= shown.size() || !text.starts_with(shown)) return {};
    std::string more(text.substr(shown.size()));
    shown += more;
    return more;
}

bool is_object(std::string const& arguments) {
    boost::system::error_code failed;
    auto const value = boost::json::parse(arguments, failed);
    return !failed && value.is_object();
}

/// Nine letters and digits: some templates refuse any other length when they read it again.
std::string new_id() {
    constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::random_device random;
    std::uniform_int_distribution<std::size_t> one(0, letters.size() - 1);
    std::string id(9, '0');
    for (auto& letter : id) letter = letters[one(random)];
    return id;
}

/// Nothing when one of them is none.
std::optional<std::vector<tool_call>> calls_of(common_chat_msg const& message) {
    std::vector<tool_call> calls;
    calls.reserve(message.tool_calls.size());
    for (auto const& call : message.tool_calls) {
        auto arguments = call.arguments.empty() ? "{}" : call.arguments;
        if (call.name.empty() || !is_object(arguments)) return std::nullopt;
        auto const taken = std::ranges::find(calls, call.id, &tool_call::id) != calls.end();
        calls.push_back({call.id.empty() || taken ? new_id() : call.id, call.name, std::move(arguments)});
    }
    return calls;
}

}  // namespace

std::optional<common_chat_msg> reply_parser::parsed(bool partial) const {
    if (nesting_.deepest() > deepest_nesting) return std::nullopt;  // some 5 KB of stack for each level
    try {
        return common_chat_parse(text_, partial, *parser_);
    } catch (std::exception const&) {
        return std::nullopt;  // it is not written as the template has it
    }
}

reply_parser::pieces reply_parser::advance(common_chat_msg const& to) {
    return {beyond(reasoning_, to.reasoning_content), beyond(content_, to.content)};
}

/// What follows the content has only begun like a call.
bool reply_parser::is_held_back(std::string_view content) const {
    auto const rest = std::string_view(text_).substr(std::min(content.size(), text_.size()));
    return !rest.empty() && text_.starts_with(content) &&
           std::ranges::any_of(triggers_, [rest](std::string const& word) { return word.starts_with(rest); });
}

reply_parser::pieces reply_parser::rest_as_text() { return {{}, beyond(content_, text_)}; }

reply_parser::pieces reply_parser::fresh(clock::time_point now) {
    if (parsed_bytes_ == text_.size()) return {};
    if (!begun_) begun_ = now;
    if (spent_ * share > now - *begun_) return {};
    parsed_bytes_ = text_.size();
    auto const before = clock::now();
    auto const message = parsed(true);
    spent_ += clock::now() - before;
    return message ? advance(*message) : pieces{};
}

reply_parser::outcome reply_parser::finish(bool whole) {
    text_ += stops_.finish();
    if (!whole) {
        auto const message = parsed(true);
        return {message ? advance(*message) : rest_as_text(), {}};
    }
    auto const message = parsed(false);
    auto calls = message ? calls_of(*message) : std::nullopt;
    if (!calls || (calls->empty() && is_held_back(message->content))) return {rest_as_text(), {}};
    return {advance(*message), std::move(*calls)};
}

}  // namespace parley
