#include "adapters/mongo/archive.hpp"
#include "adapters/mongo/interaction_document.hpp"
#include "adapters/mongo/key_document.hpp"
#include "adapters/mongo/message_document.hpp"
#include "adapters/mongo/name_document.hpp"
#include "adapters/mongo/user_document.hpp"

namespace parley::mongo {
namespace {

interaction_state state_of(interaction_record const& record) {
    interaction_state out;
    out.value = record.value;
    out.active = record.value.active_branch;
    std::size_t place = 0;
    auto const ends = [&out, &place](branch_id const& branch, std::optional<head_record> const& head) {
        auto const here = place++;
        if (!head) return;
        branch_head const end{head->message, head->seq};
        if (branch == out.active) {
            out.head = end;
        } else {
            out.left_heads.emplace(here, end);
        }
    };
    out.tree.root = record.root_branch;
    ends(record.root_branch, record.root_head);
    for (auto const& one : record.forks) {
        out.tree.forks.push_back({one.branch, one.parent, one.fork_seq});
        ends(one.branch, one.head);
    }
    out.last_seq = record.last_seq;
    out.epoch = record.epoch;
    out.queue = record.waiting;
    return out;
}

/// Nobody writes it; what it used is found under its user.
stored_message copied(message const& one, user_id const& owner) {
    stored_message out{.value = one};
    if (one.usage) out.lease = reply_lease{.user_id = owner, .owner = {}};
    return out;
}

template <class Id>
document those(char const* key, std::span<Id const> ids) {
    array all;
    for (auto const& one : ids) all.push(one);
    document among;
    among.put_array("$in", all.members());
    return doc(key, among);
}

}  // namespace

result<void> put_users(session& db, std::span<user_record const> values) {
    array documents;
    array local;
    array of_names;
    array of_keys;
    for (auto const& one : values) {
        auto const& value = one.value;
        documents.push(to_document(value));
        for (auto const& name : one.names) {
            of_names.push(to_document(name, value.user_id, value.created_at));
        }
        for (auto const& key : one.keys) of_keys.push(to_document(key));
        if (!one.is_local) continue;
        local.push(doc("_id", local_key).put("user", value.user_id).put("created", value.created_at));
    }
    if (auto done = db.insert_absent(users, documents); !done) return done;
    if (auto done = db.insert_absent(names, of_names); !done) return done;
    if (auto done = db.insert_absent(keys, of_keys); !done) return done;
    return db.insert_absent(schema_collection, local);
}

result<void> put_conversations(session& db, std::span<conversation_part const> parts) {
    array heads;
    array documents;
    for (auto const& part : parts) {
        heads.push(to_document(state_of(part.interaction)));
        auto const& owner = part.interaction.value.user_id;
        for (auto const& one : part.messages) documents.push(to_document(copied(one, owner)));
    }
    if (auto done = db.insert_absent(interactions, heads); !done) return done;
    return db.insert_absent(messages, documents);
}

result<void> remove_users(session& db, std::span<user_id const> ids) {
    for (char const* const collection : {keys, names, usage}) {
        if (auto const gone = db.delete_all(collection, those("user", ids)); !gone) {
            return std::unexpected(gone.error());
        }
    }
    if (auto const gone = db.delete_all(users, those("_id", ids)); !gone)
        return std::unexpected(gone.error());
    return {};
}

result<void> remove_conversations(session& db, std::span<interaction_id const> ids) {
    if (auto const gone = db.delete_all(messages, those("interaction", ids)); !gone) {
        return std::unexpected(gone.error());
    }
    if (auto const gone = db.delete_all(interactions, those("_id", ids)); !gone) {
        return std::unexpected(gone.error());
    }
    return {};
}

}  // namespace parley::mongo
