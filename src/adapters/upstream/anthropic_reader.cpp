// Anthropic's Messages: events of a stream (docs.anthropic.com, "Streaming messages") and whole messages.
#include "adapters/upstream/answer_reader.hpp"
#include "adapters/upstream/json_members.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <string>

namespace parley::upstream {
namespace {

namespace json = boost::json;

finish_reason meaning_of(std::string_view word) {
    if (word == "max_tokens" || word == "model_context_window_exceeded") return finish_reason::length;
    if (word == "tool_use") return finish_reason::tool_calls;
    if (word == "refusal") return finish_reason::content_filter;
    return finish_reason::stop;
}

class anthropic_reader final : public answer_reader {
public:
    explicit anthropic_reader(failures const& words) : words_(words) {}

    void take_event(std::string_view type, std::string_view data, model_answer& into) override {
        if (data.find_first_not_of(" \t\n") == std::string_view::npos) return;
        read(data, type, into);
    }

    void take_whole(std::string_view body, model_answer& into) override {
        read(body, "message", into);
        if (!into.failure && !into.complete)
            into.failure = words_.invalid_answer("the JSON that came is no message");
    }

private:
    void read(std::string_view text, std::string_view type, model_answer& into) {
        std::array<unsigned char, 4096> memory;
        json::monotonic_resource pool{memory.data(), memory.size()};
        json::parse_options lenient;
        lenient.allow_invalid_utf8 = true;
        json::error_code failed;
        auto const parsed = json::parse(text, failed, &pool, lenient);
        auto const* event = failed ? nullptr : parsed.if_object();
        if (event == nullptr) {
            into.failure = words_.invalid_answer("a piece of it is no JSON object");
            return;
        }
        if (auto const own = text_in(*event, "type"); !own.empty()) type = own;
        if (type == "error" || event->contains("error")) {
            into.failure = words_.of_answer(text);
            return;
        }
        read_event(type, *event, into);
    }

    void read_event(std::string_view type, json::object const& event, model_answer& into) {
        if (type == "message_start") {
            into.begun = true;
            if (auto const* message = object_in(event, "message")) read_usage(*message, into);
        } else if (type == "content_block_start") {
            read_block(event, into);
        } else if (type == "content_block_delta") {
            read_delta(event, into);
        } else if (type == "message_delta") {
            read_usage(event, into);
            if (auto const* delta = object_in(event, "delta")) read_stop_reason(*delta, into);
        } else if (type == "message_stop") {
            into.complete = true;
        } else if (type == "message") {
            read_message(event, into);
        }
        // ping, content_block_stop and kinds that come later say nothing that is needed.
    }

    void read_block(json::object const& event, model_answer& into) {
        auto const* block = object_in(event, "content_block");
        if (block == nullptr) return;
        into.begun = true;
        // The input of a call that begins is an empty object; what is in it comes in pieces.
        read_content(*block, count_in(event, "index"), false, into);
    }

    void read_content(json::object const& block, std::optional<std::int64_t> index, bool whole,
                      model_answer& into) {
        into.say(text_in(block, "text"));
        into.think(text_in(block, "thinking"));
        if (text_in(block, "type") != "tool_use") return;
        auto const* input = object_in(block, "input");
        auto const arguments =
            input != nullptr && (whole || !input->empty()) ? json::serialize(*input) : std::string{};
        add_call({index, text_in(block, "id"), text_in(block, "name"), arguments}, into);
    }

    void read_delta(json::object const& event, model_answer& into) {
        auto const* delta = object_in(event, "delta");
        if (delta == nullptr) return;
        into.begun = true;
        auto const type = text_in(*delta, "type");
        if (type == "text_delta") {
            into.say(text_in(*delta, "text"));
        } else if (type == "thinking_delta") {
            into.think(text_in(*delta, "thinking"));
        } else if (type == "input_json_delta") {
            add_call({count_in(event, "index"), {}, {}, text_in(*delta, "partial_json")}, into);
        }
    }

    void read_message(json::object const& message, model_answer& into) {
        auto const* content = array_in(message, "content");
        if (content == nullptr) return;
        into.begun = true;
        std::int64_t index = 0;
        for (auto const& one : *content) {
            if (auto const* block = one.if_object()) read_content(*block, index, true, into);
            ++index;
        }
        read_usage(message, into);
        read_stop_reason(message, into);
        if (!into.finish) into.finish = finish_reason::stop;
        into.complete = true;
    }

    void add_call(tool_call_fragment const& piece, model_answer& into) {
        if (!into.call(piece)) into.failure = words_.invalid_answer("its tool calls are too large");
    }

    static void read_stop_reason(json::object const& from, model_answer& into) {
        if (auto const word = text_in(from, "stop_reason"); !word.empty()) into.finish = meaning_of(word);
    }

    /// input_tokens leaves out what was read from or written to its cache.
    static void read_usage(json::object const& from, model_answer& into) {
        auto const* usage = object_in(from, "usage");
        if (usage == nullptr) return;
        auto const read = count_in(*usage, "cache_read_input_tokens");
        if (auto const input = count_in(*usage, "input_tokens")) {
            into.usage.input =
                *input + read.value_or(0) + count_in(*usage, "cache_creation_input_tokens").value_or(0);
            into.usage.cached = read.value_or(0);
        }
        if (auto const output = count_in(*usage, "output_tokens")) into.usage.output = output;
    }

    failures const& words_;
};

}  // namespace

std::unique_ptr<answer_reader> make_anthropic_reader(failures const& words) {
    return std::make_unique<anthropic_reader>(words);
}

}  // namespace parley::upstream
