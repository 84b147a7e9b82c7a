// Chat completions: chunks of a stream (platform.openai.com/docs/api-reference/chat-streaming) and whole
// answers, as OpenAI, vLLM, llama-server, Ollama, LiteLLM and OpenRouter write them.
#include "adapters/upstream/answer_reader.hpp"
#include "adapters/upstream/json_members.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>

namespace parley::upstream {
namespace {

namespace json = boost::json;

/// Content is text, or a list of parts: {type: text, text} and, with Mistral, {type: thinking, thinking:
/// […]}.
void read_content(json::value const& content, bool thinking, model_answer& into) {
    if (auto const* text = content.if_string()) {
        if (thinking) {
            into.think(*text);
        } else {
            into.say(*text);
        }
        return;
    }
    auto const* parts = content.if_array();
    if (parts == nullptr) return;
    for (auto const& part : *parts) {
        auto const* one = part.if_object();
        if (one == nullptr) continue;
        if (auto const* text = one->if_contains("text")) read_content(*text, thinking, into);
        if (auto const* thought = one->if_contains("thinking")) read_content(*thought, true, into);
    }
}

/// The position stands in for a number where several calls come at once without one.
bool read_call(json::object const& from, std::optional<std::int64_t> position, model_answer& into) {
    auto const* function = object_in(from, "function");
    tool_call_fragment piece{.index = count_in(from, "index"),
                             .id = text_in(from, "id"),
                             .name = function == nullptr ? std::string_view{} : text_in(*function, "name"),
                             .arguments = {}};
    if (!piece.index) piece.index = position;
    std::string written;
    if (auto const* arguments = function == nullptr ? nullptr : function->if_contains("arguments")) {
        if (arguments->is_object()) {
            written = json::serialize(*arguments);
            piece.arguments = written;
        } else {
            piece.arguments = text_in(*function, "arguments");
        }
    }
    return into.call(piece);
}

bool read_calls(json::object const& message, model_answer& into) {
    if (auto const* calls = array_in(message, "tool_calls")) {
        std::int64_t position = 0;
        for (auto const& one : *calls) {
            auto const* call = one.if_object();
            auto const stand_in = calls->size() > 1 ? std::optional{position} : std::nullopt;
            ++position;
            if (call != nullptr && !read_call(*call, stand_in, into)) return false;
        }
    }
    auto const* old_form = object_in(message, "function_call");
    if (old_form == nullptr) return true;
    tool_call_fragment const piece{.index = 0,
                                   .id = {},
                                   .name = text_in(*old_form, "name"),
                                   .arguments = text_in(*old_form, "arguments")};
    return into.call(piece);
}

/// Reasoning comes as reasoning_content (DeepSeek, vLLM, llama-server) or reasoning (OpenRouter, Ollama); who
/// sends both sends the same text twice.
void read_message(json::object const& message, model_answer& into) {
    auto const* reasoning = message.if_contains("reasoning_content");
    if (reasoning == nullptr || !reasoning->is_string()) reasoning = message.if_contains("reasoning");
    if (reasoning != nullptr) read_content(*reasoning, true, into);
    if (auto const* content = message.if_contains("content")) read_content(*content, false, into);
    into.say(text_in(message, "refusal"));
}

finish_reason meaning_of(std::string_view word) {
    if (word == "length" || word == "max_tokens") return finish_reason::length;
    if (word == "tool_calls" || word == "function_call") return finish_reason::tool_calls;
    if (word == "content_filter") return finish_reason::content_filter;
    return finish_reason::stop;
}

void read_usage(json::object const& usage, told_usage& into) {
    if (auto const input = count_in(usage, "prompt_tokens")) into.input = input;
    if (auto const output = count_in(usage, "completion_tokens")) into.output = output;
    if (auto const* details = object_in(usage, "prompt_tokens_details")) {
        if (auto const cached = count_in(*details, "cached_tokens")) into.cached = cached;
    } else if (auto const hits = count_in(usage, "prompt_cache_hit_tokens")) {
        into.cached = hits;
    }
}

/// Some servers cut UTF-16 in two, and write half a character as an escape. It is none in any piece, and no
/// reason to lose the rest.
std::string without_lone_surrogates(std::string_view text) {
    constexpr std::size_t escape = 6;  // \\uXXXX
    auto const unit_at = [&](std::size_t at) -> unsigned {
        unsigned unit = 0;
        if (text.substr(at, 2) != "\\u" || at + escape > text.size()) return 0;
        auto const* const begin = text.data() + at + 2;
        auto const [end, failed] = std::from_chars(begin, begin + 4, unit, 16);
        return failed == std::errc{} && end == begin + 4 ? unit : 0;
    };
    auto const is_high = [](unsigned unit) { return unit >= 0xd800 && unit <= 0xdbff; };
    auto const is_low = [](unsigned unit) { return unit >= 0xdc00 && unit <= 0xdfff; };
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto const unit = unit_at(at);
        if (is_high(unit) && is_low(unit_at(at + escape))) {
            out += text.substr(at, 2 * escape);
            at += 2 * escape;
        } else if (is_high(unit) || is_low(unit)) {
            out += "\\ufffd";
            at += escape;
        } else {
            std::size_t const length = text[at] == '\\' ? 2 : 1;  // an escaped backslash is no beginning
            out += text.substr(at, length);
            at += length;
        }
    }
    return out;
}

class openai_reader final : public answer_reader {
public:
    explicit openai_reader(failures const& words) : words_(words) {}

