#include "adapters/memory/memory_store.hpp"

#include "adapters/memory/memory_scan.hpp"
#include "services/clock.hpp"
#include "services/keyset.hpp"
#include "services/store_errors.hpp"

#include <algorithm>
#include <iterator>

namespace parley {
namespace {

bool is_counted(message_role role) { return role == message_role::user || role == message_role::assistant; }

auto const seq_of = [](message const& value) { return value.seq; };

}  // namespace

message* memory_store::conversation::find(message_id const& id) {
    auto const found = std::ranges::find(messages, id, &message::message_id);
    return found == messages.end() ? nullptr : &*found;
}

message const* memory_store::conversation::head_of(branch_id const& branch) const {
    auto const found = std::find_if(messages.rbegin(), messages.rend(),
                                    [&](message const& one) { return one.branch_id == branch; });
    return found == messages.rend() ? nullptr : &*found;
}

result<memory_store::conversation::spot> memory_store::conversation::find_spot(message_place const& place,
                                                                               branch_id const& fork_id) {
    if (!place) return spot{value.active_branch, {}, head_of(value.active_branch)};
    message const* parent = nullptr;
    if (*place) {
        parent = find(**place);
        if (parent == nullptr) return parent_not_found();
        if (head_of(parent->branch_id) == parent) return spot{parent->branch_id, {}, parent};
    } else if (messages.empty()) {
        return spot{tree.root};
    }
    if (tree.forks.size() >= limits::forks) return too_many_branches();
    auto const from = parent == nullptr ? tree.root : parent->branch_id;
    return spot{fork_id, fork{fork_id, from, parent == nullptr ? 0 : parent->seq}, parent};
}

bool memory_store::conversation::is_end(message_place const& place) const {
    if (!place) return true;
    auto const* const head = head_of(value.active_branch);
    return *place && head != nullptr && head->message_id == **place;
}

std::optional<message_id> memory_store::conversation::busy_with() const {
    if (turn) return turn->lease.reply_id;
    return waiting.empty() ? std::nullopt : std::optional{waiting.front()};
}

message memory_store::conversation::shown(message one) const {
    one.sibling = tree.sibling_of(one);
    return one;
}

message& memory_store::conversation::append(spot const& at, message draft, std::int64_t epoch,
                                            timestamp now) {
    draft.interaction_id = value.interaction_id;
    draft.branch_id = at.branch;
    draft.seq = static_cast<std::int64_t>(messages.size()) + 1;
    draft.created_at = now;
    if (at.parent != nullptr) {
        draft.parent_id = at.parent->message_id;
        draft.parent_seq = at.parent->seq;
    }
    if (at.made) tree.forks.push_back(*at.made);
    value.active_branch = at.branch;
    if (is_counted(draft.role)) ++value.message_count;
    value.updated_at = std::max(value.updated_at, now);
    value.last_message_at = std::max(value.last_message_at, now);
    epochs.push_back(epoch);
    return messages.emplace_back(std::move(draft));
}

memory_store::conversation* memory_store::find(user_id const& user, interaction_id const& id) {
    auto const found = conversations_.find(id);
    return found == conversations_.end() || found->second.value.user_id != user ? nullptr : &found->second;
}

memory_store::conversation* memory_store::find_unexpired(user_id const& user, interaction_id const& id) {
    auto* const in = find(user, id);
    return in == nullptr || is_expired(in->value, system_clock{}.now()) ? nullptr : in;
}

memory_store::conversation* memory_store::find_current(turn_lease const& lease) {
    auto* const in = find(lease.user_id, lease.interaction_id);
    return in != nullptr && in->turn && in->turn->lease == lease ? in : nullptr;
}

bool memory_store::is_taken(message_id const& id) const {
    return std::ranges::any_of(conversations_, [&](auto const& entry) {
        return std::ranges::find(entry.second.messages, id, &message::message_id) !=
               entry.second.messages.end();
    });
}

void memory_store::remove(interaction_id const& id) {
    std::erase_if(requests_, [&](auto const& entry) { return entry.second.request.interaction_id == id; });
    conversations_.erase(id);
}

task<result<void>> memory_store::create_interaction(interaction value) {
    std::lock_guard const lock{guard_};
    auto const id = value.interaction_id;
    branch_tree const tree{value.active_branch, {}};
    bool const inserted =
        conversations_.try_emplace(id, conversation{.value = std::move(value), .tree = tree}).second;
    if (!inserted) co_return interaction_exists();
    co_return result<void>{};
}

task<result<interaction>> memory_store::get_interaction(user_id user, interaction_id id) {
    std::lock_guard const lock{guard_};
    auto const* const in = find_unexpired(user, id);
    if (in == nullptr) co_return interaction_not_found();
    co_return in->value;
}

task<result<page<interaction>>> memory_store::list_interactions(user_id user, interaction_query query) {
    auto const position_of = [sort = query.sort](interaction const& value) {
        return interaction_position{
            sort == interaction_sort::created_at ? value.created_at : value.last_message_at,
            value.interaction_id};
    };
    auto const now = system_clock{}.now();
    std::vector<interaction> all;
    {
        std::lock_guard const lock{guard_};
        for (auto const& [id, in] : conversations_) {
            auto const& value = in.value;
            if (value.user_id == user && !is_expired(value, now) &&
                query.archived.value_or(value.archived) == value.archived &&
                query.pinned.value_or(value.pinned) == value.pinned) {
                all.push_back(value);
            }
        }
    }
    std::ranges::sort(all, {}, position_of);
    co_return read_page<interaction>(
        query.page, scan_of(all, position_of), position_of,
        [&query](interaction const& value) { return query.ids_only ? 0 : text_bytes(value); });
}

task<result<interaction>> memory_store::update_interaction(user_id user, interaction_id id,
                                                           interaction_patch patch,
                                                           std::optional<std::int64_t> if_version,
                                                           timestamp now) {
    std::lock_guard const lock{guard_};
    auto* const in = find_unexpired(user, id);
    if (in == nullptr) co_return interaction_not_found();
    if (if_version && *if_version != in->value.version) co_return version_mismatch();
    if (patch.active_branch && *patch.active_branch != in->value.active_branch) {
        if (!in->tree.has(*patch.active_branch)) co_return branch_not_found("active_branch");
        if (auto const busy = in->busy_with()) co_return turn_in_progress(*busy);
    }
    auto after = apply(patch, in->value, now);
    auto unchanged = after;
    unchanged.version = in->value.version;
    unchanged.updated_at = in->value.updated_at;
    if (unchanged != in->value) in->value = std::move(after);
    co_return in->value;
}

task<result<std::optional<interaction>>> memory_store::suggest_title(user_id user, interaction_id id,
                                                                     std::string title, timestamp now) {
    std::lock_guard const lock{guard_};
    auto* const in = find_unexpired(user, id);
    if (in == nullptr) co_return interaction_not_found();
    if (!in->value.title.empty()) co_return std::optional<interaction>{};
    in->value = apply({.title = std::move(title)}, in->value, now);
    co_return std::optional{in->value};
}

task<result<void>> memory_store::delete_interaction(user_id user, interaction_id id,
                                                    std::optional<std::int64_t> if_version) {
    std::lock_guard const lock{guard_};
    auto const* const in = find_unexpired(user, id);
    if (in == nullptr) co_return interaction_not_found();
    if (if_version && *if_version != in->value.version) co_return version_mismatch();
    remove(id);
    co_return result<void>{};
}

task<result<std::size_t>> memory_store::delete_expired(timestamp now, std::size_t limit) {
    std::lock_guard const lock{guard_};
    std::vector<interaction_id> expired;
    for (auto const& [id, in] : conversations_) {
        if (expired.size() < limit && is_expired(in.value, now)) expired.push_back(id);
    }
    for (auto const& id : expired) remove(id);
    co_return expired.size();
}

task<result<message>> memory_store::add_message(message_addition addition) {
    std::lock_guard const lock{guard_};
    auto* const in = find_unexpired(addition.user_id, addition.interaction_id);
    if (in == nullptr) co_return interaction_not_found();
    if (auto const* const stored = in->find(addition.message_id)) co_return in->shown(*stored);
    if (is_outdated(addition.seen, std::ssize(in->messages))) co_return newer_messages();
    if (auto const busy = in->busy_with()) co_return turn_in_progress(*busy);
    if (is_taken(addition.message_id)) co_return message_exists();
    auto const spot = in->find_spot(addition.place, addition.fork);
    if (!spot) co_return std::unexpected(spot.error());
    message fresh;
    fresh.message_id = addition.message_id;
    fresh.role = addition.message.role;
    fresh.content = std::move(addition.message.content);
    fresh.metadata = std::move(addition.message.metadata);
    fresh.tool_call_id = std::move(addition.message.tool_call_id);
    fresh.transformed_content = std::move(addition.transformed_content);
    co_return in->shown(in->append(*spot, std::move(fresh), 0, addition.now));
}

task<result<message>> memory_store::get_message(user_id user, interaction_id interaction, message_id id) {
    std::lock_guard const lock{guard_};
    auto* const in = find_unexpired(user, interaction);
    if (in == nullptr) co_return interaction_not_found();
    auto const* const found = in->find(id);
    if (found == nullptr) co_return message_not_found();
    co_return in->shown(*found);
}

task<result<message>> memory_store::get_sibling(user_id user, interaction_id interaction, message_id id,
                                                std::int64_t index) {
    std::lock_guard const lock{guard_};
    auto* const in = find_unexpired(user, interaction);
    if (in == nullptr) co_return interaction_not_found();
    auto const* const named = in->find(id);
    if (named == nullptr) co_return message_not_found();
    for (auto const& one : in->messages) {
        if (one.parent_id != named->parent_id) continue;
        auto shown = in->shown(one);
        if (shown.sibling.index == index) co_return shown;
    }
    co_return message_not_found();
}

task<result<message_page>> memory_store::page_of_branch(user_id user, interaction_id id,
                                                        message_query query) {
    std::lock_guard const lock{guard_};
    auto const* const in = find_unexpired(user, id);
    if (in == nullptr) co_return interaction_not_found();
    auto const branch = query.all_branches ? branch_id{} : query.branch.value_or(in->value.active_branch);
    auto const path = in->tree.path_of(query.all_branches ? in->tree.root : branch, std::ssize(in->messages));
    if (!path) co_return branch_not_found();
    std::vector<message> visible;
    for (auto const& one : in->messages) {
        bool const on_path = std::ranges::any_of(*path, [&](branch_run const& run) {
            return run.branch == one.branch_id && run.first_seq <= one.seq && one.seq <= run.last_seq;
        });
        if (query.all_branches || on_path) visible.push_back(in->shown(one));
    }
    auto found = read_page<message>(query.page, scan_of(visible, seq_of), seq_of,
                                    [](message const& value) { return text_bytes(value); });
    if (!found) co_return std::unexpected(found.error());
    co_return message_page{std::move(*found), branch};
}

task<result<void>> memory_store::ping() { co_return result<void>{}; }

}  // namespace parley
