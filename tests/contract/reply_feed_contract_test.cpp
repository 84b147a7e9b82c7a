#include "adapters/memory/memory_reply_feed.hpp"
#include "services/reply_feed.hpp"
#include "support/event_loops.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

struct feed_kind {
    std::string name;
    std::function<std::unique_ptr<reply_feed>()> make;
};

void PrintTo(feed_kind const& kind, std::ostream* out) { *out << kind.name; }

/// Long enough to be an error when it passes.
constexpr auto long_time = 20'000ms;

class reply_feed_contract : public testing::TestWithParam<feed_kind> {
protected:
    reply_feed& feed() { return *feed_; }
    event_loops& loops() { return loops_; }

    std::unique_ptr<reply_reader> follow(std::size_t from = 0, std::size_t loop = 0) {
        auto reader = feed().follow(reply_, from, loops_.executor(loop));
        EXPECT_NE(reader, nullptr);
        return reader;
    }
    feed_event next(reply_reader& reader, std::chrono::milliseconds longest = long_time) {
        return loops_.run(reader.next(longest));
    }
    /// The text of the next event, which must be a delta.
    std::string text(reply_reader& reader) {
        auto const event = next(reader);
        auto const* const delta = std::get_if<feed_delta>(&event);
        EXPECT_NE(delta, nullptr) << "event " << event.index();
        return delta == nullptr ? std::string{} : delta->text;
    }

    static message reply_of(message_id const& id, std::string content) {
        message out;
        out.message_id = id;
        out.content = std::move(content);
        return out;
    }

    message_id const reply_ = message_id::make();

private:
    std::unique_ptr<reply_feed> feed_ = GetParam().make();
    event_loops loops_;
};
std::string name_of_feed(testing::TestParamInfo<feed_kind> const& kind) { return kind.param.name; }

INSTANTIATE_TEST_SUITE_P(every_feed, reply_feed_contract,
                         testing::Values(feed_kind{"memory",
                                                   [] { return std::make_unique<memory_reply_feed>(); }}),
                         name_of_feed);

TEST_P(reply_feed_contract, thoughts_come_apart_from_the_text) {
    auto const writer = feed().open(reply_);
    auto const reader = follow();
    auto const thought = [&](reply_reader& from) {
        auto const event = next(from);
        auto const* const found = std::get_if<feed_reasoning>(&event);
        return found == nullptr ? std::pair{std::string{"none"}, std::size_t{0}}
                                : std::pair{found->text, found->end};
    };
    writer->append_reasoning("h\xc3\xbc");
    EXPECT_EQ(thought(*reader), (std::pair{std::string{"h\xc3\xbc"}, std::size_t{3}}));
    writer->append_reasoning("m");
    writer->append("yes");
    EXPECT_EQ(thought(*reader), (std::pair{std::string{"m"}, std::size_t{4}}));
    EXPECT_EQ(text(*reader), "yes");
    // Who begins at the start gets all of them, who comes back into the text none of those before.
    auto const late = follow();
    EXPECT_EQ(thought(*late), (std::pair{std::string{"h\xc3\xbcm"}, std::size_t{4}}));
    EXPECT_EQ(text(*late), "yes");
    auto const back = follow(1);
    EXPECT_EQ(text(*back), "es");
    writer->append_reasoning("!");
    EXPECT_EQ(thought(*back), (std::pair{std::string{"!"}, std::size_t{5}}));
}

/// What a reader saw until the end of the reply.
struct account {
    std::string text;
    bool places_right = true;  // each delta's end is the length of the text so far
    bool ended = false;
    bool lost = false;
    message reply;
};

task<account> read_to_the_end(std::unique_ptr<reply_reader> reader, std::size_t from) {
    account out;
    for (;;) {
        auto event = co_await reader->next(long_time);
        if (auto* const delta = std::get_if<feed_delta>(&event)) {
            out.text += delta->text;
            out.places_right =
                out.places_right && !delta->text.empty() && delta->end == from + out.text.size();
        } else if (auto* const end = std::get_if<feed_end>(&event)) {
            out.ended = true;
            out.reply = std::move(end->reply);
            co_return out;
        } else {
            out.lost = std::holds_alternative<feed_lost>(event);
            co_return out;
        }
    }
}

TEST_P(reply_feed_contract, nobody_writes_an_unknown_reply) {
    EXPECT_EQ(feed().follow(reply_, 0, loops().executor(0)), nullptr);
}

