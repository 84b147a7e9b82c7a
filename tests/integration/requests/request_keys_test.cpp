#include "modules/requests/request_keys.hpp"

#include "adapters/memory/memory_store.hpp"
#include "app/run_task.hpp"
#include "services/store_errors.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace parley {
namespace {

using namespace std::chrono_literals;

class told_time final : public clock {
public:
    [[nodiscard]] timestamp now() const override { return at; }
    timestamp at{1h};
};

class keys_of_requests : public ::testing::Test {
protected:
    request_keys::entry enter() {
        auto entered =
            run_task(keys_.enter({.user_id = user_, .key = "k", .fingerprint = {}, .interaction_id = talk_}));
        EXPECT_TRUE(entered);
        auto entry = std::move(*entered);
        entry.held.reset();
        return entry;
    }

    memory_store store_;
    told_time time_;
    request_keys keys_{store_, time_};
    user_id user_ = user_id::make();
    interaction_id talk_ = interaction_id::make();
    error const refusal_ = fail(error_kind::overloaded, "queue_full", "Full.").error();
};

TEST_F(keys_of_requests, a_refused_request_uses_up_no_key) {
    auto const first = enter();
    EXPECT_FALSE(first.repeated);
    run_task(keys_.refused(first, refusal_));
    auto const second = enter();
    EXPECT_FALSE(second.repeated);
    EXPECT_NE(second.request.first, first.request.first);
}

TEST_F(keys_of_requests, whatever_leaves_open_if_something_was_stored_keeps_its_ids) {
    auto const first = enter();
    for (auto const kind : {error_kind::timed_out, error_kind::storage_full, error_kind::internal}) {
        run_task(keys_.refused(first, fail(kind, "some_code", "Who knows?").error()));
    }
    auto const second = enter();
    EXPECT_TRUE(second.repeated);
    EXPECT_EQ(second.request.first, first.request.first);
    // The copy is refused for certain; what became of the first is as open as before.
    run_task(keys_.refused(second, refusal_));
    auto const third = enter();
    EXPECT_TRUE(third.repeated);
    EXPECT_EQ(third.request.first, first.request.first);
}

TEST_F(keys_of_requests, a_copy_knows_when_the_first_has_come_to_its_end) {
    EXPECT_FALSE(enter().is_over);
    time_.at += 59s;
    auto const soon = enter();
    EXPECT_TRUE(soon.repeated);
    EXPECT_FALSE(soon.is_over) << "perhaps the first died, and nothing was made";
    time_.at += 1s;
    auto const late = enter();
    EXPECT_TRUE(late.repeated);
    EXPECT_TRUE(late.is_over);
}

}  // namespace
}  // namespace parley
