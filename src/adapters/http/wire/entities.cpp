#include "adapters/http/wire/entities.hpp"

#include "adapters/http/wire/identity.hpp"
#include "adapters/http/wire/money.hpp"
#include "adapters/http/wire/tools.hpp"

namespace parley::http {
namespace {

void write(json_writer& out, message_content const& content) {
    if (auto const* text = std::get_if<std::string>(&content)) return out.value(*text);
    out.begin_array();
    for (auto const& part : std::get<content_parts>(content)) {
        out.begin_object();
        if (auto const* image = std::get_if<image_part>(&part)) {
            out.member("type", "image_url");
            out.key("image_url");
            out.begin_object();
            out.member("url", image->url);
            out.end_object();
        } else {
            out.member("type", "text");
            out.member("text", std::get<text_part>(part).text);
        }
        out.end_object();
    }
    out.end_array();
}

void write(json_writer& out, std::optional<token_usage> const& usage) {
    if (!usage) return out.null();
    out.begin_object();
    out.member("input_tokens", usage->input_tokens);
    out.member("cached_tokens", usage->cached_tokens);
    out.member("output_tokens", usage->output_tokens);
    out.member("estimated", usage->estimated);
    out.key("cost");
    if (usage->cost) {
        out.raw(decimal_of_picos(*usage->cost));
    } else {
        out.null();
    }
    out.end_object();
}

void write(json_writer& out, std::optional<turn_timings> const& timings) {
    if (!timings) return out.null();
    out.begin_object();
    out.member("queued_ms", timings->queued_ms);
    out.member("time_to_first_token_ms", timings->time_to_first_token_ms);
    out.member("duration_ms", timings->duration_ms);
    out.end_object();
}

void write(json_writer& out, std::optional<message_error> const& failure) {
    if (!failure) return out.null();
    out.begin_object();
    out.member("code", failure->code);
    out.member("message", failure->message);
    out.end_object();
}

void write(json_writer& out, std::vector<attempt> const& attempts) {
    out.begin_array();
    for (auto const& one : attempts) {
        out.begin_object();
        out.member("target", one.target);
        out.member("outcome", one.outcome);
        out.member("message", one.message.empty() ? std::nullopt : std::optional{one.message});
        out.member("duration_ms", one.duration_ms);
        out.end_object();
    }
    out.end_array();
}

void write_outcome(json_writer& out, message const& value) {
    out.member("status", to_text(value.status));
    out.key("tool_calls");
    write(out, value.tool_calls);
    out.member("tool_call_id", value.tool_call_id);
    out.member("reasoning", value.reasoning);
    out.member("model_name", value.model_name);
    out.key("finish_reason");
    if (value.finish_reason) {
        out.value(to_text(*value.finish_reason));
    } else {
        out.null();
    }
    out.key("usage");
    write(out, value.usage);
    out.key("timings");
    write(out, value.timings);
    out.key("attempts");
    write(out, value.attempts);
    out.key("error");
    write(out, value.error);
}

}  // namespace

void write(json_writer& out, settings const& value) {
    out.begin_object();
    out.member("model_name", value.model_name);
    out.member("role", to_text(value.role));
    out.member("prompt", value.prompt);
    out.member("temperature", value.temperature);
    out.member("top_p", value.top_p);
    out.member("max_output_tokens", value.max_output_tokens);
    out.key("stop");
    out.begin_array();
    for (auto const& text : value.stop) out.value(text);
    out.end_array();
    out.member("seed", value.seed);
    out.member("on_busy", to_text(value.on_busy));
    out.member("content_template", value.content_template);
    out.key("mask");
    out.begin_array();
    for (auto const what : value.mask) out.value(to_text(what));
    out.end_array();
    out.key("tools");
    write(out, value.tools);
    out.member("tool_choice", value.tool_choice);
    out.key("response_format");
    write(out, value.response_format);
    out.end_object();
}

void write(json_writer& out, message const& value) {
    out.begin_object();
    out.member("interaction_id", value.interaction_id);
    out.member("message_id", value.message_id);
    out.member("parent_id", value.parent_id);
    out.member("branch_id", value.branch_id);
    out.member("seq", value.seq);
    out.key("sibling");
    out.begin_object();
    out.member("index", value.sibling.index);
    out.member("count", value.sibling.count);
    out.end_object();
    out.member("created_at", value.created_at);
    out.member("role", to_text(value.role));
    out.key("content");
    write(out, value.content);
    out.member("transformed_content", value.transformed_content);
    out.member("metadata", value.metadata);
    write_outcome(out, value);
    out.end_object();
}

void write_members(json_writer& out, interaction const& value) {
    out.member("interaction_id", value.interaction_id);
    out.member("user_id", value.user_id);
    out.member("title", value.title);
    out.member("created_at", value.created_at);
    out.member("updated_at", value.updated_at);
    out.member("last_message_at", value.last_message_at);
    out.key("settings");
    write(out, value.settings);
    out.member("metadata", value.metadata);
    out.member("pinned", value.pinned);
    out.member("archived", value.archived);
    out.member("expires_at", value.expires_at);
    out.member("message_count", value.message_count);
    out.member("active_branch", value.active_branch);
    out.member("version", value.version);
}

void write_members(json_writer& out, user const& value) {
    out.member("user_id", value.user_id);
    out.member("name", value.name);
    out.member("extra", value.extra);
    out.member("is_admin", value.is_admin);
    out.key("limits");
    write(out, value.limits);
    out.member("created_at", value.created_at);
}

void write(json_writer& out, interaction const& value) {
    out.begin_object();
    write_members(out, value);
    out.end_object();
}

std::string to_json(interaction const& value) {
    std::string text;
    text.reserve(1024);
    json_writer out{text};
    write(out, value);
    return text;
}

std::string to_json(message const& value) {
    std::string text;
    text.reserve(1024);
    json_writer out{text};
    write(out, value);
    return text;
}

std::string turn_json(message const& user_message, std::optional<message> const& reply) {
    std::string text;
    text.reserve(2048);
    json_writer out{text};
    out.begin_object();
    out.key("user_message");
    write(out, user_message);
    out.key("reply");
    if (reply) {
        write(out, *reply);
    } else {
        out.null();
    }
    out.end_object();
    return text;
}

}  // namespace parley::http
