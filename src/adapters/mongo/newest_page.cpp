#include "adapters/mongo/newest_page.hpp"

#include "adapters/mongo/states.hpp"
#include "services/clock.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

// Messages that are stored and not settled yet, of which there are few: those of a turn that comes to wait,
// and what a late writer left.
constexpr std::int64_t most_unsettled = 4;

/// The interaction without its long members, with its messages in an array. The server refuses that when they
/// are larger than a document can be.
array pipeline_of(page_of_branch const& wanted, std::int64_t messages_read) {
    document small;
    for (char const* const key : {"user", "work", "root", "active", "forks", "heads", "last_seq", "head",
                                  "head_seq", "epoch", "turn", "expires"}) {
        small.put(key, 1);
    }
    array of_messages;
    of_messages.push(doc("$match", doc("interaction", wanted.interaction_id)))
        .push(doc("$sort", doc("seq", wanted.query.page.order == page_order::ascending ? 1 : -1)))
        .push(doc("$limit", messages_read));
    document join;
    join.put("from", messages).put("let", document{}).put_array("pipeline", of_messages.members());
    join.put("as", "page");
    array out;
    out.push(doc("$match", doc("_id", wanted.interaction_id).put("user", wanted.user_id)))
        .push(doc("$project", small))
        .push(doc("$lookup", join));
    return out;
}

}  // namespace

result<newest> newest_page(session& db, page_of_branch const& wanted) {
    auto const& asked = wanted.query.page;
    if (asked.after || asked.before) return newest{};
    auto const limit = static_cast<std::int64_t>(asked.limit);
    auto const messages_read = limit + 1 + most_unsettled;
    auto const joined = db.aggregate(interactions, pipeline_of(wanted, messages_read));
    if (!joined) return std::unexpected(joined.error());
    if (!*joined) return newest{};
    if ((*joined)->empty()) return interaction_not_found();
    bson_t const& found = *(*joined)->front().get();
    auto in = read_interaction(found);
    if (in.work == removed || is_expired(in.value, system_clock{}.now())) return interaction_not_found();
    bool const all = wanted.query.all_branches;
    if (!all && wanted.query.branch && !in.tree.has(*wanted.query.branch)) return branch_not_found();
    if (!all && !in.tree.forks.empty()) return newest{std::move(in)};
    auto const joined_messages = view_at(found, "page");
    if (!joined_messages) return newest{std::move(in)};

    message_page out{{}, all ? branch_id{} : in.tree.root};
    out.data.reserve(asked.limit);
    std::int64_t read = 0;
    page_budget budget;
    for_each_document(*joined_messages, [&](bson_t const& one) {
        ++read;
        if (out.has_more) return;
        auto value = read_message(one).value;
        if (!is_visible(in, value)) return;
        out.has_more = out.data.size() == asked.limit || !budget.takes(text_bytes(value));
        if (!out.has_more) out.data.push_back(in.shown(std::move(value)));
    });
    // So many could not be shown that the page may have more that were not read.
    if (!out.has_more && read == messages_read) return newest{std::move(in)};
    return newest{std::move(out)};
}

}  // namespace parley::mongo
