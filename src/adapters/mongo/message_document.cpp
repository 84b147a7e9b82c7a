#include "adapters/mongo/message_document.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace parley::mongo {
namespace {

message_content read_content(bson_iter_t const& at) {
    auto const parts = view_of(at);
    if (!parts) return std::string{text_of(at).value_or("")};
    content_parts out;
    for_each_document(*parts, [&](bson_t const& part) {
        if (text_at(part, "type") == "image_url") {
            out.emplace_back(image_part{text_at(part, "url").value_or("")});
        } else {
            out.emplace_back(text_part{text_at(part, "text").value_or("")});
        }
    });
    return out;
}

void put_content(document& out, message_content const& content) {
    if (auto const* const text = std::get_if<std::string>(&content)) {
        out.put("content", *text);
        return;
    }
    array parts;
    for (auto const& part : std::get<content_parts>(content)) {
        if (auto const* const image = std::get_if<image_part>(&part)) {
            parts.push(doc("type", "image_url").put("url", image->url));
        } else {
            parts.push(doc("type", "text").put("text", std::get<text_part>(part).text));
        }
    }
    out.put_array("content", parts.members());
}

std::optional<std::string> copy_of(std::optional<std::string_view> text) {
    return text ? std::optional{std::string{*text}} : std::nullopt;
}

token_usage read_usage(bson_t const& from) {
    return {.input_tokens = number_at(from, "input").value_or(0),
            .cached_tokens = number_at(from, "cached").value_or(0),
            .output_tokens = number_at(from, "output").value_or(0),
            .estimated = flag_at(from, "estimated"),
            .cost = number_at(from, "cost")};
}

std::vector<tool_call> read_tool_calls(bson_t const& from) {
    std::vector<tool_call> out;
    for_each_document(from, [&](bson_t const& one) {
        out.push_back({text_at(one, "id").value_or(""), text_at(one, "name").value_or(""),
                       text_at(one, "arguments").value_or("")});
    });
    return out;
}

std::vector<attempt> read_attempts(bson_t const& from) {
    std::vector<attempt> out;
    for_each_document(from, [&](bson_t const& one) {
        out.push_back({text_at(one, "target").value_or(""), text_at(one, "outcome").value_or(""),
                       text_at(one, "message").value_or(""), number_at(one, "duration").value_or(0)});
    });
    return out;
}

turn_timings read_timings(bson_t const& from) {
    return {.queued_ms = number_at(from, "queued").value_or(0),
            .time_to_first_token_ms = number_at(from, "first"),
            .duration_ms = number_at(from, "duration").value_or(0)};
}

message_error read_error(bson_t const& from) {
    return {text_at(from, "code").value_or(""), text_at(from, "message").value_or("")};
}

reply_lease read_lease(bson_t const& from) {
    return {.user_id = id_at<user_id>(from, "user").value_or(user_id{}),
            .owner = id_at<process_id>(from, "owner").value_or(process_id{}),
            .epoch = number_at(from, "epoch").value_or(0),
            .adds = number_at(from, "adds").value_or(0),
            .counted = number_at(from, "counted").value_or(0)};
}

made_branch read_made(bson_t const& from) {
    fork const left{.branch = {},
                    .parent = id_at<branch_id>(from, "parent").value_or(branch_id{}),
                    .fork_seq = number_at(from, "seq").value_or(0)};
    return {left, id_at<branch_id>(from, "root").value_or(branch_id{})};
}

// Until it is read.
constexpr std::int64_t no_parent_seq = -1;

/// How a member is read. They stand in the order in which documents have them.
struct member {
    std::string_view key;
    void (*read)(bson_iter_t const& at, stored_message& out);
};
using place = bson_iter_t const&;
constexpr std::array<member, 24> members{{
    {"_id", [](place at, auto& out) { out.value.message_id = id_of<message_id>(at).value_or(message_id{}); }},
    {"interaction",
     [](place at, auto& out) {
         out.value.interaction_id = id_of<interaction_id>(at).value_or(interaction_id{});
     }},
    {"seq", [](place at, auto& out) { out.value.seq = number_of(at).value_or(0); }},
    {"branch", [](place at, auto& out) { out.value.branch_id = id_of<branch_id>(at).value_or(branch_id{}); }},
    {"parent", [](place at, auto& out) { out.value.parent_id = id_of<message_id>(at); }},
    {"created", [](place at, auto& out) { out.value.created_at = time_of(at).value_or(timestamp{}); }},
    {"role",
     [](place at, auto& out) {
         out.value.role = parse_message_role(text_of(at).value_or("")).value_or(message_role::user);
     }},
    {"model", [](place at, auto& out) { out.value.model_name = copy_of(text_of(at)); }},
    {"transformed", [](place at, auto& out) { out.value.transformed_content = copy_of(text_of(at)); }},
    {"metadata", [](place at, auto& out) { out.value.metadata = attributes_of(at); }},
    {"parent_seq", [](place at, auto& out) { out.value.parent_seq = number_of(at).value_or(no_parent_seq); }},
    {"fork",
     [](place at, auto& out) {
         if (auto const made = view_of(at)) out.made = read_made(*made);
     }},
    {"lease",
     [](place at, auto& out) {
         if (auto const lease = view_of(at)) out.lease = read_lease(*lease);
     }},
    {"progress", [](place at, auto& out) { out.progress = number_of(at).value_or(0); }},
    {"status",
     [](place at, auto& out) {
         out.value.status = parse_message_status(text_of(at).value_or("")).value_or(message_status::complete);
     }},
    {"content", [](place at, auto& out) { out.value.content = read_content(at); }},
    {"finish",
     [](place at, auto& out) { out.value.finish_reason = parse_finish_reason(text_of(at).value_or("")); }},
    {"usage",
     [](place at, auto& out) {
         if (auto const usage = view_of(at)) out.value.usage = read_usage(*usage);
     }},
    {"timings",
     [](place at, auto& out) {
         if (auto const timings = view_of(at)) out.value.timings = read_timings(*timings);
     }},
    {"error",
     [](place at, auto& out) {
         if (auto const why = view_of(at)) out.value.error = read_error(*why);
     }},
    {"tool_calls",
     [](place at, auto& out) {
         if (auto const calls = view_of(at)) out.value.tool_calls = read_tool_calls(*calls);
     }},
    {"reasoning", [](place at, auto& out) { out.value.reasoning = copy_of(text_of(at)); }},
    {"attempts",
     [](place at, auto& out) {
         if (auto const attempts = view_of(at)) out.value.attempts = read_attempts(*attempts);
     }},
    {"tool_call_id", [](place at, auto& out) { out.value.tool_call_id = copy_of(text_of(at)); }},
}};

/// What a model asked for and how it came to it; most replies have none of it.
void put_made(document& out, message const& value) {
    if (!value.tool_calls.empty()) {
        array calls;
        for (auto const& one : value.tool_calls) {
            calls.push(doc("id", std::string_view{one.id})
                           .put("name", std::string_view{one.name})
                           .put("arguments", std::string_view{one.arguments}));
        }
        out.put_array("tool_calls", calls.members());
    }
    out.put("reasoning", value.reasoning);
    if (!value.attempts.empty()) {
        array attempts;
        for (auto const& one : value.attempts) {
            attempts.push(doc("target", std::string_view{one.target})
                              .put("outcome", std::string_view{one.outcome})
                              .put("message", std::string_view{one.message})
                              .put("duration", one.duration_ms));
        }
        out.put_array("attempts", attempts.members());
    }
}

}  // namespace