TEST_P(reply_feed_contract, a_reader_gets_text_as_it_comes_and_then_the_end) {
    auto const writer = feed().open(reply_);
    auto const reader = follow();
    writer->append("Once");
    auto event = next(*reader);
    ASSERT_TRUE(std::holds_alternative<feed_delta>(event));
    EXPECT_EQ(std::get<feed_delta>(event).text, "Once");
    EXPECT_EQ(std::get<feed_delta>(event).end, 4U);
    writer->append(" upon");
    event = next(*reader);
    ASSERT_TRUE(std::holds_alternative<feed_delta>(event));
    EXPECT_EQ(std::get<feed_delta>(event).text, " upon");
    EXPECT_EQ(std::get<feed_delta>(event).end, 9U);
    auto const stored = reply_of(reply_, "Once upon");
    writer->finish(stored);
    event = next(*reader);
    ASSERT_TRUE(std::holds_alternative<feed_end>(event));
    EXPECT_EQ(std::get<feed_end>(event).reply, stored);
}

TEST_P(reply_feed_contract, pieces_that_came_meanwhile_are_merged) {
    auto const writer = feed().open(reply_);
    auto const reader = follow();
    for (char const* const piece : {"a", "b", "c"}) writer->append(piece);
    EXPECT_EQ(text(*reader), "abc");
}

TEST_P(reply_feed_contract, all_text_is_told_before_the_end) {
    auto const writer = feed().open(reply_);
    auto const reader = follow();
    writer->append("last words");
    writer->finish(reply_of(reply_, "last words"));
    EXPECT_EQ(text(*reader), "last words");
    EXPECT_TRUE(std::holds_alternative<feed_end>(next(*reader)));
}

TEST_P(reply_feed_contract, whoever_comes_late_gets_the_text_so_far_first) {
    auto const writer = feed().open(reply_);
    writer->append("Once upon");
    EXPECT_EQ(text(*follow()), "Once upon");
}

TEST_P(reply_feed_contract, a_reader_begins_where_it_stopped) {
    auto const writer = feed().open(reply_);
    writer->append("Once upon");
    auto const reader = follow(5);
    auto const event = next(*reader);
    ASSERT_TRUE(std::holds_alternative<feed_delta>(event));
    EXPECT_EQ(std::get<feed_delta>(event).text, "upon");
    EXPECT_EQ(std::get<feed_delta>(event).end, 9U);
}

TEST_P(reply_feed_contract, a_reader_that_has_it_all_waits_for_more) {
    auto const writer = feed().open(reply_);
    writer->append("Once");
    auto const reader = follow(4);
    EXPECT_TRUE(std::holds_alternative<feed_idle>(next(*reader, 1ms)));
    writer->append("!");
    EXPECT_EQ(text(*reader), "!");
}

TEST_P(reply_feed_contract, a_place_beyond_the_text_waits_until_the_text_has_passed_it) {
    auto const writer = feed().open(reply_);
    writer->append("1234");
    auto const reader = follow(6);
    EXPECT_TRUE(std::holds_alternative<feed_idle>(next(*reader, 1ms)));
    writer->append("5678");
    EXPECT_EQ(text(*reader), "78");
}

TEST_P(reply_feed_contract, a_place_within_a_character_begins_with_that_character) {
    auto const writer = feed().open(reply_);
    writer->append("a\xf0\x9f\x98\x80z");
    auto const reader = follow(3);
    auto const event = next(*reader);
    ASSERT_TRUE(std::holds_alternative<feed_delta>(event));
    EXPECT_EQ(std::get<feed_delta>(event).text, "\xf0\x9f\x98\x80z");
    EXPECT_EQ(std::get<feed_delta>(event).end, 6U);
}

TEST_P(reply_feed_contract, a_finished_reply_is_left_to_the_store) {
    auto const writer = feed().open(reply_);
    writer->append("over");
    writer->finish(reply_of(reply_, "over"));
    EXPECT_EQ(feed().follow(reply_, 0, loops().executor(0)), nullptr);
}

