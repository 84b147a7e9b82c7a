#include "adapters/mongo/interaction_document.hpp"

#include "adapters/mongo/settings_document.hpp"

#include <algorithm>
#include <charconv>

namespace parley::mongo {
namespace {

constexpr std::int64_t pinned_flag = 1;
constexpr std::int64_t archived_flag = 2;

branch_head read_head(bson_t const& from, char const* message, char const* seq) {
    return {id_at<message_id>(from, message).value_or(message_id{}), number_at(from, seq).value_or(0)};
}

fork read_fork(bson_t const& from, branch_id const& branch) {
    return {branch, id_at<branch_id>(from, "parent").value_or(branch_id{}),
            number_at(from, "seq").value_or(0)};
}

claim read_claim(bson_t const& from) {
    claim out{.reply = id_at<message_id>(from, "reply").value_or(message_id{}),
              .asked = id_at<message_id>(from, "asked").value_or(message_id{}),
              .owner = id_at<process_id>(from, "owner").value_or(process_id{}),
              .adds = number_at(from, "adds").value_or(0),
              .counted = number_at(from, "counted").value_or(0),
              .branch = id_at<branch_id>(from, "branch")};
    auto const made = view_at(from, "fork");
    if (made && out.branch) out.fork = read_fork(*made, *out.branch);
    return out;
}

std::vector<fork> read_forks(bson_t const& from) {
    std::vector<fork> out;
    auto const members = view_at(from, "forks");
    if (!members) return out;
    for_each_document(*members, [&](bson_t const& one) {
        out.push_back(read_fork(one, id_at<branch_id>(one, "id").value_or(branch_id{})));
    });
    return out;
}

document head_document(branch_head const& value) {
    return doc("message", value.message).put("seq", value.seq);
}

std::string head_key(std::size_t place) { return "b" + std::to_string(place); }

/// In one pass: looking up each of a thousand would take a million steps.
std::map<std::size_t, branch_head> read_left_heads(bson_t const& from) {
    std::map<std::size_t, branch_head> out;
    auto const members = view_at(from, "heads");
    if (!members) return out;
    bson_t const& heads = *members;
    for_each_named_document(heads, [&](std::string_view key, bson_t const& one) {
        std::size_t place = 0;
        auto const read = std::from_chars(key.data() + 1, key.data() + key.size(), place);
        if (read.ec == std::errc{}) out.emplace(place, read_head(one, "message", "seq"));
    });
    return out;
}

std::vector<message_id> read_queue(bson_t const& from) {
    std::vector<message_id> out;
    auto const members = view_at(from, "queue");
    if (!members) return out;
    bson_t const& queue = *members;
    for_each_uuid(queue, [&](uuid_bytes const& one) { out.push_back({one}); });
    return out;
}

void read_branches(bson_t const& from, interaction_state& out) {
    out.tree.root = id_at<branch_id>(from, "root").value_or(branch_id{});
    out.tree.forks = read_forks(from);
    out.active = id_at<branch_id>(from, "active").value_or(out.tree.root);
    out.left_heads = read_left_heads(from);
    out.last_seq = number_at(from, "last_seq").value_or(0);
    if (auto const message = id_at<message_id>(from, "head")) {
        auto const seq = number_at(from, "head_seq").value_or(out.last_seq);
        out.head = {*message, out.tree.forks.empty() ? out.last_seq : seq};
    }
    out.value.active_branch = out.active;
    if (!out.turn) return;
    if (out.turn->fork) out.tree.forks.push_back(*out.turn->fork);
    out.value.active_branch = out.turn->branch.value_or(out.active);
}

}  // namespace

std::int64_t flags_of(bool pinned, bool archived) {
    return (pinned ? pinned_flag : 0) | (archived ? archived_flag : 0);
}

std::size_t interaction_state::place_of(branch_id const& branch) const {
    if (branch == tree.root) return 0;
    auto const found = std::ranges::find(tree.forks, branch, &fork::branch);
    return static_cast<std::size_t>(found - tree.forks.begin()) + 1;
}

std::optional<branch_head> interaction_state::head_of(branch_id const& branch) const {
    if (branch == active) return head;
    auto const found = left_heads.find(place_of(branch));
    return found == left_heads.end() ? std::nullopt : std::optional{found->second};
}

std::optional<message_id> interaction_state::busy_with() const {
    if (turn) return turn->reply;
    return queue.empty() ? std::nullopt : std::optional{queue.front()};
}

message interaction_state::shown(message one) const {
    one.sibling = tree.sibling_of(one);
    return one;
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
    out.work = number_at(from, "work").value_or(idle);
    out.epoch = number_at(from, "epoch").value_or(0);
    out.patch = uuid_at(from, "patch");
    out.queue = read_queue(from);
    if (auto const turn = view_at(from, "turn"); turn && out.work == in_turn) out.turn = read_claim(*turn);
    read_branches(from, out);
    value.message_count = number_at(from, "count").value_or(0) + (out.turn ? out.turn->counted : 0);
    return out;
}

document patchable_members(interaction const& value) {
    document out;
    out.put("title", value.title)
        .put("flags", flags_of(value.pinned, value.archived))
        .put("settings", to_document(value.settings))
        .put_array("metadata", to_array(value.metadata).members())
        .put("expires", value.expires_at);
    return out;
}

document to_document(fork const& value) {
    return doc("id", value.branch).put("parent", value.parent).put("seq", value.fork_seq);
}

document moved_to(interaction_state const& from, branch_id const& branch, branch_head const& head) {
    document out;
    out.put("head", head.message).put("head_seq", head.seq);
    if (branch == from.active) return out;
    out.put("active", branch);
    if (from.head) out.put("heads." + head_key(from.place_of(from.active)), head_document(*from.head));
    return out;
}

document to_document(interaction const& value) {
    interaction_state fresh;
    fresh.value = value;
    fresh.tree.root = value.active_branch;
    fresh.active = value.active_branch;
    return to_document(fresh);
}

document to_document(interaction_state const& state) {
    auto const& value = state.value;
    array forks;
    for (auto const& one : state.tree.forks) forks.push(to_document(one));
    document heads;
    for (auto const& [place, head] : state.left_heads) heads.put(head_key(place), head_document(head));
    array queue;
    for (auto const& one : state.queue) queue.push(one);
    document out;
    out.put("_id", value.interaction_id)
        .put("user", value.user_id)
        .put("created", value.created_at)
        .put("updated", value.updated_at)
        .put("last_message", value.last_message_at)
        .add(patchable_members(value))
        .put("version", value.version)
        .put("root", state.tree.root)
        .put("active", state.active)
        .put_array("forks", forks.members())
        .put("last_seq", state.last_seq)
        .put("count", value.message_count)
        .put("work", state.queue.empty() ? idle : waiting)
        .put("epoch", state.epoch);
    if (state.head) out.put("head", state.head->message).put("head_seq", state.head->seq);
    if (!heads.empty()) out.put("heads", heads);
    if (queue.size() > 0) out.put_array("queue", queue.members());
    return out;
}

}  // namespace parley::mongo
