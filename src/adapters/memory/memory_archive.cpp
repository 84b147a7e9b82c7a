#include "adapters/memory/memory_archive.hpp"

#include "services/store_errors.hpp"

#include <algorithm>

namespace parley {

memory_archive::memory_archive(memory_store& store) : store_(store) {
    std::lock_guard const lock{store_.guard_};
    static_cast<void>(store_.purge(store_.conversations_.size(), earliest_timestamp));
}

std::optional<head_record> memory_archive::head_of(conversation const& in, branch_id const& branch) {
    auto const* const head = in.head_of(branch);
    if (head == nullptr) return std::nullopt;
    return head_record{head->message_id, head->seq};
}

interaction_record memory_archive::record_of(conversation const& in) {
    interaction_record out;
    out.value = in.value;
    out.root_branch = in.tree.root;
    out.root_head = head_of(in, in.tree.root);
    for (auto const& one : in.tree.forks) {
        out.forks.push_back({one.branch, one.parent, one.fork_seq, head_of(in, one.branch)});
    }
    out.waiting = in.waiting;
    if (!in.messages.empty()) out.last_seq = in.messages.back().seq;
    out.epoch = in.last_epoch;
    return out;
}

archive_counts memory_archive::counts() const {
    archive_counts out{static_cast<std::int64_t>(store_.users_.size()),
                       static_cast<std::int64_t>(store_.conversations_.size()), 0};
    for (auto const& [id, in] : store_.conversations_) {
        out.messages += static_cast<std::int64_t>(in.messages.size());
    }
    return out;
}

result<std::vector<user_record>> memory_archive::users_after(user_id last) {
    std::lock_guard const lock{store_.guard_};
    std::vector<user_record> out;
    for (auto at = store_.users_.upper_bound(last); at != store_.users_.end() && out.size() < archive_users;
         ++at) {
        auto& record = out.emplace_back(user_record{at->second, at->first == store_.local_});
        for (auto const& [name, user] : store_.names_) {
            if (user == at->first) record.names.push_back(name);
        }
        record.keys = store_.keys_of(at->first);
    }
    return out;
}

result<std::vector<conversation_part>> memory_archive::conversations_after(archive_position last) {
    std::lock_guard const lock{store_.guard_};
    auto const& all = store_.conversations_;
    auto at = last.seq ? all.find(last.interaction_id) : all.upper_bound(last.interaction_id);
    auto after_seq = last.seq.value_or(0);
    std::vector<conversation_part> out;
    page_budget budget;
    for (std::size_t room = archive_messages; at != all.end() && out.size() < archive_interactions; ++at) {
        conversation_part part{record_of(at->second), {}, true};
        for (auto const& one : at->second.messages) {
            if (one.seq <= after_seq) continue;
            part.is_last = room > 0 && budget.takes(text_bytes(one));
            if (!part.is_last) break;
            --room;
            part.messages.push_back(one);
        }
        after_seq = 0;
        if (part.is_last || !part.messages.empty()) out.push_back(std::move(part));
        if (out.empty() || !out.back().is_last || out.back().interaction.value.interaction_id != at->first) {
            break;
        }
    }
    return out;
}

result<std::vector<usage_record>> memory_archive::usage_after(std::optional<usage_key> last) {
    std::lock_guard const lock{store_.guard_};
    std::vector<usage_record> out;
    for (auto const& [user, sums] : store_.usage_) {
        for (auto& one : sums.in_order()) {
            usage_record record{user, std::move(one)};
            bool const behind = !last || *last < key_of(record);
            if (behind && out.size() < archive_usage) out.push_back(std::move(record));
        }
    }
    return out;
}

result<archive_counts> memory_archive::count() {
    std::lock_guard const lock{store_.guard_};
    return counts();
}

result<std::vector<active_turn>> memory_archive::active_turns(std::size_t limit) {
    std::lock_guard const lock{store_.guard_};
    std::vector<active_turn> out;
    for (auto const& [id, in] : store_.conversations_) {
        if (in.turn && out.size() < limit) out.push_back(*in.turn);
    }
    return out;
}

result<void> memory_archive::end_turn(active_turn seen, timestamp now) {
    std::lock_guard const lock{store_.guard_};
    static_cast<void>(store_.expire(seen, now));
    return {};
}

result<reception> memory_archive::receive_from(std::string const& source) {
    std::lock_guard const lock{store_.guard_};
    if (store_.received_ == source) return reception::resumed;
    if (store_.received_ || counts() != archive_counts{} || !store_.usage_.empty() ||
        !store_.deleted_.empty()) {
        return store_not_empty("The store in memory");
    }
    store_.received_ = source;
    return reception::fresh;
}

result<void> memory_archive::put_users(std::span<user_record const> values) {
    std::lock_guard const lock{store_.guard_};
    for (auto const& one : values) {
        store_.users_.try_emplace(one.value.user_id, one.value);
        if (one.is_local) store_.local_ = one.value.user_id;
        for (auto const& name : one.names) store_.names_.try_emplace(name, one.value.user_id);
        for (auto const& key : one.keys) store_.keys_.try_emplace(key.key_id, key);
    }
    return {};
}

result<void> memory_archive::put_conversations(std::span<conversation_part const> parts) {
    std::lock_guard const lock{store_.guard_};
    for (auto const& part : parts) {
        auto const& record = part.interaction;
        auto const [place, fresh] = store_.conversations_.try_emplace(record.value.interaction_id);
        auto& in = place->second;
        if (fresh) {
            in.value = record.value;
            in.tree.root = record.root_branch;
            for (auto const& fork : record.forks) {
                in.tree.forks.push_back({fork.branch, fork.parent, fork.fork_seq});
            }
            in.waiting = record.waiting;
            in.last_epoch = record.epoch;
        }
        for (auto const& one : part.messages) {
            if (in.find(one.message_id) != nullptr) continue;
            in.messages.push_back(one);
            in.epochs.push_back(0);
        }
    }
    return {};
}

result<void> memory_archive::put_usage(std::span<usage_record const> values) {
    std::lock_guard const lock{store_.guard_};
    for (auto const& one : values) store_.usage_[one.user_id].put(one.sums);
    return {};
}

result<void> memory_archive::remove_users(std::span<user_id const> ids) {
    std::lock_guard const lock{store_.guard_};
    for (auto const& id : ids) {
        store_.users_.erase(id);
        store_.usage_.erase(id);
        std::erase_if(store_.names_, [&id](auto const& one) { return one.second == id; });
        std::erase_if(store_.keys_, [&id](auto const& one) { return one.second.user_id == id; });
    }
    return {};
}

result<void> memory_archive::remove_conversations(std::span<interaction_id const> ids) {
    std::lock_guard const lock{store_.guard_};
    for (auto const& one : ids) store_.conversations_.erase(one);
    return {};
}

result<void> memory_archive::end_reception() {
    std::lock_guard const lock{store_.guard_};
    store_.received_.reset();
    return {};
}

}  // namespace parley
