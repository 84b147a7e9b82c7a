#include "entities/branches.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

/// seq:                 1 2 3 4 5 6 7 8 9
/// root                 x x x x       x
/// reply, behind 2              x x
/// deep, behind 5                   x   x
/// edit, before the first  (10, 11)
/// again, behind 2         (12)
class branch_tree_of_five : public testing::Test {
protected:
    using path = std::vector<branch_run>;

    static message on(branch_id const& branch, std::int64_t seq, std::int64_t parent_seq) {
        message out;
        out.branch_id = branch;
        out.seq = seq;
        out.parent_seq = parent_seq;
        return out;
    }

    branch_id const root_ = branch_id::make();
    branch_id const reply_ = branch_id::make();
    branch_id const deep_ = branch_id::make();
    branch_id const edit_ = branch_id::make();
    branch_id const again_ = branch_id::make();
    branch_tree const tree_{root_,
                            {{reply_, root_, 2}, {deep_, reply_, 5}, {edit_, root_, 0}, {again_, root_, 2}}};
};

TEST_F(branch_tree_of_five, knows_its_branches) {
    for (auto const& branch : {root_, reply_, deep_, edit_, again_}) EXPECT_TRUE(tree_.has(branch));
    EXPECT_FALSE(tree_.has(branch_id::make()));
    EXPECT_FALSE(tree_.has({}));
}

TEST_F(branch_tree_of_five, a_path_leads_from_the_first_message_to_the_end) {
    EXPECT_EQ(tree_.path_of(root_, 8), (path{{root_, 1, 8}}));
    EXPECT_EQ(tree_.path_of(reply_, 6), (path{{root_, 1, 2}, {reply_, 3, 6}}));
    EXPECT_EQ(tree_.path_of(deep_, 9), (path{{root_, 1, 2}, {reply_, 3, 5}, {deep_, 6, 9}}));
    EXPECT_EQ(tree_.path_of(again_, 12), (path{{root_, 1, 2}, {again_, 3, 12}}));
}

TEST_F(branch_tree_of_five, what_stands_before_the_first_message_has_nothing_of_the_root) {
    auto const found = tree_.path_of(edit_, 11);
    ASSERT_TRUE(found && found->size() == 2U);
    EXPECT_GT(found->front().first_seq, found->front().last_seq);
    EXPECT_EQ(found->back(), (branch_run{edit_, 1, 11}));
}

TEST_F(branch_tree_of_five, a_branch_that_is_not_there_has_no_path) {
    EXPECT_EQ(tree_.path_of(branch_id::make(), 5), std::nullopt);
    EXPECT_EQ(tree_.path_of({}, 5), std::nullopt);
}

TEST_F(branch_tree_of_five, a_tree_that_is_no_tree_has_no_path) {
    auto const one = branch_id::make();
    auto const other = branch_id::make();
    EXPECT_EQ((branch_tree{root_, {{one, other, 3}, {other, one, 3}}}.path_of(one, 9)), std::nullopt);
    EXPECT_EQ((branch_tree{root_, {{one, other, 3}}}.path_of(one, 9)), std::nullopt) << "no parent";
}

TEST_F(branch_tree_of_five, siblings_are_counted_in_the_order_in_which_they_came) {
    auto const sibling = [&](branch_id const& branch, std::int64_t seq, std::int64_t parent_seq) {
        return tree_.sibling_of(on(branch, seq, parent_seq));
    };
    EXPECT_EQ(sibling(root_, 1, 0), (sibling_position{0, 2})) << "the first message, edited once";
    EXPECT_EQ(sibling(edit_, 10, 0), (sibling_position{1, 2}));
    EXPECT_EQ(sibling(root_, 2, 1), (sibling_position{0, 1}));
    EXPECT_EQ(sibling(root_, 3, 2), (sibling_position{0, 3}));
    EXPECT_EQ(sibling(reply_, 5, 2), (sibling_position{1, 3}));
    EXPECT_EQ(sibling(again_, 12, 2), (sibling_position{2, 3}));
    EXPECT_EQ(sibling(reply_, 6, 5), (sibling_position{0, 2}));
    EXPECT_EQ(sibling(deep_, 7, 5), (sibling_position{1, 2}));
    EXPECT_EQ(sibling(deep_, 9, 7), (sibling_position{0, 1}));
    EXPECT_EQ(sibling(edit_, 11, 10), (sibling_position{0, 1}));
}

TEST_F(branch_tree_of_five, each_sibling_is_found_from_each_other) {
    auto const beside = [&](branch_id const& branch, std::int64_t seq, std::int64_t parent_seq) {
        auto const one = on(branch, seq, parent_seq);
        std::vector<sibling_place> places;
        for (std::int64_t index = 0; auto const place = tree_.sibling_at(one, index); ++index) {
            places.push_back(*place);
        }
        EXPECT_FALSE(tree_.sibling_at(one, -1));
        return places;
    };
    std::vector<sibling_place> const first{{root_, 0}, {edit_, 0}};
    EXPECT_EQ(beside(root_, 1, 0), first);
    EXPECT_EQ(beside(edit_, 10, 0), first);
    std::vector<sibling_place> const replies{{root_, 2}, {reply_, 2}, {again_, 2}};
    EXPECT_EQ(beside(root_, 3, 2), replies);
    EXPECT_EQ(beside(reply_, 5, 2), replies);
    EXPECT_EQ(beside(again_, 12, 2), replies);
    EXPECT_EQ(beside(deep_, 7, 5), (std::vector<sibling_place>{{reply_, 5}, {deep_, 5}}));
    EXPECT_EQ(beside(deep_, 9, 7), (std::vector<sibling_place>{{deep_, 7}}));
}

TEST_F(branch_tree_of_five, without_forks_nobody_has_siblings) {
    EXPECT_EQ((branch_tree{root_, {}}.sibling_of(on(root_, 3, 2))), (sibling_position{0, 1}));
}

}  // namespace
}  // namespace parley