    void take_event(std::string_view type, std::string_view data, model_answer& into) override {
        auto const first = data.find_first_not_of(" \t\n");
        if (first == std::string_view::npos) return;
        if (data.substr(first).starts_with("[DONE]")) {
            into.complete = true;
            return;
        }
        read(data, type == "error", into);
    }

    void take_whole(std::string_view body, model_answer& into) override {
        read(body, false, into);
        if (into.failure) return;
        if (!into.begun) into.failure = words_.invalid_answer("the JSON that came is no chat completion");
        if (!into.finish) into.finish = finish_reason::stop;
        into.complete = true;
    }

private:
    void read(std::string_view text, bool is_error, model_answer& into) {
        std::array<unsigned char, 4096> memory;
        json::monotonic_resource pool{memory.data(), memory.size()};
        json::parse_options lenient;
        lenient.allow_invalid_utf8 = true;  // characters are cut in two by some servers; put together later
        json::error_code failed;
        auto parsed = json::parse(text, failed, &pool, lenient);
        if (failed) {
            failed.clear();
            parsed = json::parse(without_lone_surrogates(text), failed, &pool, lenient);
        }
        auto const* chunk = failed ? nullptr : parsed.if_object();
        if (chunk == nullptr) {
            into.failure = words_.invalid_answer("a piece of it is no JSON object");
            return;
        }
        auto const* complaint = chunk->if_contains("error");
        if (is_error || (complaint != nullptr && !complaint->is_null())) {
            into.failure = words_.of_answer(text);
            return;
        }
        if (auto const* usage = object_in(*chunk, "usage")) read_usage(*usage, into.usage);
        if (auto const* choices = array_in(*chunk, "choices")) {
            for (auto const& one : *choices) {
                if (auto const* choice = one.if_object()) read_choice(*choice, into);
            }
        } else if (text_in(*chunk, "object") == "error") {
            into.failure = words_.of_answer(text);  // of older vLLM
        }
    }

    void read_choice(json::object const& choice, model_answer& into) {
        if (count_in(choice, "index").value_or(0) != 0) return;  // one answer was asked for
        into.begun = true;
        auto const* message = object_in(choice, "delta");
        if (message == nullptr) message = object_in(choice, "message");
        if (message != nullptr) {
            read_message(*message, into);
            if (!read_calls(*message, into)) {
                into.failure = words_.invalid_answer("its tool calls are too large");
                return;
            }
        }
        auto const word = text_in(choice, "finish_reason");
        if (word == "error") {
            into.failure = words_.broke_off("it ended with an error that it does not tell");
        } else if (!word.empty()) {
            into.finish = meaning_of(word);
        }
    }

    failures const& words_;
};

}  // namespace

std::unique_ptr<answer_reader> make_openai_reader(failures const& words) {
    return std::make_unique<openai_reader>(words);
}

}  // namespace parley::upstream
