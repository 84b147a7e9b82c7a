// What the tests about branches share: short words for places, paths as numbers, and a nest of branches.
#pragma once

#include "store_contract.hpp"

#include <ranges>
#include <vector>

namespace parley::test {

class branch_contract : public store_contract {
protected:
    using numbers = std::vector<std::int64_t>;

    static message_place behind(message const& one) { return message_place{one.message_id}; }
    static message_place before_all() { return message_place{std::in_place, std::nullopt}; }

    static message_addition addition(interaction const& in, message_place const& place,
                                     timestamp now = at(1)) {
        return {.user_id = in.user_id,
                .interaction_id = in.interaction_id,
                .message_id = message_id::make(),
                .message = {message_role::user, "text", {}},
                .place = place,
                .now = now};
    }
    message put(interaction const& in, message_place const& place = {}) {
        auto stored = await(conversations().add_message(addition(in, place)));
        EXPECT_TRUE(stored.has_value()) << stored.error().code << stored.error().detail;
        return stored.value_or(message{});
    }
    std::vector<message> put_many(interaction const& in, int count) {
        std::vector<message> out;
        for (int i = 0; i < count; ++i) out.push_back(put(in));
        return out;
    }

    static numbers seqs(std::vector<message> const& found) {
        numbers out;
        for (auto const& one : found) out.push_back(one.seq);
        return out;
    }
    static numbers seqs(result<message_page> const& found) {
        EXPECT_TRUE(found.has_value());
        return found ? seqs(found->data) : numbers{};
    }
    /// Of a whole path, ascending. `branch` absent: the active one.
    numbers seqs(interaction const& in, std::optional<branch_id> const& branch = std::nullopt) {
        return seqs(messages(in, {.limit = 100, .order = page_order::ascending}, branch));
    }

    result<message> read_sibling(interaction const& in, message const& beside, std::int64_t index) {
        return await(conversations().get_sibling(in.user_id, in.interaction_id, beside.message_id, index));
    }
    /// From each of them each is found, and no other.
    void expect_siblings(interaction const& in, std::vector<message> const& all) {
        for (auto const& from : all) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                auto const found = read_sibling(in, from, static_cast<std::int64_t>(i));
                ASSERT_TRUE(found.has_value()) << found.error().code << " " << from.seq << " " << i;
                EXPECT_EQ(*found, read_message(in, all[i].message_id));
                EXPECT_EQ(found->sibling, (sibling_position{static_cast<std::int64_t>(i), std::ssize(all)}));
            }
            EXPECT_EQ(code_of(read_sibling(in, from, std::ssize(all))), "message_not_found");
        }
    }

    /// `branch` absent: all of them.
    result<message_page> page_of(interaction const& in, std::optional<branch_id> const& branch,
                                 page_query<std::int64_t> const& query) {
        message_query const wanted{query, branch, !branch.has_value()};
        return await(conversations().page_of_branch(in.user_id, in.interaction_id, wanted));
    }

    /// Reads page after page from the beginning of the order; checks the flags at both ends.
    numbers walk(interaction const& in, std::optional<branch_id> const& branch, std::size_t limit,
                 page_order order) {
        numbers seen;
        page_query<std::int64_t> query{.limit = limit, .order = order};
        for (bool more = true; more;) {
            auto const found = seqs_and_flags(page_of(in, branch, query));
            EXPECT_EQ(found.has_previous, query.after.has_value());
            seen.insert(seen.end(), found.seqs.begin(), found.seqs.end());
            more = found.has_more;
            if (more) query.after = seen.back();
        }
        return seen;
    }
    /// The same with `before`, ahead of `from`.
    numbers walk_back(interaction const& in, std::optional<branch_id> const& branch, std::size_t limit,
                      page_order order, std::int64_t from) {
        numbers seen;
        page_query<std::int64_t> query{.limit = limit, .order = order, .before = from};
        for (bool more = true; more;) {
            auto const found = seqs_and_flags(page_of(in, branch, query));
            EXPECT_TRUE(found.has_more);
            seen.insert(seen.begin(), found.seqs.begin(), found.seqs.end());
            more = found.has_previous;
            if (more) query.before = seen.front();
        }
        return seen;
    }

    /// seq:                  1 2 3 4 5 6 7 8 9
    /// root                  x x x x
    /// middle, behind 2              x x
    /// leaf, behind 5                    x x x
    struct nest {
        interaction in;
        branch_id root;
        branch_id middle;
        branch_id leaf;
    };
    nest make_nest() {
        auto in = create(user_id::make());
        auto const root = put_many(in, 4);
        auto const middle = put(in, behind(root[1]));
        put(in);
        auto const leaf = put(in, behind(middle));
        put_many(in, 2);
        return {in, in.active_branch, middle.branch_id, leaf.branch_id};
    }

private:
    struct read_page {
        numbers seqs;
        bool has_more = false;
        bool has_previous = false;
    };
    static read_page seqs_and_flags(result<message_page> const& found) {
        if (found) return {seqs(found->data), found->has_more, found->has_previous};
        ADD_FAILURE() << found.error().code;
        return {};
    }
};

}  // namespace parley::test
