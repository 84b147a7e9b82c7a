#include "adapters/mongo/archive.hpp"
#include "adapters/mongo/interaction_document.hpp"
#include "adapters/mongo/message_document.hpp"
#include "adapters/mongo/states.hpp"
#include "adapters/mongo/user_document.hpp"

#include <iterator>
#include <set>
#include <utility>

namespace parley::mongo {
namespace {

/// Of the root, then of the forks in their order: see interaction_state::place_of.
std::optional<head_record> head_at(interaction_state const& state, branch_id const& branch,
                                   std::size_t place) {
    auto const record = [](branch_head const& head) { return head_record{head.message, head.seq}; };
    if (branch == state.active) return state.head.transform(record);
    auto const found = state.left_heads.find(place);
    return found == state.left_heads.end() ? std::nullopt : std::optional{record(found->second)};
}

conversation_part part_of(interaction_state state) {
    conversation_part out;
    auto& record = out.interaction;
    record.root_branch = state.tree.root;
    std::size_t place = 0;
    record.root_head = head_at(state, state.tree.root, place);
    for (auto const& one : state.tree.forks) {
        record.forks.push_back({one.branch, one.parent, one.fork_seq, head_at(state, one.branch, ++place)});
    }
    record.value = std::move(state.value);
    record.waiting = std::move(state.queue);
    record.last_seq = state.last_seq;
    record.epoch = state.epoch;
    return out;
}

/// One that was withdrawn is left among those that wait when its process died in between.
result<void> leave_out_withdrawn(session& db, std::vector<conversation_part>& parts) {
    array ids;
    for (auto const& part : parts) {
        for (auto const& one : part.interaction.waiting) ids.push(one);
    }
    if (ids.size() == 0) return {};
    document among;
    among.put_array("$in", ids.members());
    find_options options;
    options.limit = static_cast<std::int64_t>(ids.size());
    options.projection = doc("_id", 1);
    auto const filter = doc("_id", among).put("status", to_text(message_status::queued));
    auto const found = db.find(messages, filter, options);
    if (!found) return std::unexpected(found.error());
    std::set<message_id> waits;
    for (auto const& one : *found) waits.insert(id_at<message_id>(*one.get(), "_id").value_or(message_id{}));
    for (auto& part : parts) {
        std::erase_if(part.interaction.waiting, [&](message_id const& one) { return !waits.contains(one); });
    }
    return {};
}

/// The interactions of a batch, without their messages.
result<std::vector<conversation_part>> heads_after(session& db, archive_position const& last) {
    document filter;
    find_options options;
    if (last.seq) {
        filter.put("_id", last.interaction_id);
    } else {
        filter.put("_id", doc("$gt", last.interaction_id));
        options.limit = static_cast<std::int64_t>(archive_interactions);
    }
    filter.put("work", still_there());
    options.sort = doc("_id", 1);
    options.most_bytes = page_bytes;
    auto const found = db.find(interactions, filter, options);
    if (!found) return std::unexpected(found.error());
    std::vector<conversation_part> out;
    for (auto const& one : *found) out.push_back(part_of(read_interaction(*one.get())));
    return out;
}

struct message_run {
    std::vector<message> data;
    bool is_cut = false;  // there may be more
};

/// The messages of all these, in order.
result<message_run> messages_of(session& db, std::vector<conversation_part> const& parts,
                                std::int64_t after_seq) {
    array ids;
    for (auto const& part : parts) ids.push(part.interaction.value.interaction_id);
    document among;
    among.put_array("$in", ids.members());
    document filter;
    filter.put("interaction", among).put("seq", doc("$gt", after_seq));
    find_options options;
    options.sort = doc("interaction", 1).put("seq", 1);
    options.limit = static_cast<std::int64_t>(archive_messages);
    options.most_bytes = page_bytes;
    auto const found = db.find(messages, filter, options);
    if (!found) return std::unexpected(found.error());
    message_run out;
    std::size_t bytes = 0;
    for (auto const& one : *found) {
        bytes += one.get()->len;
        out.data.push_back(read_message(*one.get()).value);
    }
    out.is_cut = found->size() == archive_messages || bytes > page_bytes;
    return out;
}

/// Puts each message to its interaction. Where the run was cut the batch ends with it.
void deal_out(message_run run, std::vector<conversation_part>& parts) {
    auto at = run.data.begin();
    auto kept = parts.begin();
    for (; kept != parts.end(); ++kept) {
        auto const& record = kept->interaction;
        std::int64_t seen = 0;
        for (; at != run.data.end() && at->interaction_id == record.value.interaction_id; ++at) {
            seen = at->seq;
            // What lies behind was never acknowledged.
            if (seen <= record.last_seq) kept->messages.push_back(std::move(*at));
        }
        if (run.is_cut && at == run.data.end()) {
            kept->is_last = seen >= record.last_seq;
            parts.erase(std::next(kept), parts.end());
            return;
        }
    }
}

}  // namespace

result<std::vector<conversation_part>> conversations_after(session& db, archive_position const& last) {
    auto parts = heads_after(db, last);
    if (!parts || parts->empty()) return parts;
    if (auto const done = leave_out_withdrawn(db, *parts); !done) return std::unexpected(done.error());
    auto run = messages_of(db, *parts, last.seq.value_or(0));
    if (!run) return std::unexpected(run.error());
    deal_out(std::move(*run), *parts);
    return parts;
}

result<archive_counts> count_all(session& db) {
    auto const of_users = db.count(users, doc("deleted", undeleted()));
    if (!of_users) return std::unexpected(of_users.error());
    auto const of_interactions = db.count(interactions, doc("work", still_there()));
    if (!of_interactions) return std::unexpected(of_interactions.error());
    auto const of_messages = db.count(messages, {});
    if (!of_messages) return std::unexpected(of_messages.error());
    return archive_counts{*of_users, *of_interactions, *of_messages};
}

result<bool> is_empty(session& db) {
    for (char const* const collection : {users, keys, names, interactions, messages, usage}) {
        auto const one = db.find_one(collection, {});
        if (!one) return std::unexpected(one.error());
        if (*one) return false;
    }
    auto const local = db.find_one(schema_collection, doc("_id", local_key));
    if (!local) return std::unexpected(local.error());
    return !*local;
}

}  // namespace parley::mongo
