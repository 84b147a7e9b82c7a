#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/states.hpp"
#include "services/clock.hpp"
#include "services/keyset.hpp"

#include <algorithm>

namespace parley::mongo {
namespace {

constexpr int ascending_way = 1;
constexpr int descending_way = -1;

/// Those values of flags that the filter admits: each is a run of its own in the index, and the server merges
/// them.
document admitted_flags(interaction_query const& wanted) {
    array values;
    for (bool const pinned : {false, true}) {
        for (bool const archived : {false, true}) {
            if (wanted.pinned.value_or(pinned) == pinned && wanted.archived.value_or(archived) == archived) {
                values.push(flags_of(pinned, archived));
            }
        }
    }
    document out;
    return out.put_array("$in", values.members());
}

interaction_position position_in(interaction const& value, interaction_sort sort) {
    return {sort == interaction_sort::created_at ? value.created_at : value.last_message_at,
            value.interaction_id};
}

class list_scan {
public:
    list_scan(session& db, user_id const& user, interaction_query const& wanted)
        : db_(db),
          user_(user),
          wanted_(wanted),
          time_(wanted.sort == interaction_sort::created_at ? "created" : "last_message") {}

    result<std::vector<interaction>> operator()(bool ascending,
                                                std::optional<interaction_position> const& from,
                                                std::size_t limit) const {
        document filter;
        filter.put("user", user_).put("flags", admitted_flags(wanted_)).put("expires", unexpired_at(now_));
        if (from) add_beyond(filter, ascending, *from);
        int const way = ascending ? ascending_way : descending_way;
        find_options options;
        options.sort = doc(time_, way).put("_id", way);
        options.limit = static_cast<std::int64_t>(limit);
        options.where = read_from::preferred;
        options.projection =
            wanted_.ids_only ? doc(time_, 1) : doc("forks", 0).put("heads", 0).put("queue", 0);
        auto const found = db_.find(interactions, filter, options);
        if (!found) return std::unexpected(found.error());
        std::vector<interaction> out;
        out.reserve(found->size());
        for (auto const& one : *found) out.push_back(read_interaction(*one.get()).value);
        // One that was written while the server read may stand where it was before.
        std::ranges::sort(out, [&](interaction const& a, interaction const& b) {
            auto const first = position_in(a, wanted_.sort);
            auto const second = position_in(b, wanted_.sort);
            return ascending ? first < second : second < first;
        });
        return out;
    }

private:
    void add_beyond(document& filter, bool ascending, interaction_position const& from) const {
        char const* const beyond = ascending ? "$gt" : "$lt";
        char const* const at_or_beyond = ascending ? "$gte" : "$lte";
        array either;
        either.push(doc(time_, doc(beyond, from.at)))
            .push(doc(time_, from.at).put("_id", doc(beyond, from.interaction_id)));
        filter.put(time_, doc(at_or_beyond, from.at)).put_array("$or", either.members());
    }

    session& db_;
    user_id const& user_;
    interaction_query const& wanted_;
    char const* time_;
    timestamp now_ = system_clock{}.now();
};

}  // namespace

result<interaction> get_interaction::run(session& db) const {
    auto found = find_own_state(db, user_id, interaction_id, read_from::preferred);
    if (!found) return std::unexpected(found.error());
    return std::move(found->value);
}

result<void> probe::run(session& db) const {
    auto const answer = db.run(doc("ping", 1));
    if (!answer) return std::unexpected(answer.error().what);
    return {};
}

result<page<interaction>> list_interactions::run(session& db) const {
    return read_page<interaction>(
        query.page, list_scan{db, user_id, query},
        [sort = query.sort](interaction const& value) { return position_in(value, sort); },
        [this](interaction const& value) { return query.ids_only ? 0 : text_bytes(value); });
}

}  // namespace parley::mongo
