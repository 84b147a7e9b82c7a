#include "modules/turn/model_queue.hpp"

#include "adapters/scripted/scripted_model.hpp"
#include "services/metrics.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace parley {
namespace {

using admission = model_queue::admission;

class model_line : public ::testing::Test {
protected:
    model_line() {
        model_config settings;
        settings.name = "scripted";
        settings.kind = "scripted";
        settings.parallel = 1;
        settings.max_waiting = 60;
        model_ = make_scripted_model(settings, seen_);
    }

    /// Joins the line; the seat lives as long as the test.
    model_queue::seat& join(user_id user, admission how = admission::bounded) {
        auto seat = line_.take(*model_, user, how);
        EXPECT_TRUE(seat) << seat.error().code;
        return seats_.emplace_back(std::move(*seat));
    }

    /// Who is served, one after the other, when each leaves as soon as he is.
    std::vector<model_queue::seat const*> order_of_service() {
        std::vector<model_queue::seat const*> order;
        std::vector<bool> left(seats_.size());
        while (order.size() < seats_.size()) {
            auto const before = order.size();
            for (std::size_t i = 0; i < seats_.size(); ++i) {
                if (left[i] || !seats_[i].granted()) continue;
                left[i] = true;
                order.push_back(&seats_[i]);
                seats_[i].leave();
                break;
            }
            EXPECT_LT(before, order.size()) << "nobody is served";
            if (before == order.size()) break;
        }
        return order;
    }

    no_metrics seen_;
    std::unique_ptr<language_model> model_;
    model_queue line_{seen_};
    std::deque<model_queue::seat> seats_;
};

TEST_F(model_line, a_place_at_the_model_is_given_at_once_and_then_in_turn) {
    auto const user = user_id::make();
    auto& first = join(user);
    auto& second = join(user);
    EXPECT_TRUE(first.granted());
    EXPECT_FALSE(second.granted());
    EXPECT_EQ(second.ahead(), 0U);
    int calls = 0;
    second.notify([&calls] { ++calls; });
    first.leave();
    EXPECT_TRUE(second.granted());
    EXPECT_EQ(calls, 1);
}

TEST_F(model_line, one_with_fifty_requests_does_not_starve_another) {
    auto const greedy = user_id::make();
    for (int i = 0; i < 51; ++i) join(greedy);
    auto& modest = join(user_id::make());
    EXPECT_EQ(modest.ahead(), 1U);
    auto const order = order_of_service();
    auto const place = std::ranges::find(order, &modest) - order.begin();
    EXPECT_EQ(place, 2);  // behind the one that is served already, and one more
}

TEST_F(model_line, what_is_said_to_be_ahead_is_what_is_served_before) {
    std::vector<user_id> const users{user_id::make(), user_id::make(), user_id::make()};
    for (int const who : {0, 0, 0, 1, 2, 1, 0, 2, 1}) join(users[static_cast<std::size_t>(who)]);
    std::vector<std::pair<model_queue::seat const*, std::size_t>> said;
    for (auto const& seat : seats_) said.emplace_back(&seat, seat.ahead());
    auto const order = order_of_service();
    for (auto const& [seat, ahead] : said) {
        auto const place = static_cast<std::size_t>(std::ranges::find(order, seat) - order.begin());
        EXPECT_EQ(place, seat == &seats_.front() ? 0 : ahead + 1);
    }
}

TEST_F(model_line, a_full_line_refuses_and_what_was_promised_comes_in_all_the_same) {
    auto const user = user_id::make();
    for (int i = 0; i < 61; ++i) join(user);
    auto const refused = line_.take(*model_, user_id::make(), admission::bounded);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "queue_full");
    EXPECT_TRUE(line_.take(*model_, user, admission::promised));
}

TEST_F(model_line, work_in_the_background_comes_last) {
    auto const user = user_id::make();
    join(user);
    auto& title = join(user, admission::background);
    auto& chat = join(user_id::make());
    EXPECT_EQ(title.ahead(), 1U);
    EXPECT_EQ(chat.ahead(), 0U);
    seats_.front().leave();
    EXPECT_TRUE(chat.granted());
    EXPECT_FALSE(title.granted());
    chat.leave();
    EXPECT_TRUE(title.granted());
}

TEST_F(model_line, work_in_the_background_takes_no_place_of_a_chat) {
    auto const user = user_id::make();
    join(user);
    for (int i = 0; i < 60; ++i) join(user, admission::background);
    EXPECT_FALSE(line_.take(*model_, user, admission::background));
    for (int i = 0; i < 60; ++i) join(user);
    EXPECT_FALSE(line_.take(*model_, user, admission::bounded));
}

TEST_F(model_line, whoever_leaves_the_line_is_passed_over) {
    auto const user = user_id::make();
    auto& first = join(user);
    auto& second = join(user);
    auto& third = join(user);
    second.leave();
    EXPECT_EQ(third.ahead(), 0U);
    first.leave();
    EXPECT_TRUE(third.granted());
    third.leave();
    EXPECT_TRUE(join(user).granted());
}

}  // namespace
}  // namespace parley
