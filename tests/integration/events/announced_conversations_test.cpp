// What a user's feed is told of interactions: what happened, once, and nothing else.
#include "modules/events/announced_conversations.hpp"

#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/memory_user_feed.hpp"
#include "app/run_task.hpp"
#include "services/clock.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace parley {
namespace {

class announced_conversations_test : public testing::Test {
protected:
    interaction created() {
        auto const made = *make_interaction(user_, {.title = "first"}, now_);
        EXPECT_TRUE(run_task(store_.create_interaction(made)));
        return made;
    }
    result<interaction> rename(interaction const& which, std::string title,
                               std::optional<std::int64_t> if_version = std::nullopt) {
        return run_task(store_.update_interaction(user_, which.interaction_id, {.title = std::move(title)},
                                                  if_version, now_));
    }

    /// The next event, which is one of this kind.
    template <class Event>
    Event expect() {
        auto const next = reader_->next();
        auto const* const numbered = std::get_if<numbered_event>(&next);
        auto const* const event = numbered == nullptr ? nullptr : std::get_if<Event>(numbered->event.get());
        EXPECT_NE(event, nullptr);
        return event == nullptr ? Event{} : *event;
    }
    void expect_nothing() { EXPECT_TRUE(std::holds_alternative<nothing_happened>(reader_->next())); }

    boost::asio::io_context loop_{1};
    wakeup alarm_{loop_.get_executor()};
    user_id const user_ = user_id::make();
    timestamp const now_ = system_clock{}.now();
    memory_store kept_;
    memory_user_feed feed_;
    announced_conversations store_{kept_, feed_};
    std::unique_ptr<user_feed_reader> reader_ = feed_.follow(user_, std::nullopt, alarm_);
};

TEST_F(announced_conversations_test, a_new_interaction_is_told_once_it_is_stored) {
    auto const made = created();
    EXPECT_EQ(expect<interaction_created>().value, made);
    EXPECT_EQ(run_task(store_.create_interaction(made)).error().code, "interaction_exists");
    expect_nothing();
}

TEST_F(announced_conversations_test, a_change_is_told_with_the_state_after_it) {
    auto const made = created();
    expect<interaction_created>();
    auto const changed = rename(made, "second");
    ASSERT_TRUE(changed);
    auto const told = expect<interaction_changed>().value;
    EXPECT_EQ(told, *changed);
    EXPECT_EQ(told.version, 2);
    EXPECT_TRUE(rename(made, "third", 2));
    EXPECT_EQ(expect<interaction_changed>().value.title, "third");
    expect_nothing();
}

TEST_F(announced_conversations_test, a_patch_that_changes_nothing_is_not_told) {
    auto const made = created();
    expect<interaction_created>();
    EXPECT_TRUE(rename(made, "first"));
    EXPECT_TRUE(rename(made, "first", 1));
    expect_nothing();
}

TEST_F(announced_conversations_test, a_refused_change_is_not_told) {
    auto const made = created();
    expect<interaction_created>();
    EXPECT_EQ(rename(made, "second", 7).error().code, "version_mismatch");
    auto const foreign = run_task(
        store_.update_interaction(user_id::make(), made.interaction_id, {.title = "x"}, std::nullopt, now_));
    EXPECT_EQ(foreign.error().code, "interaction_not_found");
    auto const gone = run_task(store_.delete_interaction(user_id::make(), made.interaction_id, std::nullopt));
    EXPECT_EQ(gone.error().code, "interaction_not_found");
    expect_nothing();
}

TEST_F(announced_conversations_test, an_end_is_told_once) {
    auto const made = created();
    expect<interaction_created>();
    EXPECT_TRUE(run_task(store_.delete_interaction(user_, made.interaction_id, std::nullopt)));
    EXPECT_EQ(expect<interaction_deleted>().interaction_id, made.interaction_id);
    EXPECT_FALSE(run_task(store_.delete_interaction(user_, made.interaction_id, std::nullopt)));
    expect_nothing();
}

TEST_F(announced_conversations_test, others_hear_nothing_of_it) {
    auto const other = feed_.follow(user_id::make(), std::nullopt, alarm_);
    auto const made = created();
    rename(made, "second");
    EXPECT_TRUE(std::holds_alternative<nothing_happened>(other->next()));
}

}  // namespace
}  // namespace parley
