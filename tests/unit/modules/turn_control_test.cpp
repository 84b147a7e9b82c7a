#include "modules/turn/running_turns.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(turn_control, a_shutdown_is_seen_also_behind_an_earlier_stop_that_keeps_its_cause) {
    turn_control control;
    control.stop(stop_cause::asked);
    EXPECT_FALSE(control.shutting_down());
    control.stop(stop_cause::shutdown);
    EXPECT_TRUE(control.shutting_down());
    EXPECT_EQ(control.cause(), stop_cause::asked);
}

}  // namespace
}  // namespace parley