TEST_P(reply_feed_contract, a_slow_reader_is_given_bounded_pieces) {
    auto const writer = feed().open(reply_);
    auto const reader = follow();
    std::string all;
    for (int i = 0; i < 100'000; ++i) all += "\xe2\x82\xac";
    writer->append(all);
    std::string got;
    while (got.size() < all.size()) {
        auto const piece = text(*reader);
        ASSERT_FALSE(piece.empty());
        ASSERT_LE(piece.size(), 64U * 1024U);
        ASSERT_EQ(piece.size() % 3, 0U) << "cut within a character";
        got += piece;
    }
    EXPECT_EQ(got, all);
}

TEST_P(reply_feed_contract, a_writer_that_goes_without_an_end_is_lost) {
    auto writer = feed().open(reply_);
    auto const reader = follow();
    writer->append("cut");
    writer.reset();
    EXPECT_EQ(text(*reader), "cut");
    EXPECT_TRUE(std::holds_alternative<feed_lost>(next(*reader)));
    EXPECT_EQ(feed().follow(reply_, 0, loops().executor(0)), nullptr);
}

TEST_P(reply_feed_contract, a_finished_writer_that_goes_changes_nothing) {
    auto writer = feed().open(reply_);
    auto const reader = follow();
    writer->finish(reply_of(reply_, "x"));
    writer.reset();
    EXPECT_TRUE(std::holds_alternative<feed_end>(next(*reader)));
}

TEST_P(reply_feed_contract, a_sleeping_reader_is_woken_by_text_by_the_end_and_by_the_loss) {
    auto const another = message_id::make();
    auto writer = feed().open(reply_);
    auto const reader = follow();
    auto waiting = loops().start(reader->next(long_time));
    writer->append("woken");
    EXPECT_TRUE(std::holds_alternative<feed_delta>(waiting.get()));
    waiting = loops().start(reader->next(long_time));
    writer->finish(reply_of(reply_, "woken"));
    EXPECT_TRUE(std::holds_alternative<feed_end>(waiting.get()));

    writer = feed().open(another);
    auto const second = feed().follow(another, 0, loops().executor(1));
    waiting = loops().start(second->next(long_time), 1);
    writer.reset();
    EXPECT_TRUE(std::holds_alternative<feed_lost>(waiting.get()));
}

TEST_P(reply_feed_contract, a_reader_may_leave_while_others_read_on) {
    auto const writer = feed().open(reply_);
    auto leaving = follow();
    auto const staying = follow(0, 1);
    leaving.reset();
    writer->append("still here");
    EXPECT_EQ(text(*staying), "still here");
}

TEST_P(reply_feed_contract, replies_do_not_hear_each_other) {
    auto const other = message_id::make();
    auto const writer = feed().open(reply_);
    auto const other_writer = feed().open(other);
    auto const reader = follow();
    other_writer->append("elsewhere");
    EXPECT_TRUE(std::holds_alternative<feed_idle>(next(*reader, 1ms)));
    writer->append("here");
    EXPECT_EQ(text(*reader), "here");
}

TEST_P(reply_feed_contract, many_readers_on_many_loops_miss_and_repeat_nothing) {
    auto writer = feed().open(reply_);
    constexpr std::size_t readers = 30;
    std::vector<std::future<account>> reading;
    for (std::size_t i = 0; i < readers; ++i) {
        reading.push_back(
            loops().start(read_to_the_end(feed().follow(reply_, 0, loops().executor(i)), 0), i));
    }
    std::string all;
    for (int i = 0; i < 2000; ++i) {
        auto const piece = std::to_string(i) + "\xc3\xa4 ";
        writer->append(piece);
        all += piece;
        if (i % 200 != 0) continue;
        // One more, that comes late and has read a part before.
        auto start = all.size() / 2;
        while ((static_cast<unsigned char>(all[start]) & 0xc0U) == 0x80U) --start;
        auto late =
            loops().start(read_to_the_end(feed().follow(reply_, start, loops().executor(1)), start), 1);
        reading.push_back(std::move(late));
    }
    writer->finish(reply_of(reply_, all));
    for (std::size_t i = 0; i < reading.size(); ++i) {
        auto const seen = reading[i].get();
        EXPECT_TRUE(seen.ended);
        EXPECT_TRUE(seen.places_right);
        EXPECT_EQ(seen.text, all.substr(all.size() - seen.text.size()));
        if (i < readers) {
            EXPECT_EQ(seen.text.size(), all.size());
        }
        EXPECT_EQ(plain_text(seen.reply.content), all);
    }
}

TEST_P(reply_feed_contract, coming_and_going_at_once_is_safe) {
    for (int round = 0; round < 30; ++round) {
        auto const id = message_id::make();
        auto writer = feed().open(id);
        std::vector<std::future<account>> reading;
        for (std::size_t i = 0; i < 6; ++i) {
            reading.push_back(
                loops().start(read_to_the_end(feed().follow(id, 0, loops().executor(i)), 0), i));
        }
        writer->append("text");
        if (round % 2 == 0) writer->finish(reply_of(id, "text"));
        writer.reset();
        for (auto& one : reading) {
            auto const seen = one.get();
            EXPECT_EQ(seen.text, "text");
            EXPECT_EQ(seen.ended, round % 2 == 0);
            EXPECT_EQ(seen.lost, round % 2 != 0);
        }
    }
}

}  // namespace
}  // namespace parley::test
