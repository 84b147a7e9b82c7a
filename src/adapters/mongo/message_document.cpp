#include "adapters/mongo/message_document.hpp"

namespace parley::mongo {
namespace {

message_content read_content(bson_t const& from) {
    auto const parts = view_at(from, "content");
    if (!parts) return text_at(from, "content").value_or("");
    content_parts out;
    for_each_document(*parts,
                      [&](bson_t const& part) { out.push_back({text_at(part, "text").value_or("")}); });
    return out;
}

void put_content(document& out, message_content const& content) {
    if (auto const* const text = std::get_if<std::string>(&content)) {
        out.put("content", *text);
        return;
    }
    array parts;
    for (auto const& part : std::get<content_parts>(content)) {
        parts.push(doc("type", "text").put("text", part.text));
    }
    out.put_array("content", parts.members());
}

void read_outcome(bson_t const& from, message& value) {
    value.model_name = text_at(from, "model");
    value.finish_reason = parse_finish_reason(text_at(from, "finish").value_or(""));
    if (auto const usage = view_at(from, "usage")) {
        value.usage = token_usage{.input_tokens = number_at(*usage, "input").value_or(0),
                                  .cached_tokens = number_at(*usage, "cached").value_or(0),
                                  .output_tokens = number_at(*usage, "output").value_or(0),
                                  .estimated = flag_at(*usage, "estimated")};
    }
    if (auto const timings = view_at(from, "timings")) {
        value.timings = turn_timings{.queued_ms = number_at(*timings, "queued").value_or(0),
                                     .time_to_first_token_ms = number_at(*timings, "first"),
                                     .duration_ms = number_at(*timings, "duration").value_or(0)};
    }
    if (auto const why = view_at(from, "error")) {
        value.error =
            message_error{text_at(*why, "code").value_or(""), text_at(*why, "message").value_or("")};
    }
}

reply_lease read_lease(bson_t const& from) {
    return {.user_id = id_at<user_id>(from, "user").value_or(user_id{}),
            .owner = id_at<process_id>(from, "owner").value_or(process_id{}),
            .epoch = number_at(from, "epoch").value_or(0),
            .adds = number_at(from, "adds").value_or(0),
            .counted = number_at(from, "counted").value_or(0)};
}

}  // namespace

bool is_counted(message_role role) { return role == message_role::user || role == message_role::assistant; }

stored_message read_message(bson_t const& from) {
    stored_message out;
    auto& value = out.value;
    value.message_id = id_at<message_id>(from, "_id").value_or(message_id{});
    value.interaction_id = id_at<interaction_id>(from, "interaction").value_or(interaction_id{});
    value.seq = number_at(from, "seq").value_or(0);
    value.branch_id = id_at<branch_id>(from, "branch").value_or(branch_id{});
    value.parent_id = id_at<message_id>(from, "parent");
    value.created_at = time_at(from, "created").value_or(timestamp{});
    value.role = parse_message_role(text_at(from, "role").value_or("")).value_or(message_role::user);
    value.status =
        parse_message_status(text_at(from, "status").value_or("")).value_or(message_status::complete);
    value.content = read_content(from);
    value.transformed_content = text_at(from, "transformed");
    value.metadata = attributes_at(from, "metadata");
    if (value.role == message_role::assistant) read_outcome(from, value);
    if (auto const lease = view_at(from, "lease")) out.lease = read_lease(*lease);
    out.progress = number_at(from, "progress").value_or(0);
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
            .put("estimated", value.usage->estimated);
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
    return out;
}

document to_document(message const& value, std::optional<reply_lease> const& lease) {
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
    if (lease) {
        document held;
        held.put("user", lease->user_id)
            .put("owner", lease->owner)
            .put("epoch", lease->epoch)
            .put("adds", lease->adds)
            .put("counted", lease->counted);
        out.put("lease", held).put("progress", 0);
    }
    out.add(ended_members(value));
    return out;
}

}  // namespace parley::mongo
