#include "adapters/sqlite/branch_rows.hpp"
#include "adapters/sqlite/reads.hpp"
#include "services/clock.hpp"
#include "services/keyset.hpp"
#include "services/store_errors.hpp"

#include <algorithm>
#include <limits>

namespace parley::sqlite {
namespace {

/// An interaction's place in a list, as the index knows it.
struct list_entry {
    interaction_position position;
    std::int64_t key = 0;
};

constexpr interaction_position first_position{timestamp{std::chrono::milliseconds::min()}, {}};
constexpr interaction_position last_position{
    timestamp{std::chrono::milliseconds::max()},
    {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}};

statement list_statement(interaction_sort sort, bool ascending) {
    if (sort == interaction_sort::created_at) {
        return ascending ? statement::list_by_creation_ascending : statement::list_by_creation_descending;
    }
    return ascending ? statement::list_by_last_message_ascending : statement::list_by_last_message_descending;
}

/// Each value of flags is a list of its own in the index; a page is merged from those the filter admits.
class list_scan {
public:
    list_scan(connection& db, user_id const& user, interaction_query const& wanted)
        : db_(db),
          user_(user),
          wanted_(wanted) {}

    result<std::vector<list_entry>> operator()(bool ascending,
                                               std::optional<interaction_position> const& from,
                                               std::size_t limit) const {
        auto const start = from.value_or(ascending ? first_position : last_position);
        std::vector<list_entry> found;
        for (bool const pinned : {false, true}) {
            for (bool const archived : {false, true}) {
                if (wanted_.pinned.value_or(pinned) != pinned ||
                    wanted_.archived.value_or(archived) != archived) {
                    continue;
                }
                if (auto ok = add(flags_of(pinned, archived), ascending, start, limit, found); !ok) {
                    return std::unexpected(ok.error());
                }
            }
        }
        std::ranges::sort(found, [ascending](list_entry const& a, list_entry const& b) {
            return ascending ? a.position < b.position : b.position < a.position;
        });
        if (found.size() > limit) found.resize(limit);
        return found;
    }

private:
    result<void> add(std::int64_t flags, bool ascending, interaction_position const& start, std::size_t limit,
                     std::vector<list_entry>& found) const {
        query list{db_, list_statement(wanted_.sort, ascending)};
        list.bind(user_)
            .bind(flags)
            .bind(start.at)
            .bind(start.interaction_id)
            .bind(static_cast<std::int64_t>(limit))
            .bind(now_);
        for (;;) {
            auto const row = list.step();
            if (!row) return std::unexpected(row.error());
            if (!*row) return {};
            found.push_back({{list.time(0), list.id_at<interaction_id>(1)}, list.number(2)});
        }
    }

    connection& db_;
    user_id const& user_;
    interaction_query const& wanted_;
    timestamp now_ = system_clock{}.now();
};

result<interaction_row> read_found(connection& db, query& find) {
    auto const found = find.step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return interaction_not_found();
    auto row = read_interaction(find);
    if (row.active_fork) {
        auto const active = id_of_branch(db, *row.active_fork);
        if (!active) return std::unexpected(active.error());
        row.value.active_branch = *active;
    }
    return row;
}

/// What the index alone tells.
std::vector<interaction> ids_of(std::vector<list_entry> const& entries, interaction_sort sort) {
    std::vector<interaction> out;
    out.reserve(entries.size());
    for (auto const& entry : entries) {
        auto& value = out.emplace_back();
        value.interaction_id = entry.position.interaction_id;
        (sort == interaction_sort::created_at ? value.created_at : value.last_message_at) = entry.position.at;
    }
    return out;
}

/// The rows of a page, nearest to where it was begun first; they end before what goes beyond the bytes of a
/// page.
result<std::vector<interaction>> read_rows(connection& db, std::vector<list_entry> const& entries) {
    std::vector<interaction> rows;
    rows.reserve(entries.size());
    page_budget budget;
    for (auto const& entry : entries) {
        query find{db, statement::interaction_by_key};
        auto row = read_found(db, find.bind(entry.key));
        if (!row) return std::unexpected(row.error());
        if (!budget.takes(text_bytes(row->value))) break;
        rows.push_back(std::move(row->value));
    }
    return rows;
}

}  // namespace

result<interaction_row> find_interaction(connection& db, user_id const& user, interaction_id const& id) {
    query find{db, statement::find_interaction};
    auto row = read_found(db, find.bind(id));
    if (row && (row->value.user_id != user || is_expired(row->value, system_clock{}.now())))
        return interaction_not_found();
    return row;
}

result<std::optional<interaction_state>> find_state(connection& db, interaction_id const& id) {
    query find{db, statement::find_state};
    auto const found = find.bind(id).step();
    if (!found) return std::unexpected(found.error());
    return *found ? std::optional{read_state(find)} : std::nullopt;
}

result<interaction_state> find_own_state(connection& db, user_id const& user, interaction_id const& id) {
    auto const state = find_state(db, id);
    if (!state) return std::unexpected(state.error());
    if (!*state || (*state)->user_id != user) return interaction_not_found();
    if ((*state)->expires_at && *(*state)->expires_at <= system_clock{}.now()) return interaction_not_found();
    return **state;
}

result<page<interaction>> list_interactions(connection& db, user_id const& user,
                                            interaction_query const& wanted) {
    auto entries = read_page<list_entry>(wanted.page, list_scan{db, user, wanted},
                                         [](list_entry const& entry) { return entry.position; });
    if (!entries) return std::unexpected(entries.error());
    if (wanted.ids_only) {
        return page<interaction>{ids_of(entries->data, wanted.sort), entries->has_more,
                                 entries->has_previous};
    }
    bool const backwards = wanted.page.before.has_value();
    if (backwards) std::ranges::reverse(entries->data);
    auto rows = read_rows(db, entries->data);
    if (!rows) return std::unexpected(rows.error());
    bool const cut = rows->size() < entries->data.size();
    if (backwards) std::ranges::reverse(*rows);
    return page<interaction>{std::move(*rows), entries->has_more || (cut && !backwards),
                             entries->has_previous || (cut && backwards)};
}

result<std::vector<waiting_interaction>> waiting_interactions(connection& db, std::size_t limit) {
    query find{db, statement::waiting_interactions};
    find.bind(static_cast<std::int64_t>(limit)).bind(system_clock{}.now());
    std::vector<waiting_interaction> out;
    for (;;) {
        auto const row = find.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back({find.id_at<user_id>(0), find.id_at<interaction_id>(1)});
    }
}

result<std::vector<active_turn>> active_turns(connection& db, std::size_t limit) {
    query find{db, statement::active_turns};
    find.bind(static_cast<std::int64_t>(limit));
    std::vector<active_turn> out;
    for (;;) {
        auto const row = find.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back({{find.id_at<user_id>(0), find.id_at<interaction_id>(1), find.id_at<message_id>(2),
                        find.id_at<process_id>(3), find.number(4)},
                       find.number(5)});
    }
}

}  // namespace parley::sqlite
