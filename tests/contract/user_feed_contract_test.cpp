#include "adapters/memory/memory_user_feed.hpp"
#include "services/user_feed.hpp"
#include "support/event_loops.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

struct user_feed_kind {
    std::string name;
    std::function<std::unique_ptr<user_feed>()> make;
};

void PrintTo(user_feed_kind const& kind, std::ostream* out) { *out << kind.name; }

/// Long enough to be an error when it passes.
constexpr auto long_time = 20'000ms;

/// More than any feed keeps for one user.
constexpr std::size_t too_many = 20'000;

message text_message(std::string text) {
    message out;
    out.message_id = message_id::make();
    out.content = std::move(text);
    return out;
}

/// The text of a message_created; what else it is otherwise.
std::string text_of(user_feed_event const& seen) {
    if (std::holds_alternative<feed_gap>(seen)) return "<gap>";
    if (std::holds_alternative<nothing_happened>(seen)) return "<nothing>";
    auto const* const created = std::get_if<message_created>(std::get<numbered_event>(seen).event.get());
    return created == nullptr ? "<other event>" : plain_text(created->value.content);
}

std::string id_of(user_feed_event const& seen) {
    if (auto const* const gap = std::get_if<feed_gap>(&seen)) return gap->id;
    auto const* const event = std::get_if<numbered_event>(&seen);
    return event == nullptr ? std::string{} : event->id;
}

/// Takes what comes until `last` has come, or nothing for a long time.
task<std::vector<user_feed_event>> read_until(user_feed_reader& reader, wakeup& alarm, std::string last) {
    std::vector<user_feed_event> out;
    auto const deadline = std::chrono::steady_clock::now() + long_time;
    while (std::chrono::steady_clock::now() < deadline) {
        auto seen = reader.next();
        if (std::holds_alternative<nothing_happened>(seen)) {
            co_await alarm.wait(1000ms);
            continue;
        }
        out.push_back(std::move(seen));
        if (text_of(out.back()) == last) break;
    }
    co_return out;
}

std::vector<std::string> texts_of(std::vector<user_feed_event> const& events) {
    std::vector<std::string> out;
    for (auto const& one : events) out.push_back(text_of(one));
    return out;
}

class user_feed_contract : public testing::TestWithParam<user_feed_kind> {
protected:
    /// A reader, what wakes it, and the loop that is woken: who waits for the alarm waits there.
    struct follower {
        std::size_t loop = 0;
        std::unique_ptr<wakeup> alarm;
        std::unique_ptr<user_feed_reader> reader;
    };

    user_feed& feed() { return *feed_; }
    event_loops& loops() { return loops_; }

    follower follow(std::optional<std::string> after = std::nullopt, std::size_t loop = 0) {
        return follow_of(user_, std::move(after), loop);
    }
    follower follow_of(user_id const& user, std::optional<std::string> after = std::nullopt,
                       std::size_t loop = 0) {
        follower out{loop, std::make_unique<wakeup>(loops_.executor(loop)), nullptr};
        out.reader = feed().follow(user, std::move(after), *out.alarm);
        return out;
    }

    /// Tells the user's readers of a message with this text.
    void say(std::string text) { say_to(user_, std::move(text)); }
    void say_to(user_id const& user, std::string text) {
        feed().publish(user, message_created{text_message(std::move(text))});
    }

    /// The texts of what comes until `last`.
    std::vector<std::string> read(follower& who, std::string last) {
        return texts_of(loops_.run(read_until(*who.reader, *who.alarm, std::move(last)), who.loop));
    }
    /// The next that comes.
    user_feed_event take(follower& who) { return loops_.run(take_one(*who.reader, *who.alarm), who.loop); }

    using texts = std::vector<std::string>;
    user_id const user_ = user_id::make();
    user_id const other_ = user_id::make();

private:
    static task<user_feed_event> take_one(user_feed_reader& reader, wakeup& alarm) {
        auto const deadline = std::chrono::steady_clock::now() + long_time;
        while (true) {
            auto seen = reader.next();
            bool const late = std::chrono::steady_clock::now() >= deadline;
            if (late || !std::holds_alternative<nothing_happened>(seen)) co_return seen;
            co_await alarm.wait(1000ms);
        }
    }

