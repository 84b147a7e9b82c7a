#include "modules/turn/model_places.hpp"

#include "adapters/scripted/scripted_model.hpp"
#include "services/metrics.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

std::unique_ptr<language_model> model_for_two(metrics& seen) {
    model_config settings;
    settings.name = "scripted";
    settings.kind = "scripted";
    settings.parallel = 1;
    settings.max_waiting = 1;
    return make_scripted_model(settings, seen);
}

TEST(model_places, turns_that_the_model_has_not_seen_yet_count) {
    no_metrics seen;
    auto const model = model_for_two(seen);
    model_places places;
    auto first = places.take(*model);
    auto const second = places.take(*model);
    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    auto const third = places.take(*model);
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code, "queue_full");
    first->leave();
    EXPECT_TRUE(places.take(*model));
}

TEST(model_places, a_place_is_given_back_once) {
    no_metrics seen;
    auto const model = model_for_two(seen);
    model_places places;
    {
        auto first = places.take(*model);
        auto const moved = std::move(*first);
        first->leave();
        auto const second = places.take(*model);
        EXPECT_TRUE(second);
        EXPECT_FALSE(places.take(*model));
    }
    auto const first = places.take(*model);
    auto const second = places.take(*model);
    EXPECT_TRUE(first);
    EXPECT_TRUE(second);
    EXPECT_FALSE(places.take(*model));
}

}  // namespace
}  // namespace parley
