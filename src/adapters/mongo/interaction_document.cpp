#include "adapters/mongo/interaction_document.hpp"

#include <algorithm>

namespace parley::mongo {
namespace {

constexpr std::int64_t pinned_flag = 1;
constexpr std::int64_t archived_flag = 2;

settings read_settings(bson_t const& from) {
    settings out;
    out.model_name = text_at(from, "model_name");
    out.role = parse_prompt_role(text_at(from, "role").value_or("")).value_or(prompt_role::system);
    out.prompt = text_at(from, "prompt");
    out.temperature = real_at(from, "temperature");
    out.top_p = real_at(from, "top_p");
    out.max_output_tokens = number_at(from, "max_output_tokens");
    out.seed = number_at(from, "seed");
    if (auto const stop = view_at(from, "stop")) {
        bson_iter_t at;
        bson_t const& members = *stop;
        bson_iter_init(&at, &members);
        while (bson_iter_next(&at)) {
            std::uint32_t size = 0;
            char const* const text = bson_iter_utf8(&at, &size);
            if (text != nullptr) out.stop.emplace_back(text, size);
        }
    }
    return out;
}

document settings_document(settings const& value) {
    array stop;
    for (auto const& one : value.stop) stop.push(std::string_view{one});
    document out;
    out.put("model_name", value.model_name)
        .put("role", to_text(value.role))
        .put("prompt", value.prompt)
        .put("temperature", value.temperature)
        .put("top_p", value.top_p)
        .put("max_output_tokens", value.max_output_tokens)
        .put("seed", value.seed);
    if (stop.size() > 0) out.put_array("stop", stop.members());
    return out;
}

claim read_claim(bson_t const& from) {
    return {.reply = id_at<message_id>(from, "reply").value_or(message_id{}),
            .asked = id_at<message_id>(from, "asked").value_or(message_id{}),
            .owner = id_at<process_id>(from, "owner").value_or(process_id{}),
            .adds = number_at(from, "adds").value_or(0),
            .counted = number_at(from, "counted").value_or(0)};
}

std::vector<fork> read_forks(bson_t const& from) {
    std::vector<fork> out;
    auto const members = view_at(from, "forks");
    if (!members) return out;
    for_each_document(*members, [&](bson_t const& one) {
        out.push_back({id_at<branch_id>(one, "id").value_or(branch_id{}),
                       id_at<branch_id>(one, "parent").value_or(branch_id{}),
                       number_at(one, "seq").value_or(0)});
    });
    return out;
}

}  // namespace

std::int64_t flags_of(bool pinned, bool archived) {
    return (pinned ? pinned_flag : 0) | (archived ? archived_flag : 0);
}

bool interaction_state::has_branch(branch_id const& id) const {
    return id == root || std::ranges::find(forks, id, &fork::id) != forks.end();
}

interaction_state read_interaction(bson_t const& from) {
    interaction_state out;
    auto& value = out.value;
    auto const flags = number_at(from, "flags").value_or(0);
    value.interaction_id = id_at<interaction_id>(from, "_id").value_or(interaction_id{});
    value.user_id = id_at<user_id>(from, "user").value_or(user_id{});
    value.pinned = (flags & pinned_flag) != 0;
    value.archived = (flags & archived_flag) != 0;
    value.created_at = time_at(from, "created").value_or(timestamp{});
    value.updated_at = time_at(from, "updated").value_or(timestamp{});
    value.last_message_at = time_at(from, "last_message").value_or(timestamp{});
    value.title = text_at(from, "title").value_or("");
    if (auto const members = view_at(from, "settings")) value.settings = read_settings(*members);
    value.metadata = attributes_at(from, "metadata");
    value.expires_at = time_at(from, "expires");
    value.version = number_at(from, "version").value_or(1);
    out.root = id_at<branch_id>(from, "root").value_or(branch_id{});
    value.active_branch = id_at<branch_id>(from, "active").value_or(out.root);
    out.forks = read_forks(from);
    out.last_seq = number_at(from, "last_seq").value_or(0);
    out.head = id_at<message_id>(from, "head");
    out.work = number_at(from, "work").value_or(idle);
    out.epoch = number_at(from, "epoch").value_or(0);
    out.patch = uuid_at(from, "patch");
    if (auto const turn = view_at(from, "turn"); turn && out.work == in_turn) out.turn = read_claim(*turn);
    value.message_count = number_at(from, "count").value_or(0) + (out.turn ? out.turn->counted : 0);
    return out;
}

document patchable_members(interaction const& value) {
    document out;
    out.put("title", value.title)
        .put("flags", flags_of(value.pinned, value.archived))
        .put("settings", settings_document(value.settings))
        .put_array("metadata", to_array(value.metadata).members())
        .put("expires", value.expires_at);
    return out;
}

document to_document(interaction const& value) {
    interaction_state fresh;
    fresh.value = value;
    fresh.root = value.active_branch;
    return to_document(fresh);
}

document to_document(interaction_state const& state) {
    auto const& value = state.value;
    array forks;
    for (auto const& one : state.forks) {
        forks.push(doc("id", one.id).put("parent", one.parent).put("seq", one.seq));
    }
    document out;
    out.put("_id", value.interaction_id)
        .put("user", value.user_id)
        .put("created", value.created_at)
        .put("updated", value.updated_at)
        .put("last_message", value.last_message_at)
        .add(patchable_members(value))
        .put("version", value.version)
        .put("root", state.root)
        .put("active", value.active_branch)
        .put_array("forks", forks.members())
        .put("last_seq", state.last_seq)
        .put("count", value.message_count)
        .put("head", state.head)
        .put("work", idle)
        .put("epoch", state.epoch);
    return out;
}

}  // namespace parley::mongo