    std::unique_ptr<user_feed> feed_ = GetParam().make();
    event_loops loops_;
};
std::string name_of_kind(testing::TestParamInfo<user_feed_kind> const& kind) { return kind.param.name; }

INSTANTIATE_TEST_SUITE_P(every_feed, user_feed_contract,
                         testing::Values(user_feed_kind{"memory",
                                                        [] { return std::make_unique<memory_user_feed>(); }}),
                         name_of_kind);

TEST_P(user_feed_contract, a_reader_gets_what_happens_in_the_order_of_publication) {
    auto reader = follow();
    for (auto const* const text : {"a", "b", "c"}) say(text);
    EXPECT_EQ(read(reader, "c"), (texts{"a", "b", "c"}));
}

TEST_P(user_feed_contract, every_kind_of_event_arrives_as_it_was_published) {
    auto reader = follow();
    auto const owned = *make_interaction(user_, {.title = "of mine"}, timestamp{});
    auto const said = text_message("said");
    feed().publish(user_, interaction_created{owned});
    feed().publish(user_, interaction_changed{owned});
    feed().publish(user_, interaction_titled{owned});
    feed().publish(user_, reply_waiting{said, 3});
    feed().publish(user_, reply_begun{said});
    feed().publish(user_, reply_ended{said});
    feed().publish(user_, interaction_deleted{owned.interaction_id});
    auto const next = [&] { return *std::get<numbered_event>(take(reader)).event; };
    EXPECT_EQ(std::get<interaction_created>(next()).value, owned);
    EXPECT_EQ(std::get<interaction_changed>(next()).value, owned);
    EXPECT_EQ(std::get<interaction_titled>(next()).value, owned);
    auto const waiting = std::get<reply_waiting>(next());
    EXPECT_EQ(waiting.value, said);
    EXPECT_EQ(waiting.ahead, 3U);
    EXPECT_EQ(std::get<reply_begun>(next()).value, said);
    EXPECT_EQ(std::get<reply_ended>(next()).value, said);
    EXPECT_EQ(std::get<interaction_deleted>(next()).interaction_id, owned.interaction_id);
}

TEST_P(user_feed_contract, what_happened_before_is_not_told) {
    auto first = follow();
    say("before");
    auto reader = follow();
    say("after");
    EXPECT_EQ(read(reader, "after"), texts{"after"});
    EXPECT_EQ(read(first, "after"), (texts{"before", "after"}));
}

TEST_P(user_feed_contract, nothing_happens_while_nobody_publishes) {
    auto reader = follow();
    EXPECT_TRUE(std::holds_alternative<nothing_happened>(reader.reader->next()));
    say("something");
    EXPECT_EQ(text_of(take(reader)), "something");
    EXPECT_TRUE(std::holds_alternative<nothing_happened>(reader.reader->next()));
}

TEST_P(user_feed_contract, several_readers_each_get_all_of_it) {
    auto one = follow();
    auto two = follow();
    say("a");
    say("b");
    EXPECT_EQ(read(one, "b"), (texts{"a", "b"}));
    say("c");
    EXPECT_EQ(read(two, "c"), (texts{"a", "b", "c"}));
    EXPECT_EQ(read(one, "c"), texts{"c"});
}

TEST_P(user_feed_contract, a_sleeping_reader_is_woken) {
    auto reader = follow();
    auto waiting = loops().start(read_until(*reader.reader, *reader.alarm, "woken"));
    say("woken");
    EXPECT_EQ(texts_of(waiting.get()), texts{"woken"});
}

TEST_P(user_feed_contract, a_reader_may_leave_while_others_read_on) {
    auto leaving = follow();
    auto staying = follow();
    leaving.reader.reset();
    leaving.alarm.reset();
    say("still here");
    EXPECT_EQ(read(staying, "still here"), texts{"still here"});
}