bool is_counted(message_role role) { return role == message_role::user || role == message_role::assistant; }

stored_message read_message(bson_t const& from) {
    stored_message out;
    out.value.parent_seq = no_parent_seq;
    bson_iter_t at;
    if (!bson_iter_init(&at, &from)) return out;
    // The next one is mostly the one behind the last: a page reads a thousand of them.
    auto next = members.begin();
    while (bson_iter_next(&at)) {
        std::string_view const key{bson_iter_key(&at), bson_iter_key_len(&at)};
        auto found = std::ranges::find(next, members.end(), key, &member::key);
        if (found == members.end()) found = std::ranges::find(members, key, &member::key);
        if (found == members.end()) continue;
        found->read(at, out);
        next = std::next(found);
    }
    if (out.value.parent_seq == no_parent_seq) out.value.parent_seq = out.value.seq - 1;
    if (out.made) out.made->fork.branch = out.value.branch_id;
    return out;
}

document ended_members(message const& value) {
    document out;
    out.put("status", to_text(value.status));
    put_content(out, value.content);
    if (value.finish_reason) out.put("finish", to_text(*value.finish_reason));
    if (value.usage) {
        document usage;
        usage.put("input", value.usage->input_tokens)
            .put("cached", value.usage->cached_tokens)
            .put("output", value.usage->output_tokens)
            .put("estimated", value.usage->estimated)
            .put("cost", value.usage->cost);
        out.put("usage", usage);
    }
    if (value.timings) {
        document timings;
        timings.put("queued", value.timings->queued_ms)
            .put("first", value.timings->time_to_first_token_ms)
            .put("duration", value.timings->duration_ms);
        out.put("timings", timings);
    }
    if (value.error) {
        out.put("error", doc("code", value.error->code).put("message", value.error->message));
    }
    put_made(out, value);
    return out;
}

document to_document(reply_lease const& lease) {
    return doc("user", lease.user_id)
        .put("owner", lease.owner)
        .put("epoch", lease.epoch)
        .put("adds", lease.adds)
        .put("counted", lease.counted);
}

document to_document(stored_message const& from) {
    auto const& value = from.value;
    document out;
    out.put("_id", value.message_id)
        .put("interaction", value.interaction_id)
        .put("seq", value.seq)
        .put("branch", value.branch_id)
        .put("parent", value.parent_id)
        .put("created", value.created_at)
        .put("role", to_text(value.role))
        .put("model", value.model_name)
        .put("transformed", value.transformed_content)
        .put_array("metadata", to_array(value.metadata).members());
    if (value.parent_seq != value.seq - 1) out.put("parent_seq", value.parent_seq);
    if (from.made) {
        auto const& fork = from.made->fork;
        out.put("fork", doc("root", from.made->root).put("parent", fork.parent).put("seq", fork.fork_seq));
    }
    if (from.lease) out.put("lease", to_document(*from.lease)).put("progress", 0);
    out.add(ended_members(value)).put("tool_call_id", value.tool_call_id);
    return out;
}

}  // namespace parley::mongo