TEST_P(user_feed_contract, users_do_not_hear_each_other) {
    auto reader = follow();
    auto other = follow_of(other_);
    say_to(other_, "elsewhere");
    say("here");
    EXPECT_EQ(read(reader, "here"), texts{"here"});
    EXPECT_EQ(read(other, "elsewhere"), texts{"elsewhere"});
    EXPECT_TRUE(std::holds_alternative<nothing_happened>(other.reader->next()));
}

TEST_P(user_feed_contract, ids_are_fit_for_a_header_and_never_repeat) {
    auto reader = follow();
    auto other = follow_of(other_);
    std::set<std::string> ids;
    for (int i = 0; i < 20; ++i) {
        say("x");
        say_to(other_, "x");
        for (auto* const who : {&reader, &other}) {
            auto const id = id_of(take(*who));
            EXPECT_FALSE(id.empty());
            EXPECT_EQ(id.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz-"), std::string::npos) << id;
            EXPECT_TRUE(ids.insert(id).second) << id;
        }
    }
}

TEST_P(user_feed_contract, a_reader_goes_on_behind_the_event_it_names) {
    auto first = follow();
    for (auto const* const text : {"a", "b", "c"}) say(text);
    auto const id = id_of(take(first));
    auto second = follow(id);
    EXPECT_EQ(read(second, "c"), (texts{"b", "c"}));
    say("d");
    EXPECT_EQ(read(second, "d"), texts{"d"});
}

TEST_P(user_feed_contract, who_has_read_all_goes_on_with_what_comes) {
    auto first = follow();
    say("a");
    auto second = follow(id_of(take(first)));
    EXPECT_TRUE(std::holds_alternative<nothing_happened>(second.reader->next()));
    say("b");
    EXPECT_EQ(read(second, "b"), texts{"b"});
}

TEST_P(user_feed_contract, what_happened_while_nobody_read_is_told_to_who_comes_back) {
    auto first = follow();
    say("a");
    auto const id = id_of(take(first));
    first.reader.reset();
    say("b");
    auto second = follow(id);
    say("c");
    EXPECT_EQ(read(second, "c"), (texts{"b", "c"}));
}

TEST_P(user_feed_contract, an_id_that_is_not_known_is_a_gap_and_then_it_goes_on) {
    auto first = follow();
    say("a");
    auto const known = id_of(take(first));
    auto const unknown = {std::string{},         std::string{"x"},   std::string{"-"},
                          known + "0000",        known + "x",        known.substr(1),
                          "x" + known.substr(1), std::string{"1-1"}, std::string(5000, '9')};
    for (auto const& id : unknown) {
        auto reader = follow(id);
        EXPECT_EQ(text_of(take(reader)), "<gap>") << id;
        say("then");
        EXPECT_EQ(text_of(take(reader)), "then") << id;
    }
}

TEST_P(user_feed_contract, a_gap_has_an_id_to_go_on_from) {
    auto first = follow("unknown");
    auto const gap = take(first);
    ASSERT_EQ(text_of(gap), "<gap>");
    auto second = follow(id_of(gap));
    say("a");
    EXPECT_EQ(read(second, "a"), texts{"a"});
    EXPECT_EQ(read(first, "a"), texts{"a"});
}

TEST_P(user_feed_contract, the_id_of_another_user_is_not_known) {
    auto other = follow_of(other_);
    auto mine = follow();
    say_to(other_, "theirs");
    say("mine");
    auto reader = follow(id_of(take(other)));
    EXPECT_EQ(text_of(take(reader)), "<gap>");
    say("then");
    EXPECT_EQ(text_of(take(reader)), "then");
}

TEST_P(user_feed_contract, the_id_of_another_run_is_not_known) {
    auto const before = GetParam().make();
    wakeup alarm{loops().executor(0)};
    auto const old = before->follow(user_, std::nullopt, alarm);
    before->publish(user_, message_created{text_message("old")});
    auto reader = follow(id_of(old->next()));
    EXPECT_EQ(text_of(take(reader)), "<gap>");
}

TEST_P(user_feed_contract, a_reader_that_falls_behind_is_told_of_the_gap_once) {
    auto slow = follow();
    auto quick = follow();
    say("first");
    auto const first = id_of(take(quick));
    for (std::size_t i = 0; i < too_many; ++i) say("flood");
    auto const gap = take(slow);
    EXPECT_EQ(text_of(gap), "<gap>");
    say("after");
    EXPECT_EQ(read(slow, "after").back(), "after");
    auto late = follow(first);
    EXPECT_EQ(text_of(take(late)), "<gap>");
    auto resumed = follow(id_of(gap));
    EXPECT_EQ(read(resumed, "after").back(), "after");
}

TEST_P(user_feed_contract, publishing_to_nobody_is_no_error) {
    for (std::size_t i = 0; i < too_many; ++i) say("nobody hears");
    auto reader = follow();
    EXPECT_TRUE(std::holds_alternative<nothing_happened>(reader.reader->next()));
}

TEST_P(user_feed_contract, events_longer_than_the_feed_keeps_reach_who_keeps_up) {
    auto reader = follow();
    std::string const longest(std::size_t{4} << 20, 'x');
    for (int i = 0; i < 3; ++i) {
        say(longest);
        EXPECT_EQ(text_of(take(reader)).size(), longest.size());
    }
}

TEST_P(user_feed_contract, many_threads_publish_while_many_readers_read) {
    constexpr std::size_t publishers = 4;
    constexpr std::size_t each = 100;  // together fewer than a feed keeps
    constexpr std::size_t readers = 9;
    std::vector<follower> following;
    std::vector<std::future<std::vector<user_feed_event>>> reading;
    auto other = follow_of(other_);
    for (std::size_t i = 0; i < readers; ++i) {
        following.push_back(follow(std::nullopt, i));
        auto& who = following.back();
        reading.push_back(loops().start(read_until(*who.reader, *who.alarm, "end"), who.loop));
    }
    {
        std::vector<std::jthread> threads;
        for (std::size_t who = 0; who < publishers; ++who) {
            threads.emplace_back([&, who] {
                for (std::size_t i = 0; i < each; ++i) {
                    say(std::to_string(who) + ":" + std::to_string(i));
                    say_to(user_id::make(), "to nobody");
                }
            });
        }
    }
    say("end");
    std::vector<std::string> first;
    for (auto& one : reading) {
        auto const events = one.get();
        auto const seen = texts_of(events);
        ASSERT_EQ(seen.size(), publishers * each + 1);
        if (first.empty()) first = seen;
        EXPECT_EQ(seen, first) << "all see the same order";
        std::vector<std::size_t> next(publishers);
        std::set<std::string> ids;
        for (auto const& event : events) {
            EXPECT_TRUE(ids.insert(id_of(event)).second);
            auto const text = text_of(event);
            if (text == "end") continue;
            auto const who = static_cast<std::size_t>(text[0] - '0');
            EXPECT_EQ(text.substr(2), std::to_string(next[who]++)) << "one thread's events keep their order";
        }
    }
    EXPECT_TRUE(std::holds_alternative<nothing_happened>(other.reader->next()));
}

TEST_P(user_feed_contract, coming_and_going_at_once_is_safe) {
    std::atomic<bool> over = false;
    std::jthread const publishing{[&] {
        while (!over) say("x");
    }};
    for (std::size_t round = 0; round < 200; ++round) {
        auto one = follow(std::nullopt, round);
        auto two = follow("unknown", round + 1);
        EXPECT_EQ(text_of(take(two)), "<gap>");
        EXPECT_NE(text_of(take(one)), "<nothing>");
    }
    over = true;
}

/// What only the implementation in memory promises.
class memory_user_feed_test : public testing::Test {
protected:
    void say(user_feed& feed, std::string text = "x") const {
        feed.publish(user_, message_created{text_message(std::move(text))});
    }

    user_id const user_ = user_id::make();
    event_loops loops_{1};
    wakeup alarm_{loops_.executor(0)};
};

TEST_F(memory_user_feed_test, nothing_is_kept_for_users_without_readers) {
    memory_user_feed feed{{.kept = 0ms}};
    say(feed);
    EXPECT_EQ(feed.rings(), 0U);
    auto reader = feed.follow(user_, std::nullopt, alarm_);
    EXPECT_EQ(feed.rings(), 1U);
    say(feed);
    auto const id = id_of(reader->next());
    reader.reset();
    EXPECT_EQ(feed.rings(), 0U);
    // A new ring does not mistake the old one's ids for its own.
    reader = feed.follow(user_, std::nullopt, alarm_);
    say(feed);
    say(feed);
    auto const back = feed.follow(user_, id, alarm_);
    EXPECT_EQ(text_of(back->next()), "<gap>");
}

TEST_F(memory_user_feed_test, a_ring_stays_while_one_of_its_readers_does) {
    memory_user_feed feed{{.kept = 0ms}};
    auto one = feed.follow(user_, std::nullopt, alarm_);
    auto const two = feed.follow(user_, std::nullopt, alarm_);
    one.reset();
    EXPECT_EQ(feed.rings(), 1U);
    say(feed);
    EXPECT_EQ(text_of(two->next()), "x");
}

TEST_F(memory_user_feed_test, a_ring_that_is_read_again_is_not_dropped) {
    memory_user_feed feed{{.kept = 3'600'000ms}};
    auto reader = feed.follow(user_, std::nullopt, alarm_);
    for (int i = 0; i < 3; ++i) {
        reader.reset();
        EXPECT_EQ(feed.rings(), 1U);
        reader = feed.follow(user_, std::nullopt, alarm_);
    }
    auto const other = feed.follow(user_id::make(), std::nullopt, alarm_);
    EXPECT_EQ(feed.rings(), 2U);
}

/// Holds the events that a reader who comes late still finds.
std::size_t kept_events(user_feed_reader& reader) {
    std::size_t count = 0;
    while (!std::holds_alternative<nothing_happened>(reader.next())) ++count;
    return count;
}

TEST_F(memory_user_feed_test, a_ring_is_bounded_by_the_number_of_its_events) {
    memory_user_feed feed{{.events = 10}};
    auto const never = feed.follow(user_, std::nullopt, alarm_);
    auto const at_place = [&](std::size_t ago) {
        auto const reader = feed.follow(user_, std::nullopt, alarm_);
        say(feed);
        auto const id = id_of(reader->next());
        for (std::size_t i = 0; i < ago; ++i) say(feed);
        return feed.follow(user_, id, alarm_);
    };
    EXPECT_EQ(kept_events(*at_place(10)), 10U);
    EXPECT_EQ(text_of(at_place(11)->next()), "<gap>");
    EXPECT_EQ(text_of(never->next()), "<gap>");
}

TEST_F(memory_user_feed_test, a_ring_is_bounded_by_the_bytes_of_its_texts) {
    memory_user_feed feed{{.bytes = 1000}};
    // The reader that never reads must not hold on to what it has not read.
    auto const never = feed.follow(user_, std::nullopt, alarm_);
    auto const reader = feed.follow(user_, std::nullopt, alarm_);
    std::vector<std::weak_ptr<user_event const>> seen;
    for (int i = 0; i < 100; ++i) {
        say(feed, std::string(100, 'x'));
        seen.push_back(std::get<numbered_event>(reader->next()).event);
    }
    EXPECT_EQ(std::ranges::count_if(seen, [](auto const& one) { return !one.expired(); }), 10);
    say(feed, std::string(5000, 'y'));
    EXPECT_EQ(std::ranges::count_if(seen, [](auto const& one) { return !one.expired(); }), 0);
    EXPECT_EQ(text_of(reader->next()).size(), 5000U);
}

TEST_F(memory_user_feed_test, readers_may_outlive_the_feed) {
    auto feed = std::make_unique<memory_user_feed>();
    auto const reader = feed->follow(user_, std::nullopt, alarm_);
    say(*feed);
    feed.reset();
    EXPECT_EQ(text_of(reader->next()), "x");
}

}  // namespace
}  // namespace parley::test
